"""Meet and Drive by scope and account, on one URL, and what goes wrong with them."""

import json
from typing import Any

import pytest
from google.auth.exceptions import RefreshError
from googleapiclient.errors import HttpError

from tests.workspace_double import WorkspaceDouble
from tests.workspace_double.clients import (
    calendar_client,
    delegated_credentials,
    drive_client,
    meet_client,
)
from tests.workspace_double.double import (
    CALENDAR_EVENTS,
    DRIVE,
    DRIVE_MEET_READONLY,
    MEET_CREATED,
    MEET_READONLY,
    MEET_SETTINGS,
    SERVICE_ACCOUNT,
)
from tests.workspace_double_tests.calendar_calls import DOCTOR, TOKEN, Events, Refusal
from tests.workspace_double_tests.google_calls import (
    COLLEAGUE,
    GET_FILE,
    LIST_RECORDS,
    Denial,
    DriveFiles,
    Records,
    at,
    token,
)
from tests.workspace_double_tests.raw_requests import Raw


class TestEndpoint:
    @pytest.mark.parametrize("suffix", ["", "/"])
    def test_one_url_serves_the_three(self, double: WorkspaceDouble, suffix: str) -> None:
        url = double.url + suffix

        with calendar_client(double, DOCTOR, api_endpoint=url) as client:
            assert Events(client).list()["items"] == []
        with meet_client(double, DOCTOR, api_endpoint=url) as client:
            assert Records(client).page() == {}
        with drive_client(double, DOCTOR, api_endpoint=url) as client:
            with Refusal(404, "notFound"):
                DriveFiles(client).get("1x")


class TestScopes:
    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("GET", "/v2/spaces/x", {MEET_CREATED, MEET_READONLY, MEET_SETTINGS}),
            ("PATCH", "/v2/spaces/x", {MEET_CREATED, MEET_SETTINGS}),
            ("POST", "/v2/spaces", {MEET_CREATED}),
            ("GET", "/v2/conferenceRecords", {MEET_CREATED, MEET_READONLY}),
            ("GET", "/v2/conferenceRecords/c/recordings", {MEET_CREATED, MEET_READONLY}),
            ("GET", "/v2/conferenceRecords/c/participants/p", {MEET_CREATED, MEET_READONLY}),
        ],
    )
    def test_of_each_method_of_meet(
        self, raw: Raw, method: str, path: str, allowed: set[str]
    ) -> None:
        parameters = {"updateMask": "config"} if method == "PATCH" else {}
        body: dict[str, str] | None = None if method == "GET" else {}
        found = set()
        for scope in (MEET_CREATED, MEET_READONLY, MEET_SETTINGS, CALENDAR_EVENTS, DRIVE):
            answer = raw.send(method, path, parameters, body, **token(raw.double, scope))
            if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" not in answer.text:
                found.add(scope)

        assert found == allowed
        assert raw.double.violations == []

    def test_a_missing_one_is_told_in_the_style_of_meet(self, raw: Raw) -> None:
        answer = raw.send("GET", "/v2/conferenceRecords", **token(raw.double, MEET_SETTINGS))

        assert answer.json()["error"] == {
            "code": 403,
            "message": "Request had insufficient authentication scopes.",
            "status": "PERMISSION_DENIED",
            "details": [
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                    "domain": "googleapis.com",
                    "metadata": {"service": "meet.googleapis.com"},
                }
            ],
        }

    def test_sharing_takes_a_scope_that_reads_nothing_of_meet(self, raw: Raw) -> None:
        path = "/drive/v3/files/1x/permissions"
        body = {"type": "user", "role": "reader", "emailAddress": COLLEAGUE}
        parameters = {"supportsAllDrives": "true"}

        answers = [
            raw.send("POST", path, parameters, body, **token(raw.double, scope))
            for scope in (DRIVE_MEET_READONLY, DRIVE)
        ]

        assert [answer.status_code for answer in answers] == [403, 404]
        assert answers[0].json()["error"]["errors"][0]["reason"] == "insufficientPermissions"


class TestDelegation:
    def test_one_scope_that_is_missing_spoils_the_whole_token_until_it_is_granted(
        self, double: WorkspaceDouble
    ) -> None:
        double.delegate(SERVICE_ACCOUNT, [MEET_READONLY])
        both = delegated_credentials(double, DOCTOR, (MEET_READONLY, DRIVE_MEET_READONLY))
        request = double.iam_request()

        with pytest.raises(RefreshError, match="unauthorized_client"):
            both.refresh(request)
        delegated_credentials(double, DOCTOR, (MEET_READONLY,)).refresh(request)
        double.delegate(SERVICE_ACCOUNT, [DRIVE_MEET_READONLY])
        both.refresh(request)

        assert double.calls == [(TOKEN, 401), (TOKEN, 200), (TOKEN, 200)]

    def test_a_revoked_scope_gives_no_new_token(
        self, double: WorkspaceDouble, records: Records
    ) -> None:
        records.page()
        double.revoke(SERVICE_ACCOUNT, [MEET_SETTINGS])
        records.page()

        double.oauth.expire_tokens()

        with pytest.raises(RefreshError, match="unauthorized_client"):
            records.page()
        double.delegate(SERVICE_ACCOUNT, [MEET_SETTINGS])
        assert records.page() == {}

    @pytest.mark.parametrize("is_deleted", [False, True])
    def test_an_account_that_is_suspended_or_deleted(
        self, double: WorkspaceDouble, records: Records, files: DriveFiles, is_deleted: bool
    ) -> None:
        records.page()
        if is_deleted:
            double.delete_user(DOCTOR)
        else:
            double.add_user(DOCTOR, suspended=True)

        with pytest.raises(RefreshError, match="invalid_grant"):
            records.page()
        with pytest.raises(RefreshError, match="invalid_grant"):
            files.get("1x")
        assert (LIST_RECORDS, 401) in double.calls
        double.add_user(DOCTOR)
        assert records.page() == {}


class TestFaults:
    def test_of_meet_in_its_own_style(self, double: WorkspaceDouble, records: Records) -> None:
        double.faults.add(
            method=LIST_RECORDS, status=429, reason="RATE_LIMIT_EXCEEDED", retry_after=9
        )
        double.faults.add(method=LIST_RECORDS, status=503)

        with pytest.raises(HttpError) as limited:
            records.page()
        with Denial(503, "UNAVAILABLE", "Backend Error"):
            records.page()

        error = json.loads(limited.value.content)["error"]
        assert (error["code"], error["status"]) == (429, "RESOURCE_EXHAUSTED")
        assert error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
        assert limited.value.resp["retry-after"] == "9"
        assert records.page() == {}

    def test_of_drive_in_its_own_style(self, double: WorkspaceDouble, files: DriveFiles) -> None:
        double.faults.add(method=GET_FILE, status=403, reason="userRateLimitExceeded")

        with pytest.raises(HttpError) as caught:
            files.get("1x")

        assert caught.value.error_details == [
            {
                "domain": "usageLimits",
                "reason": "userRateLimitExceeded",
                "message": "User Rate Limit Exceeded",
            }
        ]

    def test_timeouts_lost_answers_and_pages_of_somebody_else(
        self, double: WorkspaceDouble, room: str
    ) -> None:
        double.hold_conference(room, at(9), at(10))
        double.faults.add(method=LIST_RECORDS, delay_seconds=2)
        double.faults.add(method=LIST_RECORDS, lose_answer=True, times=2)
        double.faults.add(method=LIST_RECORDS, html=True)
        double.faults.add(method=LIST_RECORDS, malformed=True)

        with meet_client(double, DOCTOR, timeout_seconds=0.3) as client:
            with pytest.raises(TimeoutError):
                Records(client).page()
        with meet_client(double, DOCTOR) as client:
            records = Records(client)
            with pytest.raises(ConnectionError):
                records.page()
            with pytest.raises(HttpError, match="502"):
                records.page()
            malformed: Any = records.page()
            assert len(records.names()) == 1

        assert isinstance(malformed, str)
