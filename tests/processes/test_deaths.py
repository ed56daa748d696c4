"""Processes killed with SIGKILL between any two steps, tasks lost and doubled: nothing is lost."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any

import pytest

from functions.models import CalendarState
from tests.processes.clinic import QUEUE, Clinic
from tests.processes.gate import Unanswered
from tests.processes.running import wait_until
from tests.processes.workspace import DELETE, INSERT, PATCH
from tests.values import GUEST

CREATE_TASK = "CreateTask"
COMMIT = "Commit"


def unanswered() -> None:
    raise Unanswered


def assert_hangs_up(request: Callable[[], Any]) -> None:
    """The caller of a process that dies learns nothing."""
    with pytest.raises((OSError, HTTPException)):
        request()


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
        assert clinic.run_sweep().json == {"nudged": 1, "failed": 0, "is_complete": True}
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


class TestRaces:
    def test_changes_and_cancellations_race_the_first_sync(self, clinic: Clinic) -> None:
        chance = random.Random(4)

        def race(number: int) -> None:
            meeting_id = clinic.create()
            for name in chance.choice((["PATCH"], ["DELETE"], ["PATCH", "DELETE"])):
                time.sleep(chance.uniform(0, 0.06))
                assert change(clinic, name, meeting_id, f"Round {number}").status in (200, 409)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(race, range(40)))

        clinic.settle_by_sweep()
        assert len(clinic.stored()) == 40

    def test_many_ask_for_one_reference_at_once(self, clinic: Clinic) -> None:
        together = threading.Barrier(8)
        times = {name: clinic_day(hour) for name, hour in SPAN.items()}

        def request(_: int) -> tuple[int, str]:
            together.wait()
            answer = clinic.post(external_reference="one", **times)
            return answer.status, answer.json["id"]

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(request, range(8)))

        assert sorted(status for status, _ in answers) == [200] * 7 + [202]
        assert len({meeting_id for _, meeting_id in answers}) == 1
        clinic.settle()

    def test_changes_of_one_meeting_at_once_are_all_kept(self, clinic: Clinic) -> None:
        meeting_id = clinic.create()

        with ThreadPoolExecutor(4) as pool:
            answers = list(
                pool.map(lambda n: clinic.patch(meeting_id, summary=f"Change {n}"), range(4))
            )

        clinic.settle()
        changed = [answer for answer in answers if answer.status == 200]
        assert clinic.stored()[0].revision == 1 + len(changed)
        assert {answer.status for answer in answers} <= {200, 409}


SPAN = {"scheduled_start": 15, "scheduled_end": 16}


def clinic_day(hour: int) -> str:
    """The same instant for every request of a test that repeats one."""
    return f"2090-05-04T{hour:02}:00:00Z"


def change(clinic: Clinic, method: str, meeting_id: str, summary: str = "Moved") -> Any:
    if method == "DELETE":
        return clinic.cancel(meeting_id)
    return clinic.patch(meeting_id, summary=summary)


def kill_unheard(clinic: Clinic, function: Any) -> None:
    """The function dies, and its call never arrives."""
    function.kill()
    raise Unanswered


def kill_in_google(clinic: Clinic, method: str, moment: Any) -> None:
    """End sync_calendar in its next call; what is sent `before` Google's write still arrives."""
    clinic.double.on(method, clinic.killing(clinic.sync_calendar), moment=moment)


def wait_until_synced(clinic: Clinic) -> None:
    def is_synced() -> bool:
        return all(m.calendar.state is CalendarState.SYNCED for m in clinic.stored())

    wait_until(is_synced, 20, "the first sync")


def live_events(clinic: Clinic) -> int:
    return sum(event["status"] != "cancelled" for event in clinic.double.events)


def recipients(clinic: Clinic) -> list[str]:
    """Who was invited to the events of the meetings that are there."""
    events = {meeting.google_event_id for meeting in clinic.stored()}
    return [m.recipient for m in clinic.double.mail if m.kind == "invite" and m.event_id in events]
