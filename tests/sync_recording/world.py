"""A clinic whose appointments take place: its Workspace, a store, and everything that looks."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from functions.errors import RetryableError
from functions.hourly_warnings import HourlyWarnings
from functions.models import DueKind, Meeting
from functions.sweep import Sweeper
from functions.sync_calendar import CalendarSynchronizer
from functions.sync_recording import RecordingSynchronizer
from infra.credentials import DelegatedCredentials
from infra.embedded.allowances import EmbeddedAllowanceStore
from infra.embedded.database import EmbeddedDatabase
from infra.embedded.meetings import EmbeddedMeetingStore
from infra.google_calendar import GoogleCalendar
from infra.google_connections import Mailboxes
from infra.google_drive import GoogleDrive
from infra.google_meet import GoogleMeet
from tests.values import NOW, ORGANIZER, a_meeting, put
from tests.workspace_double.double import (
    CALENDAR_EVENTS,
    DRIVE_MEET_READONLY,
    MEET_READONLY,
    SERVICE_ACCOUNT,
    WorkspaceDouble,
)
from tests.workspace_double.held import Attendee, Conference, anonymous, signed_in

SCOPES = (CALENDAR_EVENTS, MEET_READONLY, DRIVE_MEET_READONLY)
START = NOW + timedelta(hours=1)
END = START + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SOON = END + timedelta(seconds=30)
"""The first look after the end."""

DOCTOR = signed_in(ORGANIZER)
PATIENT = anonymous("Ana")
BOTH = (DOCTOR, PATIENT)


def verdict(meeting: Meeting) -> tuple[str, str | None]:
    return meeting.recording_sync.state, meeting.recording_sync.reason


class Queue:
    """Keeps its tasks until they are run, each name once."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.waiting: list[str] = []

    def enqueue(self, name: str, payload: Mapping[str, object], *, delay_seconds: int = 0) -> None:
        if name not in self.names:
            self.names.add(name)
            self.waiting.append(str(payload["meeting_id"]))

    def ping(self) -> None:
        return


class World:
    """Its clock moves when a test says so, and the Workspace goes by the same one."""

    def __init__(self, key_file: Path) -> None:
        self.time = NOW
        self.double = WorkspaceDouble(now=self.now)
        self.double.start()
        self.double.delegate(SERVICE_ACCOUNT, SCOPES)
        self.double.add_user(ORGANIZER)
        self.double.add_user("frontdesk@clinica.com")
        key_file.write_text(json.dumps(self.double.service_account_key()))
        self.mailboxes = Mailboxes(
            DelegatedCredentials(key_file=str(key_file)),
            frozenset({"clinica.com"}),
            "frontdesk@clinica.com",
        )
        self.database = EmbeddedDatabase()
        self.store = EmbeddedMeetingStore(self.database)
        self.calendar_queue, self.queue = Queue(), Queue()
        self.calendar = CalendarSynchronizer(
            self.store,
            GoogleCalendar(self.mailboxes, self.double.calendar_endpoint),
            self.now,
            lambda _: None,
        )
        self.recordings = RecordingSynchronizer(
            self.store,
            GoogleMeet(self.mailboxes, self.double.meet_endpoint),
            GoogleDrive(self.mailboxes, self.double.drive_endpoint),
            HourlyWarnings(EmbeddedAllowanceStore(self.database), self.now),
            self.now,
        )
        self.sweeper = Sweeper(self.store, self.calendar_queue, self.queue, self.now)

    def now(self) -> datetime:
        return self.time

    def close(self) -> None:
        self.mailboxes.close()
        self.double.stop()

    def meeting(self, **changes: Any) -> Meeting:
        """Store a meeting from 10 to 11 and make its room."""
        meeting = a_meeting(**{"scheduled_start": START, "scheduled_end": END, **changes})
        put(self.store, meeting)
        return self.calendar.sync(meeting.id)

    def get(self, meeting: Meeting) -> Meeting:
        return self.store.get(meeting.id).meeting

    def hold(
        self,
        meeting: Meeting,
        began: datetime = START,
        ended: datetime | None = END,
        attendees: tuple[Attendee, ...] = BOTH,
    ) -> Conference:
        return self.double.hold_conference(meeting.meeting_code or "", began, ended, attendees)

    def look(self, meeting: Meeting, at: datetime | None = None) -> Meeting:
        """Look at the meeting, once, whether that is due or not."""
        self.time = at or self.time
        return self.recordings.sync(meeting.id)

    def run_until(self, end: datetime, late_by: timedelta = timedelta(0)) -> None:
        """Let time pass: sweep when something is due, and run every task that comes of it.

        A task that fails is left to the next look, as if the queue had given it up.
        """
        while (due_at := self._next_due_at()) is not None and due_at <= end:
            self.time = max(self.time, due_at + late_by)
            self.sweeper.sweep()
            for queue, sync in (
                (self.calendar_queue, self.calendar.sync),
                (self.queue, self.recordings.sync),
            ):
                while queue.waiting:
                    with suppress(RetryableError):
                        sync(queue.waiting.pop(0))
        self.time = end

    def kinds(self, meeting: Meeting) -> list[str]:
        """Tell the kinds of the journal's entries that a look left."""
        entries = self.store.journal(meeting.id, 100, None).items
        return [e.kind.value for e in entries if e.by == "sync_recording"]

    def _next_due_at(self) -> datetime | None:
        far = self.time + timedelta(days=1000)
        first = [next(self.store.due(kind, far), None) for kind in DueKind]
        due = [s.meeting.due_at(k) for k, s in zip(DueKind, first, strict=True) if s is not None]
        return min((at for at in due if at is not None), default=None)
