"""A test scripts what goes wrong in a call, and what happens in the middle of one."""

from typing import Any

import pytest
from google.auth.exceptions import RefreshError
from googleapiclient.errors import HttpError

from tests.workspace_double import ApiCall, WorkspaceDouble
from tests.workspace_double.clients import calendar_client
from tests.workspace_double_tests.calendar_calls import DOCTOR, INSERT, TOKEN, Events


class TestFaults:
    def test_an_error_instead_of_the_write(self, double: WorkspaceDouble, events: Events) -> None:
        double.faults.add(method=INSERT, status=403, reason="rateLimitExceeded", times=2)

        for _ in range(2):
            with pytest.raises(HttpError) as caught:
                events.insert()
            assert caught.value.status_code == 403
            assert caught.value.error_details[0]["reason"] == "rateLimitExceeded"
            assert double.events == []
        events.insert()

        assert [status for method, status in double.calls if method == INSERT] == [403, 403, 200]

    def test_for_one_method_one_user_and_later(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        double.faults.add(user="nurse@clinic.example", status=500)
        double.faults.add(method=INSERT, skip=1, status=503, retry_after=7)

        events.list()
        events.insert(id="m00001")
        with pytest.raises(HttpError) as caught:
            events.insert(id="m00002")

        assert caught.value.resp["retry-after"] == "7"
        assert [fault.user for fault in double.faults.pending] == ["nurse@clinic.example"]
        double.faults.clear()
        assert double.faults.pending == []

    def test_a_lost_answer_after_the_write(self, double: WorkspaceDouble, events: Events) -> None:
        # httplib2 itself sends a request again, once, when the connection ends without answer.
        double.faults.add(method=INSERT, lose_answer=True)

        with pytest.raises(HttpError) as caught:
            events.insert()

        assert caught.value.status_code == 409
        assert double.calls[1:] == [(INSERT, 0), (INSERT, 409)]
        assert len(double.events) == 1

    def test_answers_lost_twice_reach_the_caller(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        double.faults.add(method=INSERT, lose_answer=True, times=2)

        with pytest.raises(ConnectionError):
            events.insert()

        assert len(double.events) == 1

    def test_a_reset_before_the_write(self, double: WorkspaceDouble, events: Events) -> None:
        double.faults.add(method=INSERT, reset=True)

        with pytest.raises(ConnectionResetError):
            events.insert()

        assert double.events == []
        assert double.calls[-1] == (INSERT, 0)
        events.insert()

    def test_malformed_json_after_the_write(self, double: WorkspaceDouble, events: Events) -> None:
        double.faults.add(method=INSERT, malformed=True)

        answer: Any = events.insert()

        assert isinstance(answer, str)  # googleapiclient raises nothing: it hands on the text.
        assert len(double.events) == 1

    def test_an_html_page(self, double: WorkspaceDouble, events: Events) -> None:
        double.faults.add(method=INSERT, html=True)

        with pytest.raises(HttpError) as caught:
            events.insert()

        assert caught.value.status_code == 502
        assert b"<!DOCTYPE html>" in caught.value.content
        assert double.events == []

    def test_a_delay_before_the_write(self, double: WorkspaceDouble) -> None:
        double.faults.add(method=INSERT, delay_seconds=2)

        with calendar_client(double, DOCTOR, timeout_seconds=0.3) as client:
            with pytest.raises(TimeoutError):
                Events(client).insert()
            assert double.events == []

    def test_a_delay_after_the_write(self, double: WorkspaceDouble) -> None:
        double.faults.add(method=INSERT, delay_answer_seconds=2)

        with calendar_client(double, DOCTOR, timeout_seconds=0.3) as client:
            with pytest.raises(TimeoutError):
                Events(client).insert()
            assert len(double.events) == 1

    def test_the_token_endpoint(self, double: WorkspaceDouble, events: Events) -> None:
        double.faults.add(method=TOKEN, status=400, reason="invalid_grant", message="Try later")

        with pytest.raises(RefreshError, match="invalid_grant: Try later"):
            events.list()

        assert events.list()["items"] == []

    def test_an_unknown_kind_of_fault_is_refused(self, double: WorkspaceDouble) -> None:
        with pytest.raises(TypeError):
            double.faults.add(lose_anwser=True)


class TestHooks:
    def test_before_the_write_and_after_it(self, double: WorkspaceDouble, events: Events) -> None:
        seen: list[Any] = []
        double.on(INSERT, lambda call: seen.append(len(double.events)), moment="before")
        double.on(INSERT, lambda call: seen.append(len(double.events)))
        double.on(INSERT, lambda call: seen.append((call.user, call.body["id"])))

        events.insert()
        events.insert(id="m00002")

        assert seen == [0, 1, (DOCTOR, "m00001")]

    def test_a_hook_may_race_with_the_call(self, double: WorkspaceDouble, events: Events) -> None:
        def insert_first(call: ApiCall) -> None:
            with calendar_client(double, DOCTOR) as other:
                Events(other).insert()

        double.on(INSERT, insert_first, moment="before")

        with pytest.raises(HttpError) as caught:
            events.insert()

        assert caught.value.status_code == 409

    def test_a_hook_that_fails_makes_the_test_fail(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        double.on(INSERT, lambda call: 1 / 0)

        with pytest.raises(HttpError, match="500"):
            events.insert()

        assert "ZeroDivisionError" in double.violations.pop()
