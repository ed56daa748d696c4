"""What each error of Google's means here: one table, read from the top, the first row that fits.

A row's code is stable and its detail says what to fix; neither repeats a word of Google's answer,
which may name people and links.
"""

import http.client
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from functions.errors import (
    ChangedError,
    DuplicateError,
    GoneError,
    NotFoundError,
    PermanentError,
    RetryableError,
    UpstreamError,
)

USE_LIMIT_PAUSE = timedelta(hours=2)
"""A mailbox over Calendar's use limits stays read-only for hours or longer.

https://support.google.com/a/answer/2905486
"""


class Row(NamedTuple):
    """One kind of failure; an empty status or reason fits any, and `5xx` fits 500 to 599."""

    source: str
    status: str
    reason: str
    raises: type[UpstreamError]
    code: str
    detail: str
    delay: timedelta | None = None

    def error(self) -> UpstreamError:
        if self.delay is not None:
            return RetryableError(self.code, self.detail, self.delay)
        return self.raises(self.code, self.detail)


API_DISABLED = (
    "Enable the Google Calendar, Google Meet REST and Google Drive APIs in the Google Cloud console"
    " under APIs & Services > Library, in the service account's project."
)
SCOPES = (
    "auth/calendar.events for Calendar, auth/meetings.space.readonly for Meet (with"
    " auth/meetings.space.settings where rooms are set up), auth/drive.meet.readonly for Drive"
    " (with auth/drive where recordings are shared)"
)
DELEGATION = (
    "Authorize the service account's numeric client ID in the Admin console under Security > Access"
    " and data control > API controls > Domain-wide delegation for the scopes of each API that is"
    f" used: {SCOPES}; it can take a day to apply."
)
FORBIDDEN = (
    "Google forbids it to the organizer, or the delegate's mailbox: check in the Admin console"
    " under Apps > Google Workspace that the service (Calendar, Meet, Drive) is on for them and"
    " their edition allows it, and that the room or the file is still theirs."
)
KEY_REJECTED = (
    "Check that the service account and its key still exist in the Google Cloud console under"
    " IAM & Admin > Service Accounts, and that the clock of this machine is right."
)
ORGANIZER = (
    "Check in the Admin console under Directory > Users that the organizer, or the delegate's"
    " mailbox, exists by this primary address and is not suspended."
)
QUOTA = (
    "If it lasts, raise the quota in the Google Cloud console under APIs & Services > Enabled APIs"
    " & services > Quotas."
)
SCOPE_MISSING = (
    "Add the missing scope to the service account's client ID in the Admin console under Security >"
    f" Access and data control > API controls > Domain-wide delegation: {SCOPES}."
)
SIGNING_FORBIDDEN = (
    "Grant whoever runs this roles/iam.serviceAccountTokenCreator on the account that"
    " SERVICE_ACCOUNT_EMAIL names, in the Google Cloud console under IAM & Admin > Service Accounts"
    " > Permissions."
)
CREDENTIALS_MISSING = (
    "Run as a service account, or point GOOGLE_APPLICATION_CREDENTIALS at a service account's key"
    " file that can be read; on a machine of your own: gcloud auth application-default login."
)
SIGNING_API_DISABLED = (
    "Enable the IAM Service Account Credentials API in the Google Cloud console under APIs &"
    " Services > Library."
)
UNAVAILABLE = "Google is temporarily unavailable: it is retried automatically."
UNREACHABLE = (
    "Google could not be reached: it is retried automatically; if it lasts, check the function's"
    " egress and DNS settings."
)

UNREADABLE = Row(
    "network", "", "unreadable", RetryableError, "google_unreadable",
    "The answer was not Google's: it is retried automatically; if it lasts, look for a proxy"
    " between the function and Google.",
)  # fmt: skip

TABLE: tuple[Row, ...] = (
    # https://developers.google.com/workspace/calendar/api/guides/errors
    # https://developers.google.com/workspace/drive/api/guides/handle-errors
    Row("api", "3xx", "", RetryableError, "google_unreadable", UNREADABLE.detail),
    Row("api", "400", "Invalid conference type value", PermanentError, "conference_type_refused",
        "The calendar's owner may not make Meet rooms: check domain-wide delegation, and Google"
        " Meet in the Admin console under Apps > Google Workspace > Google Meet."),
    Row("api", "400", "Invalid attendee email", PermanentError, "invalid_attendee",
        "Google rejects an email address: cancel the meeting and create it with corrected"
        " addresses."),
    Row("api", "401", "", PermanentError, "unauthorized",
        "Google refuses a fresh token: check the service account under IAM & Admin > Service"
        " Accounts and the organizer under Directory > Users in the Admin console."),
    Row("api", "403", "sharingRateLimitExceeded", RetryableError, "use_limit_exceeded",
        "The recording's owner has shared as many files as Drive allows for now: it is retried"
        " automatically after hours.", USE_LIMIT_PAUSE),
    Row("api", "403", "quotaExceeded", RetryableError, "use_limit_exceeded",
        "The organizer's mailbox is over Calendar's use limits (invitations to outsiders, mostly):"
        " wait, or cancel the meeting and create it with another organizer.", USE_LIMIT_PAUSE),
    Row("api", "403", "dailyLimitExceeded", RetryableError, "daily_limit_exceeded",
        QUOTA, USE_LIMIT_PAUSE),
    Row("api", "403", "rateLimitExceeded", RetryableError, "rate_limited", QUOTA),
    Row("api", "403", "userRateLimitExceeded", RetryableError, "rate_limited", QUOTA),
    Row("api", "403", "RATE_LIMIT_EXCEEDED", RetryableError, "rate_limited", QUOTA),
    Row("api", "403", "insufficientPermissions", PermanentError, "scope_missing", SCOPE_MISSING),
    Row("api", "403", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", PermanentError, "scope_missing",
        SCOPE_MISSING),
    Row("api", "403", "accessNotConfigured", PermanentError, "api_disabled", API_DISABLED),
    Row("api", "403", "SERVICE_DISABLED", PermanentError, "api_disabled", API_DISABLED),
    Row("api", "403", "forbiddenForServiceAccounts", PermanentError, "delegation_not_used",
        "A service account may invite nobody by itself. " + DELEGATION),
    Row("api", "403", "forbiddenForNonOrganizer", PermanentError, "not_the_organizer",
        "The event belongs to another mailbox now: cancel the meeting and create a new one."),
    Row("api", "403", "notACalendarUser", PermanentError, "organizer_without_calendar",
        "Turn Google Calendar on for the organizer in the Admin console under Apps > Google"
        " Workspace > Calendar > Service status, and check that the account is not suspended."),
    Row("api", "403", "insufficientFilePermissions", PermanentError, "forbidden",
        "The recording's file is somebody else's: have its owner share it with the organizer, or"
        " the delegate's mailbox."),
    Row("api", "403", "appNotAuthorizedToFile", PermanentError, "forbidden",
        "The scope drive.meet.readonly shows files that Google Meet made, and this is none."),
    Row("api", "403", "domainPolicy", PermanentError, "forbidden",
        "Allow Drive's API in the Admin console under Apps > Google Workspace > Drive and Docs >"
        " Features and Applications."),
    Row("api", "403", "", PermanentError, "forbidden", FORBIDDEN),
    Row("api", "404", "", NotFoundError, "not_found", "It is not there at Google."),
    Row("api", "408", "", RetryableError, "google_unavailable", UNAVAILABLE),
    Row("api", "409", "duplicate", DuplicateError, "duplicate", "The id is taken."),
    Row("api", "409", "", RetryableError, "conflict",
        "Google was busy with the same thing: it is retried automatically."),
    Row("api", "410", "", GoneError, "deleted", "It was deleted at Google."),
    Row("api", "412", "", ChangedError, "changed", "It changed since it was read."),
    Row("api", "429", "", RetryableError, "rate_limited", QUOTA),
    Row("api", "5xx", "", RetryableError, "google_unavailable", UNAVAILABLE),
    Row("api", "", "", PermanentError, "request_rejected",
        "Google refuses what was sent: check the meeting's addresses, times and time zone; if they"
        " are right, report it to the maintainers."),
    # https://developers.google.com/identity/protocols/oauth2/service-account#error-codes
    Row("token", "", "temporary", RetryableError, "google_unavailable", UNAVAILABLE),
    Row("token", "", "unauthorized_client", PermanentError, "delegation_missing", DELEGATION),
    Row("token", "", "Account restricted", PermanentError, "organizer_unusable", ORGANIZER),
    Row("token", "", "access_denied", PermanentError, "delegation_missing", DELEGATION),
    Row("token", "", "invalid_scope", PermanentError, "scope_missing", SCOPE_MISSING),
    Row("token", "", "Invalid JWT Signature", PermanentError, "key_rejected", KEY_REJECTED),
    Row("token", "", "Invalid JWT", PermanentError, "key_rejected", KEY_REJECTED),
    Row("token", "", "Invalid grant", PermanentError, "key_rejected", KEY_REJECTED),
    Row("token", "", "invalid_client", PermanentError, "key_rejected", KEY_REJECTED),
    Row("token", "", "invalid_grant", PermanentError, "organizer_unusable", ORGANIZER),
    Row("token", "", "", PermanentError, "token_refused",
        "Google did not issue a token: check the service account under IAM & Admin > Service"
        " Accounts and its domain-wide delegation in the Admin console."),
    # https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signBlob
    Row("signing", "403", "SERVICE_DISABLED", PermanentError, "signing_api_disabled",
        SIGNING_API_DISABLED),
    Row("signing", "403", "", PermanentError, "signing_forbidden", SIGNING_FORBIDDEN),
    Row("signing", "404", "", PermanentError, "signing_account_not_found",
        "Set SERVICE_ACCOUNT_EMAIL to a service account that exists in the Google Cloud console"
        " under IAM & Admin > Service Accounts."),
    Row("signing", "", "", RetryableError, "google_unavailable", UNAVAILABLE),
    Row("credentials", "", "", PermanentError, "credentials_missing",
        CREDENTIALS_MISSING),
    Row("network", "", "timeout", RetryableError, "google_timeout",
        "Google did not answer in time: it is retried automatically."),
    UNREADABLE,
    Row("network", "", "", RetryableError, "google_unreachable", UNREACHABLE),
)  # fmt: skip

MALFORMED = (
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What Google's libraries, and we, stumble over in an answer that has not the shape of Google's."""

CALENDAR_NOT_FOUND = Row(
    "api", "404", "", PermanentError, "calendar_not_found",
    "The organizer, or the delegate's mailbox, has no calendar: turn Google Calendar on in the"
    " Admin console under Apps > Google Workspace > Calendar > Service status.",
)  # fmt: skip
"""What `not_found` means where an event is inserted: there, only the calendar can be missing."""

SPACE_FORBIDDEN = Row("api", "404", "", PermanentError, "forbidden", FORBIDDEN)
"""What `not_found` means of a room: Meet tells what is not there from what is forbidden nowhere."""


def translate(error: Exception) -> UpstreamError:
    """Return the house error for one that Google's client libraries or the network raised.

    Raises:
        Exception: the error itself where it is none of theirs, since then it is a bug of ours.
    """
    source, status, reasons = _symptom(error)
    return next(
        row.error()
        for row in TABLE
        if row.source == source
        and row.status in ("", str(status), f"{status // 100}xx")
        and (row.reason == "" or row.reason in reasons)
    )


def _symptom(error: Exception) -> tuple[str, int, frozenset[str]]:
    # Not imported before an error: whoever raised it has loaded them already.
    import google.auth.exceptions
    import googleapiclient.errors
    import httplib2

    if isinstance(error, googleapiclient.errors.HttpError):
        return "api", int(error.resp.status), frozenset(_reasons(error.content))
    if isinstance(error, google.auth.exceptions.DefaultCredentialsError):
        return "credentials", 0, frozenset()
    if any(isinstance(cause, TimeoutError) for cause in _chain(error)):
        return "network", 0, frozenset({"timeout"})
    if isinstance(error, google.auth.exceptions.GoogleAuthError):
        return _auth_symptom(error)
    if isinstance(error, MALFORMED):
        return UNREADABLE.source, 0, frozenset({UNREADABLE.reason})
    if isinstance(error, (OSError, httplib2.HttpLib2Error, http.client.HTTPException)):
        return "network", 0, frozenset()
    raise error


def _auth_symptom(error: Exception) -> tuple[str, int, frozenset[str]]:
    text = str(error)
    if "signBlob" in text:
        # The library keeps nothing of the answer but its text.
        status = re.search(r'"code":\s*(\d{3})', text)
        reasons = re.findall(r'"reason":\s*"(\w+)"', text)
        return "signing", int(status[1]) if status else 0, frozenset(reasons)
    answer = error.args[1] if len(error.args) > 1 else None
    if isinstance(answer, dict) and isinstance(answer.get("error"), str):
        if getattr(error, "retryable", False):
            return "token", 0, frozenset({"temporary"})
        description = _opening(answer.get("error_description"))
        return "token", 0, frozenset({answer["error"], description})
    # An answer without an OAuth error is a gateway's, or the metadata server's.
    return "network", 0, frozenset()


def _reasons(content: bytes) -> Iterator[str]:
    """Yield the reasons in either of Google's two styles, and the opening of the message.

    HttpError.error_details has only one of the styles, whichever it meets first.
    """
    try:
        error = json.loads(content)["error"]
        yield _opening(error.get("message"))
        for entry in (*error.get("errors", ()), *error.get("details", ())):
            yield str(entry.get("reason"))
    except MALFORMED:
        # A gateway answers in HTML; the status alone must do.
        return


def _opening(text: Any) -> str:
    return re.split("[.:]", text, maxsplit=1)[0] if isinstance(text, str) else ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    while True:
        yield error
        earlier = error.__cause__ or error.__context__
        if earlier is None:
            return
        error = earlier
