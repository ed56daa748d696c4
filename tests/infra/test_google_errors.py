"""An API's error, or its silence, becomes what is to be done about it, from one table."""

import http.client
import json
import re
import ssl
from datetime import timedelta
from typing import Any

import httplib2
import pytest
from google.auth.exceptions import RefreshError, TransportError

from functions.errors import (
    ChangedError,
    DuplicateError,
    GoneError,
    NotFoundError,
    PermanentError,
    RetryableError,
    UpstreamError,
)
from infra.google_errors import CALENDAR_NOT_FOUND, SPACE_FORBIDDEN, TABLE, Row, translate
from tests.infra.http_errors import SECRET, calendar_error, cloud_error, http_error, judged


class TestAnswersOfAnApi:
    @pytest.mark.parametrize(
        ("status", "reason", "raises", "code"),
        [
            (400, "invalid", PermanentError, "request_rejected"),
            (401, "authError", PermanentError, "unauthorized"),
            (403, "quotaExceeded", RetryableError, "use_limit_exceeded"),
            (403, "dailyLimitExceeded", RetryableError, "daily_limit_exceeded"),
            (403, "rateLimitExceeded", RetryableError, "rate_limited"),
            (403, "userRateLimitExceeded", RetryableError, "rate_limited"),
            (403, "insufficientPermissions", PermanentError, "scope_missing"),
            (403, "accessNotConfigured", PermanentError, "api_disabled"),
            (403, "forbiddenForServiceAccounts", PermanentError, "delegation_not_used"),
            (403, "forbiddenForNonOrganizer", PermanentError, "not_the_organizer"),
            (403, "notACalendarUser", PermanentError, "organizer_without_calendar"),
            (403, "forbidden", PermanentError, "forbidden"),
            (403, "insufficientFilePermissions", PermanentError, "forbidden"),
            (403, "appNotAuthorizedToFile", PermanentError, "forbidden"),
            (403, "domainPolicy", PermanentError, "forbidden"),
            (403, "sharingRateLimitExceeded", RetryableError, "use_limit_exceeded"),
            (404, "notFound", NotFoundError, "not_found"),
            (408, "timeout", RetryableError, "google_unavailable"),
            (409, "duplicate", DuplicateError, "duplicate"),
            (409, "aborted", RetryableError, "conflict"),
            (410, "deleted", GoneError, "deleted"),
            (412, "conditionNotMet", ChangedError, "changed"),
            (413, "uploadTooLarge", PermanentError, "request_rejected"),
            (429, "rateLimitExceeded", RetryableError, "rate_limited"),
            (500, "backendError", RetryableError, "google_unavailable"),
            (503, "backendError", RetryableError, "google_unavailable"),
        ],
    )
    def test_status_and_reason_decide(
        self, status: int, reason: str, raises: type[UpstreamError], code: str
    ) -> None:
        assert judged(translate(calendar_error(status, reason))) == (raises, code)

    @pytest.mark.parametrize(
        ("message", "code"),
        [
            ("Invalid conference type value.", "conference_type_refused"),
            ("Invalid attendee email.", "invalid_attendee"),
        ],
    )
    def test_a_message_decides_where_the_reason_says_nothing(self, message: str, code: str) -> None:
        error = translate(calendar_error(400, "invalid", message))

        assert judged(error) == (PermanentError, code)

    @pytest.mark.parametrize(
        ("reason", "code"),
        [
            ("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "scope_missing"),
            ("SERVICE_DISABLED", "api_disabled"),
            ("RATE_LIMIT_EXCEEDED", "rate_limited"),
            ("IAM_PERMISSION_DENIED", "forbidden"),
        ],
    )
    def test_the_newer_style_is_read_too(self, reason: str, code: str) -> None:
        assert translate(cloud_error(403, reason)).code == code

    def test_a_reason_is_found_beside_details_of_the_newer_style(self) -> None:
        error = {
            "message": SECRET,
            "errors": [{"reason": "quotaExceeded"}],
            "details": [{"reason": "other"}],
        }

        translated = translate(http_error(403, json.dumps({"error": error}).encode()))

        assert translated.code == "use_limit_exceeded"

    @pytest.mark.parametrize(
        "content",
        [
            b"<html>502 Bad Gateway</html>",
            b"",
            b"\xff\xfe",
            b"[]",
            b'"text"',
            b'{"error": "text"}',
            b'{"error": null}',
            b'{"error": {"errors": [null]}}',
            b'{"error": {"errors": null}}',
        ],
    )
    def test_a_body_that_is_not_googles_leaves_the_status(self, content: bytes) -> None:
        assert translate(http_error(502, content)).code == "google_unavailable"
        assert translate(http_error(403, content)).code == "forbidden"

    def test_a_mailbox_over_its_limits_is_left_alone_for_hours(self) -> None:
        error = translate(calendar_error(403, "quotaExceeded"))

        assert isinstance(error, RetryableError)
        assert error.delay == timedelta(hours=2)

    def test_a_rate_limit_leaves_the_delay_to_the_queue(self) -> None:
        error = translate(calendar_error(403, "rateLimitExceeded"))

        assert isinstance(error, RetryableError)
        assert error.delay is None


class TestNoAnswer:
    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (TimeoutError("timed out"), "google_timeout"),
            (ConnectionRefusedError(), "google_unreachable"),
            (BrokenPipeError(), "google_unreachable"),
            (OSError("no route"), "google_unreachable"),
            (ssl.SSLError("handshake"), "google_unreachable"),
            (httplib2.ServerNotFoundError(SECRET), "google_unreachable"),
            (http.client.RemoteDisconnected("x"), "google_unreachable"),
            (http.client.IncompleteRead(b""), "google_unreachable"),
            (TransportError(SECRET), "google_unreachable"),
            (RefreshError("<html>502</html>"), "google_unreachable"),
            (RefreshError("x", {"error": {}}), "google_unreachable"),
            (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"), "google_unreadable"),
        ],
    )
    def test_is_tried_again(self, error: Exception, code: str) -> None:
        assert judged(translate(error)) == (RetryableError, code)

    def test_a_time_limit_is_seen_through_what_wraps_it(self) -> None:
        with pytest.raises(RefreshError) as raised:
            try:
                raise TransportError("x") from TimeoutError()
            except TransportError as error:
                raise RefreshError(error) from error

        assert translate(raised.value).code == "google_timeout"

    def test_a_bug_of_ours_stays_what_it_is(self) -> None:
        with pytest.raises(NotImplementedError):
            translate(NotImplementedError())

    @pytest.mark.parametrize("error", [KeyError("etag"), TypeError(), RecursionError()])
    def test_an_answer_of_another_shape_is_unreadable(self, error: Exception) -> None:
        assert translate(error).code == "google_unreadable"


OF_ONE_API = {
    "conference_type_refused",
    "delegation_not_used",
    "domainPolicy",
    "not_the_organizer",
    "organizer_without_calendar",
    "use_limit_exceeded",
}


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w./]*\w", text))


def fitting(row: Row) -> dict[str, Any]:
    status = row.status.replace("xx", "00") or "418"
    return {"status": int(status), "reason": row.reason or "anything", "message": row.reason}


class TestTable:
    @pytest.mark.parametrize("row", [row for row in TABLE if row.source == "api"], ids=str)
    def test_no_row_hides_another(self, row: Row) -> None:
        error = translate(calendar_error(**fitting(row)))

        assert (type(error), error.code, error.detail) == (row.raises, row.code, row.detail)

    @pytest.mark.parametrize("source", sorted({row.source for row in TABLE}))
    def test_ends_each_source_with_a_row_for_all_the_rest(self, source: str) -> None:
        last = [row for row in TABLE if row.source == source][-1]

        assert (last.status, last.reason) == ("", "")

    @pytest.mark.parametrize("row", [*TABLE, CALENDAR_NOT_FOUND, SPACE_FORBIDDEN], ids=str)
    def test_a_row_is_one_that_may_be_shown(self, row: Row) -> None:
        assert re.fullmatch("[a-z_]+", row.code)
        assert row.detail.endswith(".")
        assert not re.search("@|http|%|{", row.detail)
        assert row.delay is None or row.raises is RetryableError

    @pytest.mark.parametrize("row", TABLE, ids=str)
    def test_a_row_of_all_three_apis_speaks_of_all_or_none(self, row: Row) -> None:
        if row.code in OF_ONE_API or row.reason in OF_ONE_API:
            return

        assert not re.search(r"(?<!\.)\bevents?\b|calendar's", row.detail)
        assert "Calendar" not in row.detail or {"Meet", "Drive"} <= words(row.detail)

    @pytest.mark.parametrize("code", ["delegation_missing", "scope_missing"])
    def test_where_a_scope_may_be_missing_those_of_each_api_are_named(self, code: str) -> None:
        for row in TABLE:
            if row.code == code:
                assert {
                    "auth/calendar.events",
                    "auth/meetings.space.readonly",
                    "auth/meetings.space.settings",
                    "auth/drive.meet.readonly",
                } <= words(row.detail)

    def test_a_code_always_means_the_same(self) -> None:
        rows = (*TABLE, CALENDAR_NOT_FOUND, SPACE_FORBIDDEN)
        meanings = {(row.code, row.raises) for row in rows}

        assert len(meanings) == len({row.code for row in rows})

    def test_nothing_that_google_says_is_passed_on(self) -> None:
        error = translate(calendar_error(403, "forbidden"))

        assert "ana" not in f"{error} {error.code} {error.detail}"
