"""`sweep`: what is overdue gets a task, once, and whatever goes wrong nothing is forgotten."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from functions.errors import RetryableError
from functions.models import Meeting
from functions.sweep import RUN_AT_MOST, Sweeper
from infra.embedded.database import EmbeddedDatabase
from infra.embedded.meetings import EmbeddedMeetingStore
from tests.values import NOW, a_meeting, put


class Queue:
    """Keeps the names of its tasks, as Cloud Tasks does; refuses those of some meetings."""

    def __init__(self) -> None:
        self.tasks: dict[str, str] = {}
        self.refused: set[str] = set()

    def enqueue(self, name: str, payload: Mapping[str, object]) -> None:
        meeting_id = str(payload["meeting_id"])
        if meeting_id in self.refused:
            raise RetryableError("queue_unavailable", "It does not answer.")
        self.tasks[name] = meeting_id

    def ping(self) -> None:
        return


class Clinic:
    def __init__(self) -> None:
        self.store = EmbeddedMeetingStore(EmbeddedDatabase())
        self.queue = Queue()
        self.time = NOW
        self.sweeper = Sweeper(self.store, self.queue, lambda: self.time)

    def overdue(self, minutes: int = 5) -> Meeting:
        meeting = a_meeting(created_at=NOW - timedelta(minutes=minutes))
        put(self.store, meeting)
        return meeting


@pytest.fixture
def clinic() -> Clinic:
    return Clinic()


def test_what_is_overdue_gets_a_task_and_is_due_again_later(clinic: Clinic) -> None:
    meeting = clinic.overdue(minutes=5)

    swept = clinic.sweeper.sweep()

    assert (swept.nudged, swept.is_complete) == (1, True)
    assert list(clinic.queue.tasks.values()) == [meeting.id]
    # It has waited for five minutes already, so it may wait for five more.
    assert clinic.store.get(meeting.id).meeting.calendar.due_at == NOW + timedelta(minutes=5)


def test_what_is_not_due_or_is_settled_is_left_alone(clinic: Clinic) -> None:
    put(clinic.store, a_meeting(created_at=NOW))
    settled = clinic.overdue()
    clinic.store.save(clinic.store.get(settled.id), settled.synced(NOW))

    swept = clinic.sweeper.sweep()

    assert swept.nudged == 0
    assert clinic.queue.tasks == {}


def test_a_repeated_sweep_does_nothing_more(clinic: Clinic) -> None:
    clinic.overdue()

    clinic.sweeper.sweep()
    clinic.sweeper.sweep()

    assert len(clinic.queue.tasks) == 1


def test_a_nudge_that_is_lost_is_given_again_under_another_name(clinic: Clinic) -> None:
    meeting = clinic.overdue()

    clinic.sweeper.sweep()
    clinic.time += timedelta(minutes=5)
    clinic.sweeper.sweep()

    assert list(clinic.queue.tasks.values()) == [meeting.id, meeting.id]


def test_two_sweeps_at_once_give_one_task(clinic: Clinic) -> None:
    meeting = clinic.overdue()
    other = Sweeper(OvertakenStore(clinic), clinic.queue, lambda: clinic.time)

    swept = other.sweep()

    assert swept.nudged == 0
    assert list(clinic.queue.tasks.values()) == [meeting.id]


class OvertakenStore(EmbeddedMeetingStore):
    """Another sweep runs between this one's reading and its writing."""

    def __init__(self, clinic: Clinic) -> None:
        super().__init__(EmbeddedDatabase())
        self._clinic = clinic

    def due(self, now):
        overdue = list(self._clinic.store.due(now))
        self._clinic.sweeper.sweep()
        yield from overdue

    def save(self, stored, changed, entry=None, claim=None):
        return self._clinic.store.save(stored, changed, entry, claim)


def test_the_longest_overdue_comes_first(clinic: Clinic) -> None:
    young, old = clinic.overdue(minutes=3), clinic.overdue(minutes=30)

    clinic.sweeper.sweep()

    assert list(clinic.queue.tasks.values()) == [old.id, young.id]


def test_a_task_that_is_refused_stays_due_and_holds_up_nobody(clinic: Clinic) -> None:
    refused, other = clinic.overdue(minutes=30), clinic.overdue(minutes=3)
    clinic.queue.refused.add(refused.id)

    swept = clinic.sweeper.sweep()

    assert (swept.nudged, swept.failed) == (1, 1)
    assert list(clinic.queue.tasks.values()) == [other.id]
    assert [stored.meeting.id for stored in clinic.store.due(NOW)] == [refused.id]


def test_a_queue_that_refuses_everything_is_asked_once_for_each(clinic: Clinic) -> None:
    clinic.queue.refused |= {clinic.overdue().id for _ in range(7)}

    swept = clinic.sweeper.sweep()

    assert (swept.nudged, swept.failed, swept.is_complete) == (0, 7, True)


def test_it_stops_well_before_its_deadline(clinic: Clinic) -> None:
    for _ in range(100):
        clinic.overdue()
    slow = Sweeper(clinic.store, SlowQueue(clinic), lambda: clinic.time)

    swept = slow.sweep()

    assert not swept.is_complete
    assert swept.nudged == RUN_AT_MOST.total_seconds()


class SlowQueue(Queue):
    def __init__(self, clinic: Clinic) -> None:
        super().__init__()
        self._clinic = clinic

    def enqueue(self, name: str, payload: Mapping[str, object]) -> None:
        super().enqueue(name, payload)
        self._clinic.time += timedelta(seconds=1)
