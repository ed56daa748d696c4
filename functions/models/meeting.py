"""A meeting and how it may change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from pydantic import Field

from functions.errors import InvalidTransition, NothingToRetry, Refused
from functions.models.calendar import (
    OVERDUE_AFTER,
    CalendarState,
    CalendarSync,
    Notify,
    SyncError,
    event_id_of,
)
from functions.models.conference import ConferenceRecord
from functions.models.journal import EntryKind, JournalEntry
from functions.models.looks import first_look_at
from functions.models.participant import MAX_PARTICIPANTS, Participant, Role
from functions.models.recording import (
    Recording,
    RecordingState,
    RecordingSync,
    RecordingSyncState,
    states_word,
)
from functions.models.space import SettingOutcome
from functions.models.value import Value

MEETING_ID = re.compile(r"[0-9a-f]{32}")
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


class DueKind(StrEnum):
    """What may be due on a meeting, by the field that has its `due_at`."""

    CALENDAR = "calendar"
    RECORDINGS = "recording_sync"


class Meeting(Value):
    id: str
    status: MeetingStatus = MeetingStatus.CREATED
    livemode: bool
    organizer_email: str
    participants: tuple[Participant, ...]
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
    space_name: str | None = None
    """The room's lasting name at Meet, read once by its code."""

    access_type: SettingOutcome | None = None
    auto_recording: SettingOutcome | None = None
    calendar: CalendarSync = Field(default_factory=CalendarSync)
    recording_sync: RecordingSync = Field(default_factory=RecordingSync)
    conferences: tuple[ConferenceRecord, ...] = ()
    recordings: tuple[Recording, ...] = ()
    removed_recordings: tuple[str, ...] = ()
    """Names and Drive's ids of those that an operator removed: they are not found again."""

    journal_length: int = 0
    created_at: datetime
    updated_at: datetime
    created_by: str
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None
    cancel_reason: str | None = None

    @property
    def participants_count(self) -> int:
        return len(self.participants)

    @property
    def participant_emails(self) -> tuple[str, ...]:
        return tuple(p.email for p in self.participants)

    @property
    def guest_emails(self) -> tuple[str, ...]:
        return tuple(p.email for p in self.participants if p.role is Role.GUEST)

    @property
    def recording_states(self) -> str:
        return states_word(recording.state for recording in self.recordings)

    @property
    def recording(self) -> Recording | None:
        """The newest recording that is available."""
        available = [r for r in self.recordings if r.state is RecordingState.AVAILABLE]
        return max(available, key=lambda r: (r.started_at or r.created_at, r.id), default=None)

    @property
    def claimed_reference(self) -> str | None:
        """The external_reference that no other meeting may have: a cancelled one claims none."""
        return None if self.is_cancelled else self.external_reference

    @property
    def event_id(self) -> str:
        """The id that this meeting's calendar event has, or will have."""
        return event_id_of(self.id, self.calendar.generation)

    @property
    def conference_request_id(self) -> str:
        """The id of the request for a Meet room: Google ignores one that it has seen before."""
        return f"{self.id}-{self.calendar.generation}-{self.calendar.conference_attempt}"

    @property
    def is_cancelled(self) -> bool:
        return self.status is MeetingStatus.CANCELLED

    def due_at(self, kind: DueKind) -> datetime | None:
        sync = self.calendar if kind is DueKind.CALENDAR else self.recording_sync
        return sync.due_at

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
        changed = self.replace(
            **changes,
            revision=self.revision + 1,
            updated_at=now,
            calendar=self.calendar.pending(now),
        )
        is_moved = (changed.scheduled_start, changed.scheduled_end) != (
            self.scheduled_start,
            self.scheduled_end,
        )
        if changed.is_cancelled:
            return changed._waiting_for_its_time()
        if not is_moved:
            return changed
        # What took place at the old time is not the new one's; what was recorded then is kept.
        return changed._waiting_for_its_time().replace(conferences=())

    def cancelled(self, now: datetime, by: str, reason: str | None = None) -> "Meeting":
        return self.changed(
            now,
            status=MeetingStatus.CANCELLED,
            cancelled_at=now,
            cancelled_by=by,
            cancel_reason=reason,
        )

    def retried(self, now: datetime) -> "Meeting":
        """Return the same revision, which failed, to be tried once more.

        Raises:
            NothingToRetry: it has not failed.
        """
        if self.calendar.state is not CalendarState.FAILED:
            raise NothingToRetry
        return self.replace(updated_at=now, calendar=self.calendar.pending(now))

    def synced(self, now: datetime, prepares_room: bool = False) -> "Meeting":
        """Return the meeting as Google now has it; a room that is prepared is looked at at once."""
        synced = self.replace(
            status=MeetingStatus.SCHEDULED if self.status is MeetingStatus.CREATED else self.status,
            updated_at=now,
            calendar=self.calendar.replace(
                state=CalendarState.SYNCED,
                synced_revision=self.revision,
                due_at=None,
                error=None,
                insert_started_at=None,
                pending_since=None,
            ),
        )
        sync = self.recording_sync
        if sync.state is not RecordingSyncState.WAITING or sync.due_at is not None:
            return synced
        waiting = synced._waiting_for_its_time()
        if not prepares_room or waiting.recording_sync.due_at is None:
            return waiting
        return waiting.replace(recording_sync=waiting.recording_sync.replace(due_at=now))

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

    def get_participant(self, participant_id: str) -> Participant:
        """Return one participant; raises Refused where there is none of this id."""
        for participant in self.participants:
            if participant.id == participant_id:
                return participant
        raise Refused("participant_not_found")

    def with_participants(self, now: datetime, participants: tuple[Participant, ...]) -> "Meeting":
        """Return the next revision with these participants.

        Raises:
            InvalidTransition: the meeting is over.
            Refused: an address comes twice, or there are too many.
        """
        emails = [participant.email for participant in participants]
        if len(set(emails)) < len(emails):
            raise Refused("participant_exists")
        if len(emails) > MAX_PARTICIPANTS:
            raise Refused("too_many_participants")
        return self.changed(now, participants=participants)

    def get_recording(self, recording_id: str) -> Recording:
        """Return one recording; raises Refused where there is none of this id."""
        for recording in self.recordings:
            if recording.id == recording_id:
                return recording
        raise Refused("recording_not_found")

    def noting(
        self, kind: EntryKind, occurred_at: datetime, by: str, **more: Any
    ) -> tuple["Meeting", JournalEntry]:
        """Return the meeting with one journal entry more, and the entry."""
        entry = JournalEntry(
            meeting_id=self.id,
            sequence=self.journal_length + 1,
            kind=kind,
            occurred_at=occurred_at,
            by=by,
            revision=self.revision,
            **more,
        )
        return self.replace(journal_length=entry.sequence), entry

    def _waiting_for_its_time(self) -> "Meeting":
        """Return the meeting to be looked at in its time, whatever was found until now."""
        due_at = None
        if self.meeting_code is not None and not self.is_cancelled:
            due_at = first_look_at(self.scheduled_start, self.scheduled_end)
        return self.replace(recording_sync=RecordingSync(due_at=due_at))

    def _next_due_at(self, now: datetime) -> datetime:
        """Wait for as long as the change has waited already."""
        waited = now - (self.calendar.pending_since or now)
        return now + min(max(waited, OVERDUE_AFTER), MAX_NUDGE_INTERVAL)

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
