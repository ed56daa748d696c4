"""`sweep` where something is wrong: one meeting holds up no other, and one kind not the other."""

from datetime import timedelta

import pytest

from functions.bootstrap import Stores, embedded_stores
from functions.errors import PermanentError, RetryableError
from functions.models import DueKind, Meeting
from functions.sweep import AT_ONCE, BATCH_SIZE, RUN_AT_MOST, Swept
from tests.sweep.clinic import Clinic, Trouble
from tests.values import GUEST, NOW, ORGANIZER

OTHER = {DueKind.CALENDAR: DueKind.RECORDINGS, DueKind.RECORDINGS: DueKind.CALENDAR}
SECONDS = int(RUN_AT_MOST.total_seconds())


@pytest.fixture
def stores() -> Stores:
    """The embedded one: nothing here is the store's doing."""
    return embedded_stores()


class TestOneMeeting:
    def test_whose_task_is_refused_stays_due_and_holds_up_nobody(
        self, clinic: Clinic, kind: DueKind
    ) -> None:
        refused, other = clinic.overdue(kind, minutes=30), clinic.overdue(kind, minutes=3)
        clinic.queue(kind).refuses = lambda meeting_id: meeting_id == refused.id

        swept = clinic.sweep()

        assert swept == Swept(nudged=1, failed=1, is_complete=True)
        assert list(clinic.queue(kind).tasks.values()) == [other.id]
        assert clinic.due(kind) == [refused.id]

    @pytest.mark.parametrize(
        "error",
        [
            RetryableError("store_unavailable", "It does not answer."),
            PermanentError("store_refuses", "Too large."),
            OverflowError("date value out of range"),
        ],
        ids=lambda error: type(error).__name__,
    )
    def test_that_cannot_be_written_stays_due_and_holds_up_nobody(
        self, clinic: Clinic, kind: DueKind, error: Exception, caplog: pytest.LogCaptureFixture
    ) -> None:
        bad, good = clinic.overdue(kind, minutes=30), clinic.overdue(kind, minutes=3)
        trouble = Trouble(clinic.store)

        def fail(changed: Meeting) -> None:
            if changed.id == bad.id:
                raise error

        trouble.before_save = fail

        swept = clinic.sweep(trouble)

        assert swept == Swept(nudged=1, failed=1, is_complete=True)
        assert clinic.due(kind) == [bad.id]
        [record] = caplog.records
        assert vars(record)["meeting_id"] == bad.id
        assert vars(record).get("code") == getattr(error, "code", None)
        assert not any(email in caplog.text for email in (ORGANIZER, GUEST))
        # Once it can be written its task is the one that it has already.
        assert clinic.sweep().nudged == 1
        assert sorted(clinic.queue(kind).tasks.values()) == sorted([bad.id, good.id])

    def test_more_of_them_than_a_batch_hold_up_nobody(self, clinic: Clinic, kind: DueKind) -> None:
        refused = set(clinic.many_overdue(kind, 2 * BATCH_SIZE + 1))
        good = clinic.overdue(kind, minutes=1)
        clinic.queue(kind).refuses = refused.__contains__

        swept = clinic.sweep()

        assert swept == Swept(nudged=1, failed=len(refused), is_complete=True)
        assert list(clinic.queue(kind).tasks.values()) == [good.id]
        assert len(clinic.queue(kind).asked) == len(refused) + 1


class TestOneKind:
    def test_that_is_refused_slowly_leaves_half_of_the_time_to_the_other(
        self, clinic: Clinic, kind: DueKind
    ) -> None:
        clinic.many_overdue(kind, 300)
        clinic.many_overdue(OTHER[kind], 300)
        clinic.queue(kind).refuses = lambda _: True
        clinic.call_takes = timedelta(seconds=1)

        swept = clinic.sweep()

        assert not swept.is_complete
        assert abs(swept.nudged - swept.failed) <= AT_ONCE
        assert len(clinic.queue(OTHER[kind]).tasks) == swept.nudged >= SECONDS // 2 - AT_ONCE

    @pytest.mark.parametrize("error", [RetryableError, PermanentError])
    def test_that_cannot_be_read_is_told_after_the_other_is_done(
        self, clinic: Clinic, kind: DueKind, error: type[RetryableError | PermanentError]
    ) -> None:
        clinic.overdue(kind)
        others = clinic.many_overdue(OTHER[kind], BATCH_SIZE + 1)
        trouble = Trouble(clinic.store)
        trouble.refuse_to_read(kind, error("store_trouble", "It is away, or has no such index."))

        with pytest.raises(error):
            clinic.sweep(trouble)

        assert sorted(clinic.queue(OTHER[kind]).tasks.values()) == sorted(others)
        assert clinic.queue(kind).tasks == {}


class TestItsTime:
    def test_nothing_is_begun_after_it(self, clinic: Clinic, kind: DueKind) -> None:
        clinic.many_overdue(kind, 100)
        clinic.call_takes = timedelta(seconds=1)

        swept = clinic.sweep()

        assert not swept.is_complete
        assert SECONDS <= swept.nudged < SECONDS + AT_ONCE
        assert clinic.time < NOW + RUN_AT_MOST + AT_ONCE * clinic.call_takes

    def test_the_next_one_goes_on_where_it_stopped(self, clinic: Clinic, kind: DueKind) -> None:
        ids = clinic.many_overdue(kind, 100)
        clinic.call_takes = timedelta(seconds=1)

        first, second, third = clinic.sweep(), clinic.sweep(), clinic.sweep()

        assert (first.is_complete, second.is_complete, third.is_complete) == (False, False, True)
        assert first.nudged + second.nudged + third.nudged == 100
        assert sorted(clinic.queue(kind).asked) == sorted(ids)

    def test_10_000_are_drained_over_several_without_loss(self, clinic: Clinic) -> None:
        expected = {kind: clinic.many_overdue(kind, 5000) for kind in DueKind}
        clinic.call_takes = timedelta(milliseconds=10)

        runs = [clinic.sweep()]
        while not runs[-1].is_complete:
            runs.append(clinic.sweep())

        assert len(runs) == 3
        assert sum(swept.nudged for swept in runs) == 10_000
        for kind, ids in expected.items():
            assert sorted(clinic.queue(kind).asked) == sorted(ids)
            assert clinic.due(kind) == []
