"""Give whatever is overdue a task: the one clock of the product.

It reads what is due and nothing else, so that its cost grows with what is due, not with what is
stored.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions import calendar_task
from functions.errors import ConcurrentChange, UpstreamError
from functions.models import StoredMeeting
from functions.ports import MeetingStore, TaskQueue

logger = logging.getLogger(__name__)

RUN_AT_MOST = timedelta(seconds=45)
"""It stops by then and goes on in the next minute."""


@dataclass(frozen=True)
class Swept:
    """How many meetings were nudged, and whether all that was due was seen."""

    nudged: int
    failed: int
    is_complete: bool


@dataclass(frozen=True)
class Sweeper:
    store: MeetingStore
    queue: TaskQueue
    now: Callable[[], datetime]

    def sweep(self) -> Swept:
        """Nudge every meeting whose change is overdue; two at once and a repeated one do no harm.

        Raises:
            RetryableError: the store could not be read.
        """
        started_at = self.now()
        nudged = failed = 0
        for stored in self.store.due(started_at):
            if self.now() >= started_at + RUN_AT_MOST:
                return Swept(nudged, failed, is_complete=False)
            try:
                nudged += self._nudge(stored)
            except UpstreamError as error:
                failed += 1
                logger.warning(
                    "task not enqueued", extra={"meeting_id": stored.meeting.id, "code": error.code}
                )
        return Swept(nudged, failed, is_complete=True)

    def _nudge(self, stored: StoredMeeting) -> bool:
        """Hand over a task and set the next due time; False where another sweep did."""
        meeting = stored.meeting
        # The task before the write: a crash between them is made good next time, when the same
        # due time gives the same name.
        calendar_task.enqueue(self.queue, meeting, due_at=meeting.calendar.due_at)
        try:
            self.store.save(stored, meeting.nudged(self.now()))
        except ConcurrentChange:
            return False
        return True
