"""Every field of a body that is not as Google's discovery document has it is caught and named."""

import json
from typing import Any

import pytest

from tests.workspace_double import WorkspaceDouble, contract
from tests.workspace_double.clients import calendar_client
from tests.workspace_double.discovery import load
from tests.workspace_double.double import SERVICE_ACCOUNT
from tests.workspace_double.messages import HttpRequest
from tests.workspace_double_tests.calendar_calls import DOCTOR, times
from tests.workspace_double_tests.raw_requests import EVENTS, WRITE, Raw


def test_a_good_request_violates_nothing(raw: Raw) -> None:
    answer = raw.insert(
        id="m00001",
        summary="Check-up",
        attendees=[{"email": DOCTOR, "optional": True, "additionalGuests": 2}],
        extendedProperties={"private": {"meeting": "m1"}, "shared": {}},
        reminders={"useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]},
        source={"title": "XOMA", "url": "https://xoma.example/m1"},
        attachments=[{"fileUrl": "https://drive.google.com/file/d/1", "title": "Report"}],
        visibility="private",
    )

    assert answer.status_code == 200
    assert raw.double.violations == []


class TestBody:
    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"sumary": "x"}, "unknown field body.sumary"),
            ({"start": {"datetime": "x"}}, "unknown field body.start.datetime"),
            ({"attendees": [{"mail": "x"}]}, "unknown field body.attendees[0].mail"),
            ({"attendees": {"email": DOCTOR}}, "body.attendees is"),
            ({"attendees": [DOCTOR]}, "body.attendees[0] is"),
            ({"summary": 7}, "expected a string"),
            ({"attendees": [None]}, "body.attendees[0] is None"),
            ({"created": None}, "body.created is read-only"),
            ({"guestsCanModify": "false"}, "expected true or false"),
            ({"sequence": "1"}, "expected int32"),
            ({"sequence": True}, "expected int32"),
            ({"sequence": 2**31}, "expected int32"),
            ({"start": {"dateTime": "2026-03-05 10:00"}}, "expected date-time"),
            ({"start": {"date": "2026-3-5"}}, "expected date"),
            ({"start": {"date": "20260305"}}, "expected date"),
            ({"visibility": "secret"}, "expected one of ['default', 'public'"),
            ({"reminders": {"overrides": [{"method": "sms"}]}}, "expected one of ['email'"),
            ({"extendedProperties": {"private": {"revision": 1}}}, "expected a string"),
            ({"extendedProperties": {"secret": {}}}, "unknown field"),
            ({"htmlLink": "x"}, "body.htmlLink is read-only"),
            ({"organizer": {"email": DOCTOR}}, "body.organizer is read-only"),
            ({"hangoutLink": "x"}, "body.hangoutLink is read-only"),
            ({"locked": True}, "body.locked is read-only"),
            ({"attachments": [{"fileId": "x", "fileUrl": "y"}]}, "fileId is read-only"),
            (
                {"conferenceData": {"createRequest": {"status": {"statusCode": "success"}}}},
                "statusCode is read-only",
            ),
        ],
    )
    def test_of_an_insert(self, raw: Raw, fields: dict[str, Any], problem: str) -> None:
        raw.assert_violates(raw.insert(**fields), problem)

    def test_output_only_is_read_only(self) -> None:
        found = load("drive.v3").find("POST", "/drive/v3/files")
        assert found
        body = json.dumps({"name": "Report", "webViewLink": "x"}).encode()
        request = HttpRequest("POST", "", [], {"content-type": "application/json"}, body)

        checked = contract.check(*found, request, {})

        assert checked.problems == ["body.webViewLink is read-only"]

    def test_all_problems_are_named(self, raw: Raw) -> None:
        answer = raw.insert(sumary="x", visibility="secret")

        assert len(raw.double.violations) == 2
        assert "sumary" in answer.text
        assert "secret" in answer.text

    def test_required_fields(self, raw: Raw) -> None:
        answer = raw.send("POST", EVENTS, WRITE, {"start": times(10)["start"]})

        raw.assert_violates(answer, "missing body.end")

    def test_null_is_an_absent_field(self, raw: Raw) -> None:
        answer = raw.insert(summary=None, extendedProperties={"private": None})

        assert answer.status_code == 200
        assert "summary" not in answer.json()
        assert raw.double.violations == []

        raw.insert(end=None)
        assert raw.double.violations == ["calendar.events.insert: missing body.end"]

    @pytest.mark.parametrize(
        ("body", "problem"),
        [("{", "not JSON"), ("[]", "expected an object"), ('"x"', "expected an object")],
    )
    def test_not_an_object(self, raw: Raw, body: str, problem: str) -> None:
        raw.assert_violates(raw.send("POST", EVENTS, WRITE, body), problem)

    def test_content_type(self, raw: Raw) -> None:
        headers = {"Content-Type": "text/plain"}
        answer = raw.send("POST", EVENTS, WRITE, times(10), **headers)

        raw.assert_violates(answer, "Content-Type is 'text/plain'")

    def test_a_body_where_none_belongs(self, raw: Raw) -> None:
        raw.assert_violates(raw.send("GET", EVENTS, body={}), "takes no body")

    def test_bytes_are_base64(self, raw: Raw) -> None:
        raw._token = raw.double.source_credentials().token
        path = f"/v1/projects/-/serviceAccounts/{SERVICE_ACCOUNT}:signBlob"

        raw.assert_violates(raw.send("POST", path, body={"payload": "a b"}), "expected byte")


def test_a_real_client_with_a_wrong_field_is_caught(unjudged_double: WorkspaceDouble) -> None:
    with calendar_client(unjudged_double, DOCTOR) as client:
        request = client.events().insert(
            calendarId="primary",
            body={**times(10), "conference_data": {}},
            conferenceDataVersion=1,
            sendUpdates="none",
        )
        with pytest.raises(Exception, match="unknown field body.conference_data"):
            request.execute()

    assert unjudged_double.violations == [
        "calendar.events.insert: unknown field body.conference_data"
    ]
