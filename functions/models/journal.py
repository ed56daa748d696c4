"""The journal of a meeting: who did what to it, when, and what Google said."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from functions.models.value import Value


class EntryKind(StrEnum):
    MEETING_CREATED = "meeting.created"
    MEETING_CHANGED = "meeting.changed"
    MEETING_CANCELLED = "meeting.cancelled"
    MEETING_RETRIED = "meeting.retried"
    MEETING_RECONCILED = "meeting.reconciled"
    PARTICIPANT_ADDED = "participant.added"
    PARTICIPANT_CHANGED = "participant.changed"
    PARTICIPANT_REMOVED = "participant.removed"
    RECORDING_REGISTERED = "recording.registered"
    RECORDING_CHANGED = "recording.changed"
    RECORDING_REMOVED = "recording.removed"
    CALENDAR_SYNCED = "calendar.synced"
    CALENDAR_POSTPONED = "calendar.postponed"
    CALENDAR_FAILED = "calendar.failed"
    MEETING_NOT_STARTED = "meeting.not_started"
    MEETING_FINISHED = "meeting.finished"
    RECORDINGS_REQUESTED = "recordings.requested"
    RECORDINGS_SYNCED = "recordings.synced"
    RECORDINGS_FAILED = "recordings.failed"
    RECORDINGS_EXPIRING = "recordings.expiring"


class GoogleCall(Value):
    """A call to Google, by the method's name in Google's reference, and what came of it."""

    method: str
    outcome: str
    """`ok`, or the code of the failure."""


class JournalEntry(Value):
    """One change of a meeting, written in the commit of that change."""

    meeting_id: str
    sequence: int
    """Counts the meeting's entries, without a gap, from 1."""

    kind: EntryKind
    occurred_at: datetime
    by: str
    """The caller's email, or the function that did it."""

    revision: int
    request_id: str | None = None
    details: Mapping[str, Any] = Field(default_factory=dict)
    google_calls: tuple[GoogleCall, ...] = ()

    @property
    def id(self) -> str:
        """In the order of the meeting's entries."""
        return f"{self.meeting_id}-{self.sequence:08d}"
