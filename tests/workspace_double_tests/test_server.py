"""The double as a server: its endpoint, its control over HTTP, its process and its end."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import httplib2
import pytest
import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account
from googleapiclient.errors import HttpError

from tests.workspace_double import WorkspaceDouble
from tests.workspace_double.clients import calendar_client
from tests.workspace_double.double import CALENDAR_EVENTS
from tests.workspace_double_tests.calendar_calls import (
    DOCTOR,
    EVENT_ID,
    INSERT,
    TOKEN,
    Events,
    times,
)


class TestEndpoint:
    @pytest.mark.parametrize("suffix", ["/calendar/v3/", "/calendar/v3", "", "/"])
    def test_with_and_without_the_service_path(self, double: WorkspaceDouble, suffix: str) -> None:
        with calendar_client(double, DOCTOR, api_endpoint=double.url + suffix) as client:
            assert Events(client).list()["items"] == []

    def test_calls_are_recorded_with_their_status(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        events.insert()
        with pytest.raises(HttpError):
            events.insert()

        assert double.calls == [(TOKEN, 200), (INSERT, 200), (INSERT, 409)]

    def test_answers_come_without_delay_on_a_kept_connection(self, events: Events) -> None:
        events.list()
        started = time.monotonic()

        for _ in range(20):
            events.list()

        # Nagle's algorithm and delayed acknowledgements would make each take 40 ms.
        assert time.monotonic() - started < 0.6

    def test_threads_write_at_once(self, double: WorkspaceDouble) -> None:
        def work(number: int) -> None:
            with calendar_client(double, DOCTOR) as client:
                Events(client).insert(id=f"m0000{number}")

        threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(double.events) == 8
        assert len({event["etag"] for event in double.events}) == 8


class TestControl:
    def test_state_and_faults_over_http(self, double: WorkspaceDouble, events: Events) -> None:
        control = f"{double.url}/_double"
        fault = {"method": INSERT, "status": 500}
        answer = requests.post(f"{control}/faults", json=fault, timeout=10)
        assert answer.json()["pending_faults"] == 1
        requests.post(f"{control}/conferences", json={"outcome": "failure"}, timeout=10)

        with pytest.raises(HttpError):
            events.insert()
        events.insert()

        state = requests.get(f"{control}/state", timeout=10).json()
        assert [event["id"] for event in state["events"]] == ["m00001"]
        assert state["calls"] == [[TOKEN, 200], [INSERT, 500], [INSERT, 200]]
        assert state["violations"] == state["mail"] == []
        assert requests.post(f"{control}/faults", json={"x": 1}, timeout=10).status_code == 400
        assert requests.get(f"{control}/nothing", timeout=10).status_code == 404

    def test_alone_as_a_process(self, tmp_path: Path) -> None:
        key_file = tmp_path / "key.json"
        command = [sys.executable, "-m", "tests.workspace_double", "--user", DOCTOR]
        with subprocess.Popen(
            [*command, "--key-file", str(key_file)], stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stdout is not None
                url = process.stdout.readline().split()[-1]
                credentials = service_account.Credentials.from_service_account_file(
                    str(key_file), scopes=[CALENDAR_EVENTS], subject=DOCTOR
                )
                with AuthorizedSession(credentials) as session:
                    answer = session.post(
                        f"{url}/calendar/v3/calendars/primary/events",
                        json={"id": EVENT_ID, **times(10)},
                        params={"conferenceDataVersion": "1", "sendUpdates": "none"},
                        timeout=10,
                    )
                    assert answer.status_code == 200
                    state = session.get(f"{url}/_double/state", timeout=10).json()
            finally:
                process.kill()

        assert [event["id"] for event in state["events"]] == ["m00001"]


def test_stopping_ends_kept_connections() -> None:
    with WorkspaceDouble() as double:
        double.add_user(DOCTOR)
        http = httplib2.Http(timeout=10)
        http.request(f"{double.url}/_double/state")
        url = double.url

    with pytest.raises(ConnectionError):
        http.request(f"{url}/_double/state")
    http.close()
    with pytest.raises(RuntimeError, match="not started"):
        WorkspaceDouble().url  # noqa: B018
