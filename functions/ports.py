"""What the product needs of the outside, as the methods it calls.

Each has a real implementation in `infra` and another that needs no Google.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Protocol

from functions.models import CalendarEvent, Meeting, Page, Position, StoredMeeting


class MeetingStore(Protocol):
    def create(self, meeting: Meeting) -> None:
        """Store a new meeting and claim its external_reference in one commit.

        Raises:
            ReferenceTaken: another active meeting has the reference; nothing is stored.
            ConcurrentChange: one had it just now; nothing is stored.
        """

    def get(self, meeting_id: str) -> StoredMeeting:
        """Read one meeting; raises MeetingNotFound."""

    def save(self, stored: StoredMeeting, changed: Meeting) -> StoredMeeting:
        """Replace what was read; frees or claims the external_reference in the same commit.

        Raises:
            ConcurrentChange: somebody else wrote it since; nothing is stored.
            ReferenceTaken: another active meeting has the new reference; nothing is stored.
        """

    def newest(self, page_size: int, after: Position | None) -> Page:
        """Read one page, the newest first."""

    def due(self, now: datetime) -> Iterator[StoredMeeting]:
        """Yield the meetings whose change is overdue, the longest overdue first, page by page."""

    def ping(self) -> None:
        """Raise RetryableError or PermanentError unless the store answers."""


class TaskQueue(Protocol):
    def enqueue(self, name: str, payload: Mapping[str, object]) -> None:
        """Hand over a task; one whose name was used before is taken as handed over already.

        Raises:
            RetryableError: nobody knows whether the task is there.
            PermanentError: the queue refuses it.
        """

    def ping(self) -> None:
        """Raise RetryableError or PermanentError unless the queue is there."""


class Calendar(Protocol):
    """Google Calendar, on behalf of whoever owns the meeting's event.

    Every method raises RetryableError or PermanentError besides what it names.
    """

    @property
    def livemode(self) -> bool:
        """Whether the links lead to real rooms."""

    def insert(self, meeting: Meeting) -> CalendarEvent:
        """Make the event `meeting.event_id`, ask for a room, and mail as the meeting says.

        Raises:
            DuplicateError: there is, or was, an event with this id.
        """

    def get(self, meeting: Meeting) -> CalendarEvent:
        """Read the event `meeting.event_id`; a cancelled one may still be there.

        Raises:
            GoneError: there is no such event.
        """

    def patch(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        """Make the event match the meeting, keep its room, and mail as the meeting says.

        Raises:
            ChangedError: the event is no longer the one given.
            GoneError: it was deleted.
        """

    def request_conference(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        """Ask for a conference by `meeting.conference_request_id`; mails nobody.

        Raises:
            ChangedError: the event is no longer the one given.
            GoneError: it was deleted.
        """

    def delete(self, meeting: Meeting) -> None:
        """Delete the event `meeting.event_id` and mail as the meeting says.

        Raises:
            GoneError: there is no such event, or no longer.
        """
