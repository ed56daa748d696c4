"""A clinic on the mock Workspace, whose clock goes from one look to the next."""

from datetime import datetime, timedelta
from typing import Any

from functions.errors import RetryableError
from functions.hourly_warnings import HourlyWarnings
from functions.models import Meeting
from functions.sync_calendar import CalendarSynchronizer
from functions.sync_recording import RecordingSynchronizer
from infra.embedded.allowances import EmbeddedAllowanceStore
from infra.embedded.database import EmbeddedDatabase
from infra.embedded.meetings import EmbeddedMeetingStore
from infra.mock_workspace import MockCalendar, MockDrive, MockMeet
from tests.values import NOW, a_meeting, put

ROOMS = "http://localhost:8080/simulated-rooms"
LOOKS_AT_MOST = 100


class Clinic:
    def __init__(self) -> None:
        self.time = NOW
        database = EmbeddedDatabase()
        self.store = EmbeddedMeetingStore(database)
        self.meet = MockMeet(self.now)
        self.drive = MockDrive(self.now)
        self.calendar = CalendarSynchronizer(
            self.store, MockCalendar(ROOMS, self.now), self.now, lambda _: None
        )
        self.recordings = RecordingSynchronizer(
            self.store,
            self.meet,
            self.drive,
            HourlyWarnings(EmbeddedAllowanceStore(database), self.now),
            self.now,
        )

    def now(self) -> datetime:
        return self.time

    def a_meeting(self, external_reference: str | None = None, **changes: Any) -> Meeting:
        """Store a meeting of an hour from tomorrow, and make its room."""
        meeting = a_meeting(livemode=False, external_reference=external_reference, **changes)
        put(self.store, meeting)
        return self.calendar.sync(meeting.id)

    def change(self, meeting: Meeting, **changes: Any) -> Meeting:
        stored = self.store.get(meeting.id)
        self.store.save(stored, stored.meeting.changed(self.time, **changes))
        return self.calendar.sync(meeting.id)

    def after_end(self, meeting: Meeting, **later: float) -> Meeting:
        """Make every look that is due until so much later than the scheduled end."""
        until = meeting.scheduled_end + timedelta(**later)
        for _ in range(LOOKS_AT_MOST):
            meeting = self.store.get(meeting.id).meeting
            due_at = meeting.recording_sync.due_at
            if due_at is None or due_at > until:
                self.time = max(self.time, until)
                return meeting
            self.time = max(self.time, due_at)
            try:
                self.recordings.sync(meeting.id)
            except RetryableError:
                continue
        raise AssertionError("the looks do not end")
