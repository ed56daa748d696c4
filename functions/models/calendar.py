"""The meeting's side of its calendar event, and the event as far as the product looks at it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from functions.models.value import Value

OVERDUE_AFTER = timedelta(seconds=60)
"""A change that has not reached Google by then is nudged again by the sweep."""


class CalendarState(StrEnum):
    PENDING = "PENDING"
    SYNCED = "SYNCED"
    FAILED = "FAILED"


class Notify(StrEnum):
    """Whom Google mails about a change; the caller's word for Calendar's `sendUpdates`."""

    ALL = "all"
    EXTERNAL = "external"
    NONE = "none"


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
    pending_since: datetime | None = None
    """When the change was made that Google has yet to see, or was reopened."""

    generation: int = 0
    """Part of the event's id: Google never frees the id of a deleted event."""
    conference_attempt: int = 0
    insert_started_at: datetime | None = None
    """Until some time after this an insert without a known answer may still arrive at Google."""

    def pending(self, now: datetime) -> Self:
        return self.replace(
            state=CalendarState.PENDING,
            due_at=now + OVERDUE_AFTER,
            attempts=0,
            error=None,
            pending_since=now,
        )


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


@dataclass(frozen=True, kw_only=True)
class EventInFull(CalendarEvent):
    """An event of ours with all that a meeting can be made from."""

    organizer_email: str
    guest_emails: tuple[str, ...]
    summary: str
    description: str | None
    scheduled_start: datetime
    scheduled_end: datetime
    time_zone: str
    external_reference: str | None
    notify: Notify
    created_at: datetime


def event_id_of(meeting_id: str, generation: int) -> str:
    """Return the id of a meeting's event, in the alphabet `a-v0-9`.

    https://developers.google.com/workspace/calendar/api/v3/reference/events/insert
    """
    return hashlib.sha256(f"{meeting_id}/{generation}".encode()).hexdigest()[:40]
