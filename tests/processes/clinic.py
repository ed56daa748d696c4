"""The product in three processes, on Google's emulator and the two stand-ins, as a test sees it."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore
from google.cloud.tasks_v2 import Queue, RateLimits, RetryConfig
from google.protobuf.duration_pb2 import Duration

from functions.models import CalendarState, Meeting
from infra.cloud_tasks import client as tasks_client
from infra.cloud_tasks import queue_path
from infra.firestore.meetings import MEETINGS
from infra.local.cloud_tasks import CloudTasksStandIn
from tests.processes.asking import MEETINGS as MEETINGS_PATH
from tests.processes.asking import Answer, ask, post_meeting
from tests.processes.gate import Gate
from tests.processes.invariants import assert_settled
from tests.processes.running import Function, environment, wait_until
from tests.processes.workspace import open_clinic
from tests.workspace_double import WorkspaceDouble

PROJECT = "deaths"
QUEUE = queue_path(PROJECT, "europe-west1", "sync-calendar")
THREADS = 16
SETTLES_WITHIN_SECONDS = 20.0
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Clinic:
    """Made once; `anew` empties it between tests while the processes go on."""

    def __init__(self, started: ExitStack, emulator: str, folder: Path) -> None:
        self.double = started.enter_context(WorkspaceDouble())
        self.stand_in = started.enter_context(CloudTasksStandIn("http://127.0.0.1/cloud-tasks"))
        self.firestore_gate = started.enter_context(Gate(emulator))
        self.tasks_gate = started.enter_context(Gate(self.stand_in.address))
        self._tasks = started.enter_context(tasks_client(self.stand_in.address))
        self._firestore = _firestore_client(emulator)
        started.callback(self._firestore.close)
        self._references = itertools.count(1)
        self.accepted: set[str] = set()
        environ = {
            "GOOGLE_CLOUD_PROJECT": PROJECT,
            "AUTH": "off",
            "THREADS": str(THREADS),
            "FIRESTORE_EMULATOR_HOST": self.firestore_gate.address,
            "CLOUD_TASKS_EMULATOR_HOST": self.tasks_gate.address,
            "SYNC_CALENDAR_URL": "http://127.0.0.1:9/",
            "SYNC_RECORDING_URL": "http://127.0.0.1:9/",
            **open_clinic(self.double, folder / "key.json"),
        }

        def function(target: str) -> Function:
            log = folder / f"{target}.log"
            return started.enter_context(Function(target, environment(**environ), log))

        self.sync_calendar = function("sync_calendar")
        environ["SYNC_CALENDAR_URL"] = self.sync_calendar.url
        self.api = function("api")
        self.sweep = function("sweep")
        self.stand_in.create_queue(
            Queue(
                name=QUEUE,
                rate_limits=RateLimits(max_concurrent_dispatches=THREADS),
                retry_config=RetryConfig(
                    min_backoff=Duration(nanos=100_000_000), max_backoff=Duration(seconds=1)
                ),
            )
        )

    @property
    def functions(self) -> tuple[Function, ...]:
        return self.api, self.sync_calendar, self.sweep

    def anew(self) -> None:
        """Forget every meeting, task, event and fault; start what is not running."""
        self.tasks_gate.clear()
        self.firestore_gate.clear()
        self.double.faults.clear()
        self.stand_in.faults.clear()
        self._tasks.purge_queue(name=QUEUE)
        self.resume_queue()
        for function in self.functions:
            if not function.is_running:
                function.start()
        assert self.stand_in.wait_idle(SETTLES_WITHIN_SECONDS)
        for collection in self._firestore.collections():
            for document in collection.list_documents():
                document.delete()
        for event in self.double.events:
            if event["status"] != "cancelled":
                owner = event["organizer"]["email"]
                self.double.edit_event(owner, event["id"], status="cancelled")
        self.double.violations.clear()
        self.accepted.clear()

    # What callers, Cloud Scheduler and operators do.

    def post(self, prefer: str = "respond-async", **changes: Any) -> Answer:
        values = {"external_reference": f"xoma_{next(self._references)}", **changes}
        answer = post_meeting(self.api.url, prefer, **values)
        if answer.status < 300:
            self.accepted.add(answer.json["id"])
        return answer

    def create(self, **changes: Any) -> str:
        answer = self.post(**changes)
        assert answer.status == 202, answer.body
        return str(answer.json["id"])

    def patch(self, meeting_id: str, **changes: Any) -> Answer:
        return ask(self.api.url, "PATCH", f"{MEETINGS_PATH}{meeting_id}/", changes)

    def cancel(self, meeting_id: str) -> Answer:
        return ask(self.api.url, "DELETE", f"{MEETINGS_PATH}{meeting_id}/")

    def run_sweep(self) -> Answer:
        return ask(self.sweep.url, "POST", "/", {})

    def pause_queue(self) -> None:
        self._tasks.pause_queue(name=QUEUE)

    def resume_queue(self) -> None:
        self._tasks.resume_queue(name=QUEUE)

    @contextmanager
    def paused_queue(self) -> Iterator[None]:
        """Hand tasks over, and deliver none."""
        self.pause_queue()
        yield
        self.resume_queue()

    # Deaths.

    def killing(self, function: Function) -> Callable[..., None]:
        """What ends the function at the moment it is called in."""
        return lambda *_: function.kill()

    def back_to_life(self, function: Function) -> None:
        """Wait for its death, and start it on the same port as the platform would."""
        wait_until(lambda: not function.is_running, SETTLES_WITHIN_SECONDS, "the death")
        function.start()

    # What is there.

    def stored(self) -> list[Meeting]:
        documents = self._firestore.collection(MEETINGS).stream()
        return [Meeting.model_validate(document.to_dict()) for document in documents]

    def make_overdue(self) -> None:
        """Let a minute and more have passed: what is due later is due, and inserts are over."""
        for document in self._firestore.collection(MEETINGS).list_documents():
            calendar = document.get().get("calendar")
            past = {
                f"calendar.{name}": LONG_AGO
                for name in ("due_at", "insert_started_at")
                if calendar.get(name) is not None
            }
            if past:
                document.update(past)

    def settle(self) -> None:
        """Wait until the queue has done all it can, and check what must hold then."""
        assert self._has_no_task_left(SETTLES_WITHIN_SECONDS)
        assert_settled(self.stored(), self.double, self.accepted)
        references = self._firestore.collection("references").stream()
        claims = sorted(document.get("meeting_id") for document in references)
        assert claims == sorted(meeting.id for meeting in self.stored() if not meeting.is_cancelled)

    def _has_no_task_left(self, within_seconds: float) -> bool:
        """Wait until every task is done, those too that a sweep has put off for a second."""
        give_up_at = time.monotonic() + within_seconds
        while self.stand_in.pending(QUEUE):
            if time.monotonic() > give_up_at:
                return False
            time.sleep(0.05)
        return True

    def settle_by_sweep(self) -> None:
        """The same after a time in which the sweep ran, which nudges what nothing else does."""
        give_up_at = time.monotonic() + SETTLES_WITHIN_SECONDS
        while time.monotonic() < give_up_at:
            # One may go on trying until its meeting is overdue.
            self._has_no_task_left(3)
            if not any(m.calendar.state is CalendarState.PENDING for m in self.stored()):
                break
            self.make_overdue()
            assert self.run_sweep().status == 200
        self.settle()


def _firestore_client(emulator: str) -> firestore.Client:
    """Make a client for the emulator itself, past the gate."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRESTORE_EMULATOR_HOST", emulator)
        return firestore.Client(project=PROJECT)
