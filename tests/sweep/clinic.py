"""A store with meetings that have something due, two queues, and a clock."""

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from functions.errors import RetryableError, UpstreamError
from functions.models import DueKind, Meeting
from functions.ports import MeetingStore
from functions.sweep import Sweeper, Swept
from functions.tracing import current_request_id
from tests.values import NOW, a_meeting, put

CODE = "abc-defg-hij"


class Queue:
    """Keeps the names of its tasks, as Cloud Tasks does; may refuse some."""

    def __init__(self, tick: Callable[[], None]) -> None:
        self.tasks: dict[str, str] = {}
        """The meeting of each name, in the order of handing over."""

        self.asked: list[str] = []
        self.delays_seconds: list[int] = []
        self.request_ids: set[str | None] = set()
        self.refuses: Callable[[str], bool] = lambda meeting_id: False
        self._tick = tick

    def enqueue(self, name: str, payload: Mapping[str, object], *, delay_seconds: int = 0) -> None:
        meeting_id = str(payload["meeting_id"])
        self._tick()
        self.asked.append(meeting_id)
        self.delays_seconds.append(delay_seconds)
        self.request_ids.add(current_request_id())
        if self.refuses(meeting_id):
            raise RetryableError("queue_unavailable", "It does not answer.")
        self.tasks.setdefault(name, meeting_id)

    def ping(self) -> None:
        return


class Trouble:
    """A store in which something happens before what is asked is done."""

    def __init__(self, store: MeetingStore) -> None:
        self._store = store
        self.before_save: Callable[[Meeting], object] = bool
        self.before_due: Callable[[DueKind], object] = bool
        self.before_count: Callable[[], object] = bool

    def refuse_to_read(self, kind: DueKind, error: UpstreamError) -> None:
        """Raise the error where what is due of this kind is asked for."""

        def refuse(asked: DueKind) -> None:
            if asked is kind:
                raise error

        self.before_due = refuse

    def due(self, kind: DueKind, now: datetime) -> Any:
        self.before_due(kind)
        return self._store.due(kind, now)

    def count_waiting(self, asked_before: datetime) -> int:
        self.before_count()
        return self._store.count_waiting(asked_before)

    def save(self, stored: Any, changed: Meeting, *more: Any) -> Any:
        self.before_save(changed)
        return self._store.save(stored, changed, *more)


class Clinic:
    def __init__(self, store: MeetingStore) -> None:
        self.store = store
        self.time = NOW
        self.call_takes = timedelta()
        """By how much each task that is handed over moves the clock."""

        self._lock = threading.Lock()
        self.changes, self.looks = Queue(self._tick), Queue(self._tick)

    def queue(self, kind: DueKind) -> Queue:
        return self.changes if kind is DueKind.CALENDAR else self.looks

    def sweeper(self, store: Any = None) -> Sweeper:
        return Sweeper(store or self.store, self.changes, self.looks, lambda: self.time)

    def sweep(self, store: Any = None) -> Swept:
        return self.sweeper(store).sweep()

    def overdue(self, kind: DueKind, minutes: float = 5) -> Meeting:
        """Store a meeting whose change, or whose first look, is due for so long."""
        meeting = overdue_meeting(kind, minutes)
        put(self.store, meeting)
        return meeting

    def many_overdue(self, kind: DueKind, count: int) -> list[str]:
        """Store so many, each due for longer than the next; returns their ids in that order."""
        meetings = [overdue_meeting(kind, 200 - number / 1000) for number in range(count)]
        # Not in their order, and fast.
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda meeting: put(self.store, meeting), reversed(meetings)))
        return [meeting.id for meeting in meetings]

    def due_at(self, meeting: Meeting, kind: DueKind) -> datetime | None:
        return self.store.get(meeting.id).meeting.due_at(kind)

    def due(self, kind: DueKind) -> list[str]:
        return [stored.meeting.id for stored in self.store.due(kind, self.time)]

    def _tick(self) -> None:
        with self._lock:
            self.time += self.call_takes


def overdue_meeting(kind: DueKind, minutes: float) -> Meeting:
    due_at = NOW - timedelta(minutes=minutes)
    if kind is DueKind.CALENDAR:
        return a_meeting(created_at=due_at - timedelta(minutes=1))
    # The first look is five minutes after the start.
    start = due_at - timedelta(minutes=5)
    meeting = a_meeting(
        scheduled_start=start, scheduled_end=start + timedelta(hours=1), meeting_code=CODE
    )
    return meeting.synced(start - timedelta(days=1))


def displaced(order: Iterable[str], expected: list[str]) -> int:
    """Return by how many places at most one came later than expected."""
    places = {meeting_id: place for place, meeting_id in enumerate(expected)}
    return max(place - places[meeting_id] for place, meeting_id in enumerate(order))
