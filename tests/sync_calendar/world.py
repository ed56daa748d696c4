"""A clinic's Workspace, a store, and the synchronizer between them."""

import json
from pathlib import Path
from typing import Any

from functions.models import CalendarState, Meeting
from functions.sync_calendar import CalendarSynchronizer
from infra.credentials import DelegatedCredentials
from infra.embedded.database import EmbeddedDatabase
from infra.embedded.meetings import EmbeddedMeetingStore
from infra.google_calendar import GoogleCalendar
from infra.google_connections import Mailboxes
from tests.values import NOW, ORGANIZER, a_meeting, put
from tests.workspace_double.double import CALENDAR_EVENTS, WorkspaceDouble

INSERT = "calendar.events.insert"
GET = "calendar.events.get"
PATCH = "calendar.events.patch"
DELETE = "calendar.events.delete"


class World:
    """A clinic's Workspace, a store, and a synchronizer between them, with a clock of its own."""

    def __init__(self, double: WorkspaceDouble, key_file: Path) -> None:
        self.double = double
        self.store = EmbeddedMeetingStore(EmbeddedDatabase())
        self.time = NOW
        self.slept: list[float] = []
        key = double.service_account_key()
        double.delegate(key["client_email"], [CALENDAR_EVENTS])
        double.add_user(ORGANIZER)
        double.add_user("frontdesk@clinica.com")
        key_file.write_text(json.dumps(key))
        self.mailboxes = Mailboxes(
            DelegatedCredentials(key_file=str(key_file)),
            frozenset({"clinica.com"}),
            "frontdesk@clinica.com",
        )
        self.calendar = GoogleCalendar(self.mailboxes, double.url)
        self.synchronizer = CalendarSynchronizer(
            self.store, self.calendar, lambda: self.time, self.slept.append
        )

    def meeting(self, **changes: Any) -> Meeting:
        meeting = a_meeting(**changes)
        put(self.store, meeting)
        return meeting

    def change(self, meeting_id: str, **changes: Any) -> Meeting:
        stored = self.store.get(meeting_id)
        return self.store.save(stored, stored.meeting.changed(self.time, **changes)).meeting

    def cancel(self, meeting_id: str) -> Meeting:
        stored = self.store.get(meeting_id)
        return self.store.save(stored, stored.meeting.cancelled(self.time, "xoma@x.com")).meeting

    def sync(self, meeting_id: str) -> Meeting:
        return self.synchronizer.sync(meeting_id)

    def live(self) -> list[dict[str, Any]]:
        return [event for event in self.double.events if event["status"] != "cancelled"]

    def assert_matches(self, meeting_id: str) -> Meeting:
        """Check that one live event equals the meeting, or that there is none if cancelled."""
        meeting = self.store.get(meeting_id).meeting
        assert meeting.calendar.state is CalendarState.SYNCED
        assert meeting.calendar.synced_revision == meeting.revision
        assert meeting.calendar.due_at is None
        if meeting.is_cancelled:
            assert self.live() == []
            return meeting
        [event] = self.live()
        assert event["id"] == meeting.google_event_id
        assert event["hangoutLink"] == meeting.meet_link
        assert event["summary"] == meeting.summary
        private = event["extendedProperties"]["private"]
        assert (private["meeting_id"], private["revision"]) == (meeting.id, str(meeting.revision))
        assert [a["email"] for a in event["attendees"]] == list(meeting.guest_emails)
        return meeting
