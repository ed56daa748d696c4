"""Requests that no Google client would make, and what the double must say of them."""

import json
from typing import Any

import requests

from tests.workspace_double import WorkspaceDouble
from tests.workspace_double.double import CALENDAR_EVENTS, SERVICE_ACCOUNT
from tests.workspace_double_tests.calendar_calls import DOCTOR, times

EVENTS = "/calendar/v3/calendars/primary/events"
WRITE = {"conferenceDataVersion": "1", "sendUpdates": "none"}


class Raw:
    """Requests that no Google client would make."""

    def __init__(self, double: WorkspaceDouble, session: requests.Session) -> None:
        self.double = double
        self._session = session
        self._token: str | None = double.oauth.issue(DOCTOR, SERVICE_ACCOUNT, [CALENDAR_EVENTS])

    def send(
        self,
        method: str,
        path: str,
        parameters: Any = None,
        body: Any = None,
        **headers: str,
    ) -> requests.Response:
        data = body if isinstance(body, str | None) else json.dumps(body)
        content = {} if body is None else {"Content-Type": "application/json"}
        return self._session.request(
            method,
            self.double.url + path,
            params=parameters,
            data=data,
            headers={"Authorization": f"Bearer {self._token}", **content, **headers},
            timeout=10,
        )

    def insert(self, **fields: Any) -> requests.Response:
        return self.send("POST", EVENTS, WRITE, {**times(10), **fields})

    def assert_violates(self, answer: requests.Response, problem: str) -> None:
        (violation,) = self.double.violations
        assert problem in violation
        error = answer.json()["error"]
        assert answer.status_code == error["code"] == 400
        assert error["errors"][0]["reason"] == "contractViolation"
        assert problem in error["message"]
        assert self.double.events == []
