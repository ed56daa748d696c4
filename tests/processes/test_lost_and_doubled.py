"""Answers lost, tasks refused, doubled, late and out of order: nothing is lost or doubled."""

from typing import Any

import pytest

from functions.models import CalendarState
from tests.processes.clinic import Clinic
from tests.processes.running import wait_until
from tests.processes.trouble import COMMIT, live_events, recipients, unanswered
from tests.processes.workspace import DELETE, INSERT, PATCH
from tests.values import GUEST


class TestAnswersAreLost:
    @pytest.mark.parametrize(
        ("method", "fault"),
        [
            (INSERT, {"lose_answer": True}),
            (INSERT, {"malformed": True}),
            (INSERT, {"reset": True}),
            (PATCH, {"lose_answer": True}),
            (PATCH, {"status": 503}),
            (DELETE, {"lose_answer": True}),
        ],
        ids=lambda value: value if isinstance(value, str) else next(iter(value)),
    )
    def test_googles(self, clinic: Clinic, method: str, fault: dict[str, Any]) -> None:
        meeting_id = clinic.create()
        clinic.double.faults.add(method=method, **fault)
        if method == PATCH:
            wait_until_synced(clinic)
            clinic.patch(meeting_id, summary="Moved")
        if method == DELETE:
            wait_until_synced(clinic)
            clinic.cancel(meeting_id)

        clinic.settle()
        if method == INSERT:
            assert recipients(clinic) == [GUEST]

    @pytest.mark.parametrize("writer", ["api", "sync_calendar"])
    def test_firestores_after_it_stored(self, clinic: Clinic, writer: str) -> None:
        with clinic.paused_queue():
            if writer == "api":
                clinic.firestore_gate.on(COMMIT, unanswered, moment="after")
            meeting_id = clinic.create()
            if writer == "sync_calendar":
                clinic.firestore_gate.on(COMMIT, unanswered, moment="after", skip=1)

        clinic.settle()
        assert [meeting.id for meeting in clinic.stored()] == [meeting_id]

    @pytest.mark.parametrize("times", [1, 9])
    def test_create_tasks_after_it_stored(self, clinic: Clinic, times: int) -> None:
        clinic.stand_in.faults.inject(lose_answers=times)

        answer = clinic.post("wait=10")

        assert answer.status == 201
        clinic.settle()


class TestTasks:
    def test_create_task_refused_for_a_moment(self, clinic: Clinic) -> None:
        clinic.stand_in.faults.inject(refuse_creates=1)

        assert clinic.post("wait=10").status == 201

        clinic.settle()

    def test_create_task_refused_for_good_keeps_the_callers_meeting(self, clinic: Clinic) -> None:
        clinic.stand_in.faults.inject(refuse_creates=99, refuse_status="PERMISSION_DENIED")

        assert clinic.post("wait=1").status == 202
        clinic.stand_in.faults.clear()

        clinic.settle_by_sweep()
        assert live_events(clinic) == 1

    def test_delivered_twice_at_once(self, clinic: Clinic) -> None:
        clinic.stand_in.faults.inject(deliver_twice=8)

        for _ in range(8):
            clinic.create()

        clinic.settle()
        assert recipients(clinic) == [GUEST] * 8

    def test_delivered_late(self, clinic: Clinic) -> None:
        clinic.stand_in.faults.inject(deliver_late=1, late_seconds=1.0)
        meeting_id = clinic.create()

        clinic.patch(meeting_id, summary="Earlier than its creation")

        clinic.settle()

    def test_delivered_out_of_order(self, clinic: Clinic) -> None:
        clinic.stand_in.faults.inject(deliver_reversed=3)
        meeting_id = clinic.create()
        clinic.patch(meeting_id, summary="Second")
        clinic.patch(meeting_id, summary="Third")

        clinic.settle()
        assert clinic.stored()[0].summary == "Third"

    def test_delivered_out_of_order_after_a_cancellation(self, clinic: Clinic) -> None:
        clinic.stand_in.faults.inject(deliver_reversed=2)
        clinic.cancel(clinic.create())

        clinic.settle()
        assert live_events(clinic) == 0


def wait_until_synced(clinic: Clinic) -> None:
    def is_synced() -> bool:
        return all(m.calendar.state is CalendarState.SYNCED for m in clinic.stored())

    wait_until(is_synced, 20, "the first sync")
