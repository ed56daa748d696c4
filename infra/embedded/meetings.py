"""The meetings and their journal."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from functions.errors import ConcurrentChange, MeetingNotFound, ReferenceTaken
from functions.models import (
    CalendarState,
    Claim,
    DueKind,
    JournalEntry,
    Meeting,
    MeetingQuery,
    MeetingStatus,
    Page,
    Position,
    StoredMeeting,
    StoredUser,
    new_user,
)
from infra.embedded.database import EmbeddedDatabase


class EmbeddedMeetingStore:
    def __init__(self, database: EmbeddedDatabase) -> None:
        self._database = database

    def create(self, meeting: Meeting, entry: JournalEntry, claim: Claim | None = None) -> None:
        with self._database.lock:
            if meeting.id in self._database.meetings:
                raise ConcurrentChange
            self._database.refuse_taken_key(claim)
            self._claim_reference(meeting)
            self._database.add_claim(claim)
            self._database.meetings[meeting.id] = StoredMeeting(meeting=meeting, version=1)
            self._database.journals[meeting.id] = [entry]
            organizer = new_user(meeting.organizer_email, meeting.created_at)
            self._database.users.setdefault(organizer.id, StoredUser(organizer, 1))

    def get(self, meeting_id: str) -> StoredMeeting:
        with self._database.lock:
            return self._get(meeting_id)

    def save(
        self,
        stored: StoredMeeting,
        changed: Meeting,
        entry: JournalEntry | None = None,
        claim: Claim | None = None,
    ) -> StoredMeeting:
        with self._database.lock:
            self._database.refuse_taken_key(claim)
            current = self._get(changed.id)
            if current.version != stored.version:
                raise ConcurrentChange
            self._claim_reference(changed)
            self._database.add_claim(claim)
            before = current.meeting.claimed_reference
            if before is not None and before != changed.claimed_reference:
                del self._database.references[before]
            saved = StoredMeeting(meeting=changed, version=current.version + 1)
            self._database.meetings[changed.id] = saved
            if entry is not None:
                self._database.journals[changed.id].append(entry)
            return saved

    def page(self, query: MeetingQuery, page_size: int, after: Position | None) -> Page[Meeting]:
        with self._database.lock:
            meetings = [stored.meeting for stored in self._database.meetings.values()]
        found = [
            (_key(query.position(meeting)), meeting)
            for meeting in meetings
            if _fits(query, meeting)
        ]
        found.sort(key=lambda pair: pair[0], reverse=query.ordering.is_descending)
        if after is not None:
            is_earlier = tuple.__gt__ if query.ordering.is_descending else tuple.__lt__
            found = [
                pair
                for pair in found
                if not is_earlier(pair[0], _key(after))
                and (after.part is not None or pair[0] != _key(after))
            ]
        page = tuple(meeting for _, meeting in found[:page_size])
        return Page(page, query.position(page[-1]) if len(found) > page_size else None)

    def find_active(self, external_reference: str) -> Meeting | None:
        with self._database.lock:
            owner = self._database.references.get(external_reference)
            return None if owner is None else self._get(owner).meeting

    def journal(
        self, meeting_id: str, page_size: int, after: Position | None
    ) -> Page[JournalEntry]:
        with self._database.lock:
            entries = list(self._database.journals.get(meeting_id, ()))
        if after is not None:
            entries = [entry for entry in entries if entry.id > after.id]
        page = tuple(entries[:page_size])
        return Page(page, Position((), page[-1].id) if len(entries) > page_size else None)

    def due(self, kind: DueKind, now: datetime) -> Iterator[StoredMeeting]:
        with self._database.lock:
            waiting = [
                (stored.meeting.due_at(kind), stored) for stored in self._database.meetings.values()
            ]
        overdue = [(at, stored) for at, stored in waiting if at is not None and at <= now]
        for _, stored in sorted(overdue, key=lambda pair: pair[0]):
            yield stored

    def count_waiting(self, asked_before: datetime) -> int:
        with self._database.lock:
            meetings = [stored.meeting for stored in self._database.meetings.values()]
        return sum(
            meeting.status is MeetingStatus.CREATED
            and meeting.calendar.state is CalendarState.PENDING
            and meeting.created_at < asked_before
            for meeting in meetings
        )

    def ping(self) -> None:
        return

    def _get(self, meeting_id: str) -> StoredMeeting:
        try:
            return self._database.meetings[meeting_id]
        except KeyError:
            raise MeetingNotFound from None

    def _claim_reference(self, meeting: Meeting) -> None:
        reference = meeting.claimed_reference
        if reference is None:
            return
        owner = self._database.references.setdefault(reference, meeting.id)
        if owner != meeting.id:
            raise ReferenceTaken(owner)


def _key(position: Position) -> tuple[Any, ...]:
    return (*position.values, position.id)


def _fits(query: MeetingQuery, meeting: Meeting) -> bool:
    start = meeting.scheduled_start
    return (
        (not query.statuses or meeting.status in query.statuses)
        and query.organizer_email in (None, meeting.organizer_email)
        and query.external_reference in (None, meeting.external_reference)
        and query.calendar_state in (None, meeting.calendar.state)
        and query.participant_email in (None, *meeting.participant_emails)
        and query.guest_email in (None, *meeting.guest_emails)
        and (not query.recording_states or meeting.recording_states in query.recording_states)
        and (query.scheduled_from is None or start >= query.scheduled_from)
        and (query.scheduled_to is None or start < query.scheduled_to)
    )
