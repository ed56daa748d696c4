"""Sharing a recording's file in Drive with the accounts that are to have each."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from functions.errors import PermanentError, UpstreamError
from functions.models import Meeting, Recording
from infra.google_connections import Mailboxes
from infra.google_drive import SERVICE_PATH
from infra.google_errors import Row
from infra.google_services import GoogleService

SCOPES = frozenset({"https://www.googleapis.com/auth/drive"})
"""Nothing less may share what Google Meet made.

https://developers.google.com/workspace/drive/api/reference/rest/v3/permissions/create
"""

SCOPE_MISSING = Row(
    "api", "403", "", PermanentError, "sharing_scope_missing",
    "Authorize the service account's client ID for the scope auth/drive, which sharing needs, in"
    " the Admin console under Security > Access and data control > API controls > Domain-wide"
    " delegation, or unset RECORDING_SHARE_WITH.",
)  # fmt: skip
FORBIDDEN = Row(
    "api", "403", "", PermanentError, "sharing_forbidden",
    "Google forbids sharing a recording with an account of RECORDING_SHARE_WITH, or for a time:"
    " check in the Admin console under Apps > Google Workspace > Drive and Docs > Sharing"
    " settings.",
)  # fmt: skip
REFUSED = Row(
    "api", "400", "", PermanentError, "sharing_refused",
    "Check RECORDING_SHARE_WITH: a file is shared without a mail with Google accounts alone.",
)  # fmt: skip
ROWS: Mapping[str, Row] = {
    "delegation_missing": SCOPE_MISSING,
    "delegation_not_used": SCOPE_MISSING,
    "scope_missing": SCOPE_MISSING,
    "forbidden": FORBIDDEN,
    "request_rejected": REFUSED,
}
"""What some codes of Google's failures mean here."""


class RecordingSharer:
    """Lets each account read every recording, as the meeting's owner; nobody is sent a mail.

    One account at a time: of two changes at once of a file's permissions Drive keeps the last.
    `share_for` is a year at most; None: for good.
    """

    method = "permissions.create"

    def __init__(
        self,
        mailboxes: Mailboxes,
        accounts: tuple[str, ...],
        share_for: timedelta | None,
        now: Callable[[], datetime],
        endpoint: str | None = None,
    ) -> None:
        self._mailboxes = mailboxes
        self._accounts = accounts
        self._share_for = share_for
        self._now = now
        self._service = GoogleService("drive", "v3", SERVICE_PATH, endpoint)

    def is_done(self, recording: Recording) -> bool:
        return recording.drive_file_id is None or not self._missing(recording)

    def advance(self, meeting: Meeting, recording: Recording) -> Recording:
        account = self._missing(recording)[0]
        if account != self._mailboxes.owner(meeting):
            self._share(meeting, recording, account)
        return recording.replace(shared_with=(*recording.shared_with, account))

    def _missing(self, recording: Recording) -> list[str]:
        return [account for account in self._accounts if account not in recording.shared_with]

    def _share(self, meeting: Meeting, recording: Recording, account: str) -> None:
        body = {"type": "user", "role": "reader", "emailAddress": account}
        if self._share_for is not None:
            expires_at = self._now() + self._share_for
            body["expirationTime"] = expires_at.astimezone(UTC).isoformat(timespec="seconds")
        request = self._service("permissions").create(
            fileId=recording.drive_file_id,
            body=body,
            fields="id",
            sendNotificationEmail=False,
            supportsAllDrives=True,
        )
        try:
            # An answer without the permission's id shared nothing.
            self._mailboxes.read(request, meeting, SCOPES, lambda permission: permission["id"])
        except UpstreamError as error:
            row = ROWS.get(error.code)
            if row is None:
                raise
            raise row.error() from error
