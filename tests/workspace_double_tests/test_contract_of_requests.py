"""A path, a parameter or an authorization that is not Google's own is caught and named."""

from typing import Any

import pytest

from tests.workspace_double import contract
from tests.workspace_double.discovery import Method, load
from tests.workspace_double.double import SERVICE_ACCOUNT
from tests.workspace_double.messages import HttpRequest
from tests.workspace_double_tests.calendar_calls import DOCTOR, times
from tests.workspace_double_tests.raw_requests import EVENTS, Raw


def _method(http_method: str, path: str) -> tuple[Method, dict[str, str]]:
    found = load("calendar.v3").find(http_method, path)
    assert found
    return found


class TestPath:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/calendar/v3/calendars/primary/event"),
            ("GET", "/calendar/v2/calendars/primary/events"),
            ("PUT", EVENTS),
            ("GET", "/"),
        ],
    )
    def test_unknown(self, raw: Raw, method: str, path: str) -> None:
        raw.assert_violates(raw.send(method, path), f"no such method: {method} {path}")

    def test_known_to_google_but_not_played(self, raw: Raw) -> None:
        answer = raw.send("GET", "/calendar/v3/users/me/calendarList")

        raw.assert_violates(answer, "the double does not play this method")
        assert "calendar.calendarList.list" in raw.double.violations[0]


class TestParameters:
    @pytest.mark.parametrize(
        ("parameters", "problem"),
        [
            ({"showDelete": "true"}, "unknown parameter 'showDelete'"),
            ({"showDeleted": "True"}, "expected true or false"),
            ({"maxResults": "many"}, "expected int32"),
            ({"maxResults": str(2**31)}, "expected int32"),
            ({"maxResults": "0"}, "expected 1.."),
            ({"orderBy": "start"}, "expected one of"),
            ({"timeMin": "2026-03-05T10:00:00"}, "expected date-time"),
            ({"timeMin": "2026-02-30T10:00:00Z"}, "expected date-time"),
            ([("pageToken", "a"), ("pageToken", "b")], "given 2 times"),
            ({"fields": "items(id,stats)"}, "unknown field fields/items/stats"),
            ({"fields": "items(id"}, "is not closed"),
            ({"fields": "items,"}, "a field name is missing"),
            ({"fields": "items)"}, "is not expected"),
        ],
    )
    def test_of_a_list(self, raw: Raw, parameters: Any, problem: str) -> None:
        raw.assert_violates(raw.send("GET", EVENTS, parameters), problem)

    def test_a_pattern(self, raw: Raw) -> None:
        answer = raw.send("POST", "/v1/projects/-/accounts/x:signBlob", body={})

        raw.assert_violates(answer, "expected the pattern ^projects/[^/]+/serviceAccounts")

    def test_a_required_one(self) -> None:
        method, path = _method("POST", "calendars/primary/events/quickAdd")
        request = HttpRequest("POST", "", [], {}, b"")

        checked = contract.check(method, path, request, {})

        assert checked.problems == ["missing required parameter 'text'"]

    @pytest.mark.parametrize("method", ["PATCH", "PUT", "POST"])
    @pytest.mark.parametrize(
        ("parameters", "problem"),
        [
            ({"sendUpdates": "all"}, "missing conferenceDataVersion=1 (found nothing)"),
            (
                {"sendUpdates": "all", "conferenceDataVersion": "0"},
                "missing conferenceDataVersion=1 (found 0)",
            ),
            ({"conferenceDataVersion": "1"}, "missing sendUpdates"),
        ],
    )
    def test_every_write_says_who_is_told_and_keeps_the_room(
        self, raw: Raw, method: str, parameters: dict[str, str], problem: str
    ) -> None:
        path = EVENTS if method == "POST" else f"{EVENTS}/m00001"

        raw.assert_violates(raw.send(method, path, parameters, times(10)), problem)

    def test_a_deletion_says_who_is_told(self, raw: Raw) -> None:
        raw.assert_violates(raw.send("DELETE", f"{EVENTS}/m00001"), "missing sendUpdates")


class TestAuthorization:
    @pytest.mark.parametrize(
        ("authorization", "reason"),
        [("", "required"), ("Basic eDp5", "required"), ("Bearer made-up", "authError")],
    )
    def test_missing_or_wrong(self, raw: Raw, authorization: str, reason: str) -> None:
        answer = raw.send("GET", EVENTS, Authorization=authorization)

        assert answer.status_code == 401
        assert answer.json()["error"]["errors"][0]["reason"] == reason
        assert raw.double.violations == ["calendar.events.list: missing or wrong Authorization"]

    def test_of_another_scope(self, raw: Raw) -> None:
        readonly = "https://www.googleapis.com/auth/calendar.events.readonly"
        raw._token = raw.double.oauth.issue(DOCTOR, SERVICE_ACCOUNT, [readonly])

        assert raw.send("GET", EVENTS).status_code == 200
        answer = raw.insert()

        assert answer.status_code == 403
        assert answer.json()["error"]["errors"][0]["reason"] == "insufficientPermissions"
        assert raw.double.violations == []
