"""The internal functions over HTTP; any answer but 2xx is tried again."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from functions.errors import PermanentError, RetryableError
from functions.models import new_id
from tests.api.log import Log
from tests.api.worker import Worker


@pytest.fixture(params=["sync_calendar", "sync_recording", "sweeper"])
def app(request: pytest.FixtureRequest, worker: Worker) -> Flask:
    app: Flask = getattr(worker, request.param)
    return app


@pytest.fixture(params=["sync_calendar", "sync_recording"])
def queued(request: pytest.FixtureRequest, worker: Worker) -> Flask:
    """The app of a function that tasks call."""
    app: Flask = getattr(worker, request.param)
    return app


class TestSyncCalendar:
    def test_a_meeting_gets_its_event(self, worker: Worker) -> None:
        meeting_id = worker.a_meeting()

        answer = worker.deliver(meeting_id)

        assert answer.status == 200
        assert answer.json == {"meeting_id": meeting_id, "outcome": "SYNCED", "code": None}
        assert worker.meeting(meeting_id).meet_link

    def test_delivered_twice_it_does_nothing_more(self, worker: Worker) -> None:
        meeting_id = worker.a_meeting()
        first = worker.deliver(meeting_id)
        before = worker.meeting(meeting_id)

        again = worker.deliver(meeting_id)

        assert (again.status, again.json) == (first.status, first.json)
        assert worker.meeting(meeting_id) == before

    def test_a_final_no_is_an_outcome_and_stands_on_the_meeting(self, worker: Worker) -> None:
        meeting_id = worker.a_meeting(external_reference="sim-fail-delegation_missing-x")

        answer = worker.deliver(meeting_id)

        assert answer.status == 200
        assert answer.json["outcome"] == "FAILED"
        assert answer.json["code"] == "delegation_missing"
        error = worker.meeting(meeting_id).calendar.error
        assert error is not None
        assert error.code == "delegation_missing"

    def test_what_may_pass_is_tried_again(self, worker: Worker) -> None:
        meeting_id = worker.a_meeting(external_reference="sim-transient-1-x")

        first = worker.deliver(meeting_id)

        assert first.status == 503
        assert int(first.headers["Retry-After"]) >= 1
        assert worker.deliver(meeting_id).json["outcome"] == "SYNCED"


class TestSyncRecording:
    def test_a_meeting_gets_its_recording(self, worker: Worker) -> None:
        meeting_id = worker.a_past_meeting()

        answer = worker.look(meeting_id)

        assert answer.status == 200
        assert answer.json == {"meeting_id": meeting_id, "outcome": "AVAILABLE", "code": None}
        assert worker.meeting(meeting_id).recording

    def test_delivered_twice_it_finds_nothing_more(self, worker: Worker) -> None:
        meeting_id = worker.a_past_meeting()
        first = worker.look(meeting_id)
        before = worker.meeting(meeting_id).recordings

        again = worker.look(meeting_id)

        assert (again.status, again.json) == (first.status, first.json)
        assert worker.meeting(meeting_id).recordings == before

    def test_that_there_is_none_is_an_outcome_with_its_reason(self, worker: Worker) -> None:
        meeting_id = worker.a_past_meeting(external_reference="sim-not-recorded-x")

        answer = worker.look(meeting_id)

        assert answer.status == 200
        assert (answer.json["outcome"], answer.json["code"]) == ("ABSENT", "not_recorded")

    def test_a_final_no_is_an_outcome(self, worker: Worker) -> None:
        reference = "sim-meet-fail-delegation_missing-x"
        meeting_id = worker.a_past_meeting(external_reference=reference)

        answer = worker.look(meeting_id)

        assert answer.status == 200
        assert (answer.json["outcome"], answer.json["code"]) == ("FAILED", "scope_missing")

    def test_what_may_pass_is_tried_again(self, worker: Worker) -> None:
        reference = "sim-meet-fail-google_unavailable-x"
        meeting_id = worker.a_past_meeting(external_reference=reference)

        assert worker.look(meeting_id).status == 503
        assert worker.meeting(meeting_id).recording_sync.attempts == 1


class TestATask:
    def test_a_meeting_that_is_not_there_is_an_outcome(self, worker: Worker, queued: Flask) -> None:
        meeting_id = new_id()

        answer = worker.deliver(meeting_id, app=queued)

        assert answer.status == 200
        assert answer.json["outcome"] == "no_such_meeting"

    def test_a_store_that_is_away_is_tried_again(self, worker: Worker, queued: Flask) -> None:
        worker.store.error = RetryableError("store_unavailable", "away")

        assert worker.deliver(new_id(), app=queued).status == 503

    def test_what_nobody_foresaw_is_tried_again_and_told_to_the_log_without_its_text(
        self, worker: Worker, queued: Flask, log: Log
    ) -> None:
        worker.store.error = RuntimeError("secret text")

        answer = worker.deliver(new_id(), app=queued)

        assert answer.status == 500
        assert "secret" not in str(answer)
        assert "RuntimeError: withheld" in log.only("unhandled exception")["stack_trace"]
        assert "secret" not in str(log.only("unhandled exception"))

    @pytest.mark.parametrize(
        ("count", "is_retry"),
        [("1", True), ("10", True), *((n, False) for n in ("", "x", "0"))]
        + [("-1", False), ("01", False), ("1.5", False)],
    )
    def test_one_that_is_delivered_again_is_counted(
        self, worker: Worker, queued: Flask, log: Log, count: str, is_retry: bool
    ) -> None:
        headers = {"X-CloudTasks-TaskRetryCount": count}

        assert worker.deliver(new_id(), app=queued, headers=headers).status == 200

        retried = [line for line in log.lines if line["message"] == "task retried"]
        assert [line["function"] for line in retried] == [queued.name] * is_retry

    @pytest.mark.parametrize(
        "meeting_id", [None, 5, True, "", "x", "../x", "F" * 32, "f" * 33, ["f" * 32], {}, "\ud800"]
    )
    def test_an_id_that_is_none_never_reaches_the_store(
        self, worker: Worker, queued: Flask, meeting_id: Any
    ) -> None:
        answer = worker.deliver(meeting_id, app=queued)

        assert answer.status == 400
        assert answer.json["errors"][0]["pointer"] == "/meeting_id"
        assert worker.store.asked == []

    @pytest.mark.parametrize("body", ["", "{", "[]", "{}", '"x"', b"\xff", '{"meeting_id": NaN}'])
    def test_a_body_that_is_none(self, worker: Worker, queued: Flask, body: str | bytes) -> None:
        answer = worker.send(queued, data=body, content_type="application/json")

        assert answer.status == 400
        assert worker.store.asked == []

    def test_a_body_that_is_not_said_to_be_json(self, worker: Worker, queued: Flask) -> None:
        assert worker.send(queued, data=b"{}").status == 415

    def test_a_body_that_is_too_large(self, worker: Worker, queued: Flask) -> None:
        answer = worker.send(queued, data=b" " * 300_000, content_type="application/json")

        assert answer.status == 413


class TestSweep:
    def test_nothing_is_due(self, worker: Worker) -> None:
        worker.a_meeting()

        answer = worker.sweep()

        assert answer.status == 200
        assert answer.json == {"nudged": 0, "failed": 0, "is_complete": True}
        assert worker.queue.names == []

    def test_what_is_due_gets_a_task(self, worker: Worker) -> None:
        changed, past = worker.a_meeting(), worker.a_past_meeting()
        worker.time += timedelta(minutes=1)

        answer = worker.sweep()

        assert answer.json == {"nudged": 2, "failed": 0, "is_complete": True}
        of_change, of_look = sorted(worker.queue.names, key=lambda name: "-look-" in name)
        assert of_change.startswith(f"{changed}-1-")
        assert of_look.startswith(f"{past}-look-")

    def test_a_queue_that_fails_is_counted(self, worker: Worker) -> None:
        worker.a_meeting()
        worker.time += timedelta(minutes=1)
        worker.queue.error = PermanentError("queue_refuses", "Grant the role.")

        answer = worker.sweep()

        assert answer.status == 200
        assert answer.json["nudged"] == 0
        assert answer.json["failed"] == 1

    def test_a_store_that_is_away_is_tried_again(self, worker: Worker) -> None:
        worker.store.error = RetryableError("store_unavailable", "away")

        answer = worker.sweep()

        assert answer.status == 503
        assert answer.headers["Retry-After"]


class TestEach:
    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
    def test_only_post_is_taken(self, worker: Worker, app: Flask, method: str) -> None:
        answer = worker.send(app, method)

        assert answer.status == 405
        assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}
        assert worker.store.asked == []

    @pytest.mark.parametrize("path", ["/x", "/api/v1/meetings/", "/x//", "/%00"])
    def test_there_is_one_path(self, worker: Worker, app: Flask, path: str) -> None:
        assert worker.send(app, "POST", path, json={}).status == 404
