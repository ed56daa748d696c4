"""What a meeting is and how it may change: pure values, and the form in which they are stored.

No clock, no input or output, no Google client: whoever needs the time passes it in.
"""

import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from functions.errors import InvalidTransition, NothingToRetry

MEETING_ID = re.compile(r"[0-9a-f]{32}")
OVERDUE_AFTER = timedelta(seconds=60)
"""A change that has not reached Google by then is nudged again by the sweep."""

MAX_NUDGE_INTERVAL = timedelta(hours=1)


class MeetingStatus(StrEnum):
    CREATED = "CREATED"
    SCHEDULED = "SCHEDULED"
    FINISHED = "FINISHED"
    CANCELLED = "CANCELLED"


TRANSITIONS: Mapping[MeetingStatus, frozenset[MeetingStatus]] = MappingProxyType(
    {
        MeetingStatus.CREATED: frozenset({MeetingStatus.SCHEDULED, MeetingStatus.CANCELLED}),
        MeetingStatus.SCHEDULED: frozenset({MeetingStatus.FINISHED, MeetingStatus.CANCELLED}),
        MeetingStatus.FINISHED: frozenset(),
        MeetingStatus.CANCELLED: frozenset(),
    }
)


class CalendarState(StrEnum):
    PENDING = "PENDING"
    SYNCED = "SYNCED"
    FAILED = "FAILED"


class Notify(StrEnum):
    """Whom Google mails about a change; the caller's word for Calendar's `sendUpdates`."""

    ALL = "all"
    EXTERNAL = "external"
    NONE = "none"


class Role(StrEnum):
    ORGANIZER = "organizer"
    GUEST = "guest"


class Value(BaseModel):
    model_config = ConfigDict(
        # A stored value that is not valid may hold an address: it must not reach a log.
        frozen=True,
        extra="ignore",
        defer_build=True,
        hide_input_in_errors=True,
    )

    def replace(self, **changes: Any) -> Self:
        """Return a copy with these fields; the values are trusted, not validated."""
        return self.model_copy(update=changes)


class Participant(Value):
    id: str
    email: str
    role: Role


class SyncError(Value):
    code: str
    detail: str


class CalendarSync(Value):
    """How far Google Calendar matches the meeting."""

    state: CalendarState = CalendarState.PENDING
    synced_revision: int = 0
    due_at: datetime | None = None
    attempts: int = 0
    error: SyncError | None = None
    generation: int = 0
    """Part of the event's id: Google never frees the id of a deleted event."""
    conference_attempt: int = 0
    insert_started_at: datetime | None = None
    """Until some time after this an insert without a known answer may still arrive at Google."""

    def pending(self, now: datetime) -> Self:
        return self.replace(
            state=CalendarState.PENDING, due_at=now + OVERDUE_AFTER, attempts=0, error=None
        )


class Meeting(Value):
    id: str
    status: MeetingStatus = MeetingStatus.CREATED
    livemode: bool
    organizer_email: str
    participants: tuple[Participant, ...]
    participant_emails: tuple[str, ...]
    summary: str
    description: str | None = None
    scheduled_start: datetime
    scheduled_end: datetime
    time_zone: str
    external_reference: str | None = None
    notify: Notify = Notify.ALL
    revision: int = 1
    google_event_id: str | None = None
    meet_link: str | None = None
    meeting_code: str | None = None
    calendar: CalendarSync = Field(default_factory=CalendarSync)
    created_at: datetime
    updated_at: datetime
    created_by: str
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None

    @property
    def participants_count(self) -> int:
        return len(self.participants)

    @property
    def guest_emails(self) -> tuple[str, ...]:
        return tuple(p.email for p in self.participants if p.role is Role.GUEST)

    @property
    def claimed_reference(self) -> str | None:
        """The external_reference that no other meeting may have: a cancelled one claims none."""
        return None if self.is_cancelled else self.external_reference

    @property
    def event_id(self) -> str:
        """The id that this meeting's calendar event has, or will have, in the alphabet `a-v0-9`.

        https://developers.google.com/workspace/calendar/api/v3/reference/events/insert
        """
        seed = f"{self.id}/{self.calendar.generation}"
        return hashlib.sha256(seed.encode()).hexdigest()[:40]

    @property
    def conference_request_id(self) -> str:
        """The id of the request for a Meet room: Google ignores one that it has seen before."""
        return f"{self.id}-{self.calendar.generation}-{self.calendar.conference_attempt}"

    @property
    def is_cancelled(self) -> bool:
        return self.status is MeetingStatus.CANCELLED

    def require(self, status: MeetingStatus) -> None:
        """Raise InvalidTransition unless the meeting may go to this status."""
        if status not in TRANSITIONS[self.status]:
            raise InvalidTransition(self.status, status)

    def changed(self, now: datetime, **changes: Any) -> "Meeting":
        """Return the next revision, which Google has yet to see.

        Raises:
            InvalidTransition: the meeting is finished or cancelled.
        """
        self.require(MeetingStatus.CANCELLED)
        return self.replace(
            **changes,
            revision=self.revision + 1,
            updated_at=now,
            calendar=self.calendar.pending(now),
        )

    def cancelled(self, now: datetime, by: str) -> "Meeting":
        return self.changed(now, status=MeetingStatus.CANCELLED, cancelled_at=now, cancelled_by=by)

    def retried(self, now: datetime) -> "Meeting":
        """Return the same revision, which failed, to be tried once more.

        Raises:
            NothingToRetry: it has not failed.
        """
        if self.calendar.state is not CalendarState.FAILED:
            raise NothingToRetry
        return self.replace(updated_at=now, calendar=self.calendar.pending(now))

    def synced(self, now: datetime) -> "Meeting":
        """Return the meeting as Google now has it."""
        return self.replace(
            status=self.status if self.is_cancelled else MeetingStatus.SCHEDULED,
            updated_at=now,
            calendar=self.calendar.replace(
                state=CalendarState.SYNCED,
                synced_revision=self.revision,
                due_at=None,
                error=None,
                insert_started_at=None,
            ),
        )

    def failed(self, now: datetime, error: SyncError) -> "Meeting":
        """Return the meeting given up on until it changes or is retried."""
        return self._attempted(error, state=CalendarState.FAILED, due_at=None).replace(
            updated_at=now
        )

    def postponed(self, now: datetime, error: SyncError, delay: timedelta | None) -> "Meeting":
        """Return the meeting after an attempt that failed for now, due again after the delay."""
        due_at = self._next_due_at(now) if delay is None else now + delay
        return self._attempted(error, due_at=due_at)

    def nudged(self, now: datetime) -> "Meeting":
        """Return the meeting after its task was handed over again."""
        return self.replace(calendar=self.calendar.replace(due_at=self._next_due_at(now)))

    def _next_due_at(self, now: datetime) -> datetime:
        """Wait for as long as the change has waited already."""
        return now + min(max(now - self.updated_at, OVERDUE_AFTER), MAX_NUDGE_INTERVAL)

    def _attempted(self, error: SyncError, **changes: Any) -> "Meeting":
        attempts = self.calendar.attempts + 1
        return self.replace(
            calendar=self.calendar.replace(attempts=attempts, error=error, **changes)
        )


@dataclass(frozen=True)
class StoredMeeting:
    """A meeting as read, with the token that a later write must still find in place."""

    meeting: Meeting
    version: Any


@dataclass(frozen=True)
class Position:
    """Where a listing goes on: just after the meeting with these two values."""

    created_at: datetime
    id: str


@dataclass(frozen=True)
class Page:
    """Some meetings, and the position after the last one; None where there are no more."""

    meetings: tuple[Meeting, ...]
    next: Position | None


class Conference(StrEnum):
    """What became of the request for a Meet room."""

    NONE = "none"
    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"


@dataclass(frozen=True)
class CalendarEvent:
    """A calendar event, as far as the product looks at it."""

    event_id: str
    etag: str
    is_cancelled: bool = False
    meeting_id: str | None = None
    revision: int = 0
    conference: Conference = Conference.NONE
    conference_request_id: str | None = None
    meet_link: str | None = None
    meeting_code: str | None = None
    attendees: tuple[Mapping[str, Any], ...] = ()
    """As Google sent them: a patch replaces the list, and must keep each guest's answer."""


def new_id() -> str:
    """Return 122 random bits as 32 hexadecimal digits: not a sequence, not guessable."""
    return uuid.uuid4().hex
