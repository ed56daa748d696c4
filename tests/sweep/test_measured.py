"""What a sweep tells of what was due, and of the links that are waited for."""

import logging
from datetime import timedelta

import pytest

from functions import measurements
from functions.errors import RetryableError
from functions.models import DueKind
from functions.sweep import Swept
from tests.sweep.clinic import Clinic, Trouble
from tests.values import NOW, a_meeting, put


class Lines:
    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self._caplog = caplog

    def named(self, message: str) -> list[dict[str, object]]:
        return [vars(r) for r in self._caplog.records if r.getMessage() == message]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    caplog.set_level(logging.INFO, measurements.__name__)
    return Lines(caplog)


def test_the_longest_overdue_of_each_kind(clinic: Clinic, lines: Lines) -> None:
    for minutes in (2, 7, 5):
        clinic.overdue(DueKind.CALENDAR, minutes)
    clinic.overdue(DueKind.RECORDINGS, 3)

    clinic.sweep()
    clinic.time = NOW + timedelta(seconds=1)
    clinic.sweep()

    told = [(line["kind"], line["oldest_seconds"]) for line in lines.named("due")]
    first, second = set(told[:2]), set(told[2:])
    assert first == {("calendar", 7 * 60.0), ("recording_sync", 3 * 60.0)}
    assert second == {("calendar", 0.0), ("recording_sync", 0.0)}


def test_it_grows_while_the_queue_takes_no_task(clinic: Clinic, lines: Lines) -> None:
    clinic.overdue(DueKind.CALENDAR, 5)
    clinic.changes.refuses = lambda meeting_id: True

    clinic.sweep()
    clinic.time = NOW + timedelta(minutes=10)
    clinic.sweep()

    told = [x["oldest_seconds"] for x in lines.named("due") if x["kind"] == "calendar"]
    assert told == [5 * 60.0, 15 * 60.0]


def test_how_many_links_are_waited_for(clinic: Clinic, lines: Lines) -> None:
    long_ago = NOW - timedelta(minutes=2)
    put(clinic.store, a_meeting(created_at=long_ago))
    put(clinic.store, a_meeting(created_at=long_ago).synced(NOW))
    # On its way, as a link is for a second or two.
    put(clinic.store, a_meeting(created_at=NOW - timedelta(seconds=30)))

    clinic.sweep()

    assert [line["links_waiting"] for line in lines.named("swept")] == [1]


def test_what_cannot_be_counted_stops_no_sweep(clinic: Clinic, lines: Lines) -> None:
    clinic.overdue(DueKind.CALENDAR)
    trouble = Trouble(clinic.store)

    def fail() -> None:
        raise RetryableError("store_unavailable", "It does not answer.")

    trouble.before_count = fail

    assert clinic.sweep(trouble) == Swept(nudged=1, failed=0, is_complete=True)
    [swept] = lines.named("swept")
    assert "links_waiting" not in swept


def test_out_of_time_there_is_no_counting(clinic: Clinic, lines: Lines, kind: DueKind) -> None:
    clinic.many_overdue(kind, 100)
    clinic.call_takes = timedelta(seconds=1)
    trouble, counts = Trouble(clinic.store), list[int]()
    trouble.before_count = lambda: counts.append(1)

    assert not clinic.sweep(trouble).is_complete

    [swept] = lines.named("swept")
    assert "links_waiting" not in swept
    assert counts == []


def test_a_sweep_that_cannot_read_is_not_one_that_went_through(
    clinic: Clinic, lines: Lines, kind: DueKind
) -> None:
    trouble = Trouble(clinic.store)
    trouble.refuse_to_read(kind, RetryableError("store_unavailable", "It does not answer."))

    with pytest.raises(RetryableError):
        clinic.sweep(trouble)

    assert lines.named("swept") == []
