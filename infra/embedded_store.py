"""The meetings in this process's memory, for the local stack: gone when it ends."""

import threading
from collections.abc import Iterator
from datetime import datetime

from functions.errors import ConcurrentChange, MeetingNotFound, ReferenceTaken
from functions.models import Meeting, Page, Position, StoredMeeting


class EmbeddedMeetingStore:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._meetings: dict[str, StoredMeeting] = {}
        self._references: dict[str, str] = {}

    def create(self, meeting: Meeting) -> None:
        with self._lock:
            if meeting.id in self._meetings:
                raise ConcurrentChange
            self._claim(meeting)
            self._meetings[meeting.id] = StoredMeeting(meeting=meeting, version=1)

    def get(self, meeting_id: str) -> StoredMeeting:
        with self._lock:
            return self._get(meeting_id)

    def save(self, stored: StoredMeeting, changed: Meeting) -> StoredMeeting:
        with self._lock:
            current = self._get(changed.id)
            if current.version != stored.version:
                raise ConcurrentChange
            self._claim(changed)
            before = current.meeting.claimed_reference
            if before is not None and before != changed.claimed_reference:
                del self._references[before]
            saved = StoredMeeting(meeting=changed, version=current.version + 1)
            self._meetings[changed.id] = saved
            return saved

    def newest(self, page_size: int, after: Position | None) -> Page:
        with self._lock:
            meetings = [stored.meeting for stored in self._meetings.values()]
        meetings.sort(key=_age, reverse=True)
        if after is not None:
            meetings = [m for m in meetings if _age(m) < (after.created_at, after.id)]
        page = tuple(meetings[:page_size])
        following = None
        if len(meetings) > page_size:
            following = Position(created_at=page[-1].created_at, id=page[-1].id)
        return Page(page, following)

    def due(self, now: datetime) -> Iterator[StoredMeeting]:
        with self._lock:
            waiting = [
                (stored.meeting.calendar.due_at, stored)
                for stored in self._meetings.values()
                if stored.meeting.calendar.due_at is not None
            ]
        overdue = [pair for pair in waiting if pair[0] <= now]
        for _, stored in sorted(overdue, key=lambda pair: pair[0]):
            yield stored

    def ping(self) -> None:
        return

    def _get(self, meeting_id: str) -> StoredMeeting:
        try:
            return self._meetings[meeting_id]
        except KeyError:
            raise MeetingNotFound from None

    def _claim(self, meeting: Meeting) -> None:
        reference = meeting.claimed_reference
        if reference is None:
            return
        owner = self._references.setdefault(reference, meeting.id)
        if owner != meeting.id:
            raise ReferenceTaken(owner)


def _age(meeting: Meeting) -> tuple[datetime, str]:
    return meeting.created_at, meeting.id
