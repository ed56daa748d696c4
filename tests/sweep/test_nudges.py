"""`sweep`: what is due gets a task, once, and whenever it dies or is repeated nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from functions.models import DueKind
from functions.sweep import BATCH_SIZE, Swept
from functions.tracing import Trace, current_trace
from tests.sweep.clinic import Clinic, Trouble, displaced
from tests.values import NOW, a_meeting, put


class Killed(BaseException):
    """The process ends here."""


def kill(_: object) -> None:
    raise Killed


class TestWhatIsDue:
    def test_a_change_gets_a_task_and_waits_as_long_again(self, clinic: Clinic) -> None:
        # Its minute is over since five minutes.
        meeting = clinic.overdue(DueKind.CALENDAR, minutes=5)

        swept = clinic.sweep()

        assert swept == Swept(nudged=1, failed=0, is_complete=True)
        assert list(clinic.changes.tasks.values()) == [meeting.id]
        assert clinic.looks.tasks == {}
        assert clinic.due_at(meeting, DueKind.CALENDAR) == NOW + timedelta(minutes=6)

    def test_a_look_gets_a_task_and_the_next_place_on_the_ladder(self, clinic: Clinic) -> None:
        meeting = clinic.overdue(DueKind.RECORDINGS, minutes=5)

        swept = clinic.sweep()

        assert swept == Swept(nudged=1, failed=0, is_complete=True)
        assert list(clinic.looks.tasks.values()) == [meeting.id]
        assert clinic.changes.tasks == {}
        after_the_end = meeting.scheduled_end + timedelta(seconds=30)
        assert clinic.due_at(meeting, DueKind.RECORDINGS) == after_the_end

    def test_what_is_not_due_or_settled_is_left_alone(self, clinic: Clinic) -> None:
        put(clinic.store, a_meeting(created_at=NOW))
        put(clinic.store, a_meeting(meeting_code="abc-defg-hij").synced(NOW))
        put(clinic.store, a_meeting(created_at=NOW - timedelta(hours=1)).synced(NOW))

        assert clinic.sweep() == Swept(nudged=0, failed=0, is_complete=True)
        assert clinic.changes.asked == clinic.looks.asked == []

    def test_a_meeting_that_is_due_in_both_ways_gets_both_tasks(self, clinic: Clinic) -> None:
        looked_for = clinic.overdue(DueKind.RECORDINGS)
        stored = clinic.store.get(looked_for.id)
        changed = looked_for.changed(NOW - timedelta(hours=1), summary="Renamed")
        clinic.store.save(stored, changed)

        clinic.sweep()
        clinic.sweep()

        assert list(clinic.changes.tasks.values()) == [looked_for.id]
        assert list(clinic.looks.tasks.values()) == [looked_for.id]
        assert clinic.due(DueKind.CALENDAR) == clinic.due(DueKind.RECORDINGS) == []

    def test_a_task_waits_until_the_sweep_has_written(self, clinic: Clinic, kind: DueKind) -> None:
        """One that comes before would ask Google for all of it twice."""
        clinic.many_overdue(kind, 20)

        clinic.sweep()

        assert len(clinic.queue(kind).delays_seconds) == 20
        assert min(clinic.queue(kind).delays_seconds) >= 1

    def test_the_tasks_carry_on_the_request(self, clinic: Clinic, kind: DueKind) -> None:
        clinic.many_overdue(kind, 20)
        token = current_trace.set(Trace("the-schedulers"))

        clinic.sweep()

        current_trace.reset(token)
        assert clinic.queue(kind).request_ids == {"the-schedulers"}


class TestAgain:
    def test_a_repeated_sweep_does_nothing_more(self, clinic: Clinic, kind: DueKind) -> None:
        meeting = clinic.overdue(kind)

        clinic.sweep()
        again = clinic.sweep()

        assert again.nudged == 0
        assert clinic.queue(kind).asked == [meeting.id]

    def test_a_nudge_that_is_lost_is_given_again_under_another_name(
        self, clinic: Clinic, kind: DueKind
    ) -> None:
        meeting = clinic.overdue(kind)

        clinic.sweep()
        clinic.time += timedelta(hours=1)
        clinic.sweep()

        assert list(clinic.queue(kind).tasks.values()) == [meeting.id, meeting.id]

    def test_a_death_between_the_task_and_the_write_makes_no_second_task(
        self, clinic: Clinic, kind: DueKind
    ) -> None:
        meeting = clinic.overdue(kind)
        dying = Trouble(clinic.store)
        dying.before_save = kill

        with pytest.raises(Killed):
            clinic.sweep(dying)
        clinic.time += timedelta(minutes=1)
        swept = clinic.sweep()

        assert swept.nudged == 1
        assert clinic.queue(kind).asked == [meeting.id, meeting.id]
        assert list(clinic.queue(kind).tasks.values()) == [meeting.id]
        assert clinic.due(kind) == []

    def test_one_that_is_overtaken_gives_the_same_task(self, clinic: Clinic, kind: DueKind) -> None:
        meeting = clinic.overdue(kind)
        overtaken = Trouble(clinic.store)
        overtaken.before_save = lambda _: clinic.sweep()

        swept = clinic.sweep(overtaken)

        assert swept == Swept(nudged=0, failed=0, is_complete=True)
        assert list(clinic.queue(kind).tasks.values()) == [meeting.id]

    def test_several_at_once_give_each_task_once(self, clinic: Clinic, kind: DueKind) -> None:
        ids = clinic.many_overdue(kind, 30)
        together = Barrier(3)
        trouble = Trouble(clinic.store)
        trouble.before_due = lambda asked: asked is kind and together.wait()

        with ThreadPoolExecutor(3) as pool:
            swept = list(pool.map(clinic.sweep, [trouble] * 3))

        assert sum(one.nudged for one in swept) == 30
        assert sum(one.failed for one in swept) == 0
        assert sorted(clinic.queue(kind).tasks.values()) == sorted(ids)

    def test_a_change_meanwhile_is_not_undone(self, clinic: Clinic, kind: DueKind) -> None:
        meeting = clinic.overdue(kind)
        changing = Trouble(clinic.store)

        def cancel(_: object) -> None:
            stored = clinic.store.get(meeting.id)
            clinic.store.save(stored, stored.meeting.cancelled(NOW, "xoma@clinica.com"))

        changing.before_save = cancel

        swept = clinic.sweep(changing)

        assert swept.nudged == 0
        assert clinic.store.get(meeting.id).meeting.is_cancelled
        assert clinic.due_at(meeting, DueKind.RECORDINGS) is None


class TestMany:
    def test_600_of_each_are_drained_the_longest_overdue_first(self, clinic: Clinic) -> None:
        expected = {kind: clinic.many_overdue(kind, 300) for kind in DueKind}

        swept = clinic.sweep()

        assert swept == Swept(nudged=600, failed=0, is_complete=True)
        for kind, ids in expected.items():
            handed_over = list(clinic.queue(kind).tasks.values())
            assert sorted(handed_over) == sorted(ids)
            # Those of one batch, half of it of each kind, may pass each other, and no others.
            assert displaced(handed_over, ids) < BATCH_SIZE // 2
            assert clinic.due(kind) == []
