"""Give whatever is overdue a task: the one clock of the product.

It reads what is due and nothing else, so that its cost grows with what is due, not with what is
stored.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from itertools import chain, islice, zip_longest

from functions import measurements, meeting_tasks
from functions.errors import ConcurrentChange, UpstreamError
from functions.evidence import expecting_next_look
from functions.models import OVERDUE_AFTER, DueKind, StoredMeeting
from functions.ports import MeetingStore, TaskQueue
from functions.tracing import current_trace

logger = logging.getLogger(__name__)

RUN_AT_MOST = timedelta(seconds=40)
"""It begins nothing after that, and goes on in the next minute.

What is under way then has time limits of its own, some 15 s together.
"""

AT_ONCE = 8
"""How many meetings are seen to at once: most of the time Google's answers are waited for."""

BATCH_SIZE = 200
WRITTEN_WITHIN_SECONDS = 1
"""A task waits that long at least: one that reads before must do all of its work again."""

Due = tuple[DueKind, StoredMeeting]


class Outcome(Enum):
    NUDGED = auto()
    OVERTAKEN = auto()
    """Somebody else wrote the meeting meanwhile: another sweep, or the worker already."""

    FAILED = auto()
    OUT_OF_TIME = auto()


@dataclass(frozen=True)
class Swept:
    """How many meetings were nudged, and whether all that was due was seen."""

    nudged: int
    failed: int
    is_complete: bool


@dataclass(frozen=True)
class Sweeper:
    store: MeetingStore
    calendar_queue: TaskQueue
    recording_queue: TaskQueue
    now: Callable[[], datetime]

    def sweep(self) -> Swept:
        """Nudge every meeting that has something due; two at once and a repeated one do no harm.

        The kinds of due take turns, one meeting of each, the longest overdue first: however many
        there are of one, and whatever is wrong with them, half of the time is for the other.

        Raises:
            RetryableError, PermanentError: a kind could not be read to its end; the other was.
        """
        started_at = self.now()
        unread: list[UpstreamError] = []
        kinds = [self._due(kind, started_at, unread) for kind in DueKind]
        turns = filter(None, chain.from_iterable(zip_longest(*kinds)))
        outcomes: Counter[Outcome] = Counter()
        oldest_due_seconds: dict[DueKind, float] = {}
        is_complete = False

        def see_to(due: Due) -> Outcome:
            if self.now() >= started_at + RUN_AT_MOST:
                return Outcome.OUT_OF_TIME
            return self._see_to(*due)

        # What a thread logs and hands over is part of this request, too.
        trace = current_trace.get()
        with ThreadPoolExecutor(AT_ONCE, "sweep", current_trace.set, (trace,)) as pool:
            while not is_complete and self.now() < started_at + RUN_AT_MOST:
                batch = tuple(islice(turns, BATCH_SIZE))
                for kind, stored in batch:
                    waited = started_at - (stored.meeting.due_at(kind) or started_at)
                    # The first of a kind is the oldest.
                    oldest_due_seconds.setdefault(kind, waited.total_seconds())
                outcomes.update(pool.map(see_to, batch))
                is_complete = len(batch) < BATCH_SIZE and not outcomes[Outcome.OUT_OF_TIME]
        if unread:
            raise unread[0]
        # Out of time there is none left to count in.
        waiting = self._count_waiting(started_at - OVERDUE_AFTER) if is_complete else None
        measurements.swept(waiting, dict.fromkeys(DueKind, 0.0) | oldest_due_seconds)
        return Swept(outcomes[Outcome.NUDGED], outcomes[Outcome.FAILED], is_complete)

    def _due(self, kind: DueKind, now: datetime, unread: list[UpstreamError]) -> Iterator[Due]:
        try:
            for stored in self.store.due(kind, now):
                yield kind, stored
        except UpstreamError as error:
            unread.append(error)

    def _count_waiting(self, asked_before: datetime) -> int | None:
        try:
            return self.store.count_waiting(asked_before)
        except UpstreamError as error:
            logger.warning("links not counted", extra={"code": error.code})
            return None

    def _see_to(self, kind: DueKind, stored: StoredMeeting) -> Outcome:
        meeting_id = stored.meeting.id
        try:
            self._nudge(kind, stored)
        except ConcurrentChange:
            return Outcome.OVERTAKEN
        except UpstreamError as error:
            extra = {"meeting_id": meeting_id, "code": error.code}
            logger.warning("meeting not nudged", extra=extra)
            return Outcome.FAILED
        except Exception:
            # Whatever is wrong with one meeting must not hold up those behind it.
            logger.exception("meeting not nudged", extra={"meeting_id": meeting_id})
            return Outcome.FAILED
        return Outcome.NUDGED

    def _nudge(self, kind: DueKind, stored: StoredMeeting) -> None:
        """Hand over a task and set the next due time; raises ConcurrentChange."""
        meeting = stored.meeting
        due_at = meeting.due_at(kind)
        if due_at is None:
            return
        # The task before the write: a crash between them is made good next time, when the same
        # due time gives the same name.
        if kind is DueKind.CALENDAR:
            meeting_tasks.enqueue_calendar(
                self.calendar_queue, meeting, due_at, delay_seconds=WRITTEN_WITHIN_SECONDS
            )
            nudged = meeting.nudged(self.now())
        else:
            meeting_tasks.enqueue_look(
                self.recording_queue, meeting, due_at, delay_seconds=WRITTEN_WITHIN_SECONDS
            )
            nudged = expecting_next_look(meeting, self.now())
        self.store.save(stored, nudged)
