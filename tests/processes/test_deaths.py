"""Processes killed with SIGKILL between any two steps: nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from functions.models import CalendarState
from tests.processes.clinic import QUEUE, Clinic
from tests.processes.running import wait_until
from tests.processes.trouble import (
    COMMIT,
    CREATE_TASK,
    SPAN,
    assert_hangs_up,
    change,
    clinic_day,
    kill_unheard,
    live_events,
    recipients,
)
from tests.processes.workspace import DELETE, INSERT, PATCH
from tests.values import GUEST


class TestTheApiDies:
    def test_before_its_commit_nothing_is_there(self, clinic: Clinic) -> None:
        clinic.firestore_gate.on(COMMIT, lambda: kill_unheard(clinic, clinic.api))

        assert_hangs_up(lambda: clinic.post(external_reference="again"))
        clinic.back_to_life(clinic.api)

        assert clinic.stored() == []
        assert clinic.post("wait=10", external_reference="again").status == 201
        clinic.settle()

    def test_after_its_commit_and_before_create_task(self, clinic: Clinic) -> None:
        clinic.tasks_gate.on(CREATE_TASK, lambda: kill_unheard(clinic, clinic.api))

        assert_hangs_up(clinic.post)
        clinic.back_to_life(clinic.api)

        [meeting] = clinic.stored()
        assert meeting.calendar.state is CalendarState.PENDING
        assert clinic.stand_in.pending(QUEUE) == []
        clinic.make_overdue()
        swept = clinic.run_sweep().json
        # Not how many were nudged: the worker may be done before the sweep has noted it.
        assert (swept["failed"], swept["is_complete"]) == (0, True)
        clinic.settle()

    def test_after_its_commit_and_the_caller_asks_again(self, clinic: Clinic) -> None:
        clinic.tasks_gate.on(CREATE_TASK, lambda: kill_unheard(clinic, clinic.api))
        times = {name: clinic_day(hour) for name, hour in SPAN.items()}

        assert_hangs_up(lambda: clinic.post(external_reference="again", **times))
        clinic.back_to_life(clinic.api)
        again = clinic.post(external_reference="again", **times)

        assert again.status == 200
        clinic.settle_by_sweep()
        assert [meeting.id for meeting in clinic.stored()] == [again.json["id"]]

    def test_after_create_task(self, clinic: Clinic) -> None:
        clinic.tasks_gate.on(CREATE_TASK, clinic.killing(clinic.api), moment="after")

        with clinic.paused_queue():
            assert_hangs_up(clinic.post)
            assert len(clinic.stand_in.pending(QUEUE)) == 1
        clinic.back_to_life(clinic.api)

        clinic.settle()
        assert len(clinic.stored()) == 1

    @pytest.mark.parametrize("method", ["PATCH", "DELETE"])
    def test_between_the_commit_of_a_change_and_create_task(
        self, clinic: Clinic, method: str
    ) -> None:
        meeting_id = clinic.post("wait=10").json["id"]
        clinic.tasks_gate.on(CREATE_TASK, lambda: kill_unheard(clinic, clinic.api))

        assert_hangs_up(lambda: change(clinic, method, meeting_id))
        clinic.back_to_life(clinic.api)

        clinic.settle_by_sweep()
        [meeting] = clinic.stored()
        assert meeting.is_cancelled if method == "DELETE" else meeting.summary == "Moved"


class TestSyncCalendarDies:
    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_in_googles_insert(self, clinic: Clinic, moment: Any) -> None:
        kill_in_google(clinic, INSERT, moment)

        clinic.create()
        clinic.back_to_life(clinic.sync_calendar)

        clinic.settle()
        assert recipients(clinic) == [GUEST]

    def test_after_googles_answer_and_before_its_own_write(self, clinic: Clinic) -> None:
        with clinic.paused_queue():
            meeting_id = clinic.create()
            # The first commit says that an insert begins; the second has the link.
            clinic.firestore_gate.on(
                COMMIT, lambda: kill_unheard(clinic, clinic.sync_calendar), skip=1
            )
        clinic.back_to_life(clinic.sync_calendar)

        clinic.settle()
        assert live_events(clinic) == 1
        assert clinic.stored()[0].id == meeting_id

    def test_after_its_own_write(self, clinic: Clinic) -> None:
        with clinic.paused_queue():
            clinic.create()
            clinic.firestore_gate.on(
                COMMIT, clinic.killing(clinic.sync_calendar), moment="after", skip=1
            )
        clinic.back_to_life(clinic.sync_calendar)

        clinic.settle()
        assert clinic.double.count(INSERT) >= 1

    @pytest.mark.parametrize("moment", ["before", "after"])
    @pytest.mark.parametrize(("method", "call"), [("PATCH", PATCH), ("DELETE", DELETE)])
    def test_in_googles_patch_or_delete(
        self, clinic: Clinic, method: str, call: str, moment: Any
    ) -> None:
        meeting_id = clinic.post("wait=10").json["id"]
        kill_in_google(clinic, call, moment)

        change(clinic, method, meeting_id)
        clinic.back_to_life(clinic.sync_calendar)

        clinic.settle()

    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_in_googles_insert_of_a_meeting_that_is_then_cancelled(
        self, clinic: Clinic, moment: Any
    ) -> None:
        kill_in_google(clinic, INSERT, moment)
        meeting_id = clinic.create()
        wait_until(lambda: not clinic.sync_calendar.is_running, 20, "the death")

        assert clinic.cancel(meeting_id).status == 200
        clinic.back_to_life(clinic.sync_calendar)

        # An insert may be under way until some time has passed.
        clinic.settle_by_sweep()
        assert live_events(clinic) == 0


class TestTheSweepDies:
    def test_between_its_task_and_its_write(self, clinic: Clinic) -> None:
        clinic.stand_in.faults.inject(refuse_creates=1, refuse_status="FAILED_PRECONDITION")
        clinic.create()
        clinic.make_overdue()
        clinic.tasks_gate.on(CREATE_TASK, clinic.killing(clinic.sweep), moment="after")

        with clinic.paused_queue():
            assert_hangs_up(clinic.run_sweep)
            clinic.back_to_life(clinic.sweep)
            # The same due time gives the same name: no second task.
            assert clinic.run_sweep().json["nudged"] == 1
            assert len(clinic.stand_in.pending(QUEUE)) == 1

        clinic.settle()

    def test_two_at_once_do_no_harm(self, clinic: Clinic) -> None:
        clinic.stand_in.faults.inject(refuse_creates=6, refuse_status="FAILED_PRECONDITION")
        for _ in range(6):
            clinic.create()
        clinic.make_overdue()

        with ThreadPoolExecutor(4) as pool:
            swept = [pool.submit(clinic.run_sweep) for _ in range(4)]

        assert {future.result().status for future in swept} == {200}
        clinic.settle()
        assert clinic.double.count(INSERT) >= 6


def kill_in_google(clinic: Clinic, method: str, moment: Any) -> None:
    """End sync_calendar in its next call; what is sent `before` Google's write still arrives."""
    clinic.double.on(method, clinic.killing(clinic.sync_calendar), moment=moment)
