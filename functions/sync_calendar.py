"""Make Google Calendar match one meeting.

Level-triggered: it reads the meeting, looks at the event, and inserts, patches or deletes. Run
twice, late, at once or out of order it ends the same. Three things make that so: the event's id
comes from the meeting's; the event carries the revision it shows; every write, here and at
Google, is made only on what was read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from functions.calendar_round import CalendarRound
from functions.errors import ChangedError, ConcurrentChange, RetryableError
from functions.journaled_calendar import JournaledCalendar
from functions.models import CalendarState, Meeting
from functions.ports import Calendar, MeetingStore

ROUNDS = 6
"""How often a run that lost a race reads again before it leaves the rest to the queue."""


@dataclass(frozen=True)
class CalendarSynchronizer:
    store: MeetingStore
    calendar: Calendar
    now: Callable[[], datetime]
    sleep: Callable[[float], object]
    prepares_rooms: bool = False
    """Whether rooms get settings of our own: then `sync_recording` looks at each at once."""

    def sync(self, meeting_id: str) -> Meeting:
        """Make the event match the meeting, and record the outcome on the meeting; idempotent.

        A permanent failure is an outcome; so is one that is tried again only after a long delay.

        Raises:
            MeetingNotFound: there is no such meeting.
            RetryableError: try again soon.
        """
        calendar = JournaledCalendar(self.calendar)
        for _ in range(ROUNDS):
            stored = self.store.get(meeting_id)
            if stored.meeting.calendar.state is not CalendarState.PENDING:
                return stored.meeting
            try:
                return CalendarRound(
                    self.store, calendar, self.now, self.sleep, self.prepares_rooms, stored
                ).run()
            except (ChangedError, ConcurrentChange):
                continue
        raise RetryableError("contended", "The meeting changes faster than it can be synced.")
