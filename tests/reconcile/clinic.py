"""A clinic's Workspace, and the product on a database that is exchanged for its backup."""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from functions.mismatches import Finding, Mismatch
from functions.models import CalendarState, DueKind, Meeting, MeetingQuery, Notify
from functions.reconciling import Reconciler, Unread, Window
from functions.repairs import Outcome, Repairer
from functions.scheduling import Created, MeetingScheduler, NewMeeting
from functions.sync_calendar import CalendarSynchronizer
from functions.writing import Intent, MeetingWriter
from infra.credentials import DelegatedCredentials
from infra.google_calendar import GoogleCalendar
from infra.google_connections import Mailboxes
from tests.reconcile.databases import Database
from tests.values import GUEST, NOW, ORGANIZER
from tests.workspace_double.double import CALENDAR_EVENTS, WorkspaceDouble

DELEGATE = "frontdesk@clinica.com"
NEW_DOCTOR = "nueva@clinica.com"
XOMA = Intent("xoma@clinica.com")


class NoQueue:
    """A queue that is paused: what is due is found in the store."""

    def enqueue(self, name: str, payload: Mapping[str, object], *, delay_seconds: int = 0) -> None:
        return

    def ping(self) -> None:
        return


class Clinic:
    def __init__(self, double: WorkspaceDouble, key_file: Path, database: Database) -> None:
        self.double = double
        self.database = database
        self.time = NOW
        key = double.service_account_key()
        double.delegate(key["client_email"], [CALENDAR_EVENTS])
        for email in (ORGANIZER, NEW_DOCTOR, DELEGATE):
            double.add_user(email)
        key_file.write_text(json.dumps(key))
        self.mailboxes = Mailboxes(
            DelegatedCredentials(key_file=str(key_file)), frozenset({"clinica.com"}), DELEGATE
        )
        self.calendar = GoogleCalendar(self.mailboxes, double.url)

    # What XOMA asks for.

    @property
    def writer(self) -> MeetingWriter:
        return MeetingWriter(self.database.meetings, NoQueue(), self.now, lambda _: None)

    @property
    def scheduler(self) -> MeetingScheduler:
        return MeetingScheduler(self.writer, livemode=True)

    def ask(self, reference: str | None = None, **changes: Any) -> Created:
        start = changes.pop("scheduled_start", NOW + timedelta(days=2))
        values: dict[str, Any] = {
            "organizer_email": ORGANIZER,
            "guest_emails": (GUEST,),
            "summary": "Appointment",
            "description": None,
            "scheduled_start": start,
            "scheduled_end": start + timedelta(hours=1),
            "time_zone": "Europe/Madrid",
            "external_reference": reference,
            "notify": Notify.ALL,
        }
        return self.scheduler.create(NewMeeting(**{**values, **changes}), XOMA)

    def make(self, reference: str | None = None, **changes: Any) -> str:
        """Make a meeting and its event."""
        made = self.ask(reference, **changes)
        self.sync()
        return made.meeting.id

    def change(self, meeting_id: str, **changes: Any) -> None:
        self.scheduler.change(meeting_id, XOMA, lambda _: changes)
        self.sync()

    def move(self, meeting_id: str, start: datetime) -> None:
        end = start + timedelta(hours=1)
        self.change(meeting_id, scheduled_start=start, scheduled_end=end)

    def cancel(self, meeting_id: str) -> None:
        self.scheduler.cancel(meeting_id, XOMA)
        self.sync()

    def delete_by_hand(self, meeting_id: str) -> None:
        """Delete the meeting's event as its organizer does in Calendar."""
        meeting = self.meeting(meeting_id)
        self.double.edit_event(meeting.organizer_email, meeting.event_id, status="cancelled")

    # What goes on by itself.

    def now(self) -> datetime:
        return self.time

    def sync(self) -> None:
        """Make Google match every meeting that waits for it."""
        worker = CalendarSynchronizer(
            self.database.meetings, self.calendar, self.now, lambda _: None
        )
        for stored in list(self.database.meetings.due(DueKind.CALENDAR, self.time + timedelta(1))):
            worker.sync(stored.meeting.id)

    # What an operator does.

    @property
    def reconciler(self) -> Reconciler:
        return Reconciler(
            self.database.meetings, self.database.users, self.calendar, self.now, lambda _: None
        )

    def find(
        self, *organizers: str, begins_at: datetime = NOW, ends_at: datetime | None = None
    ) -> list[Finding | Unread]:
        window = Window(begins_at, ends_at)
        whose = organizers or {*self.reconciler.organizers(window), DELEGATE}
        return list(self.reconciler.find(whose, window, only_theirs=bool(organizers)))

    def report(self, *organizers: str, **window: datetime) -> dict[Mismatch, set[str]]:
        """Return the ids of the meetings that something is wrong with; all could be read."""
        wrong = defaultdict(set)
        for found in self.find(*organizers, **window):
            assert isinstance(found, Finding)
            wrong[found.mismatch].add(found.meeting_id)
        return dict(wrong)

    def repair(self, mismatch: Mismatch, *organizers: str) -> list[Outcome]:
        repairer = Repairer(self.reconciler)
        return [
            repairer.repair(found)
            for found in self.find(*organizers)
            if isinstance(found, Finding) and found.mismatch is mismatch
        ]

    # What there is.

    def meeting(self, meeting_id: str) -> Meeting:
        return self.database.meetings.get(meeting_id).meeting

    def meetings(self) -> dict[str, Meeting]:
        page = self.database.meetings.page(MeetingQuery(), 100, None)
        assert page.next is None
        return {meeting.id: meeting for meeting in page.items}

    def live(self) -> dict[str, dict[str, Any]]:
        """Return the live events by their ids, with the version that each write would change."""
        return {e["id"]: e for e in self.double.events if e["status"] != "cancelled"}

    def assert_all_match(self) -> None:
        """Check that each active meeting has one event that equals it, and nothing else has one."""
        events = self.live()
        for meeting in self.meetings().values():
            assert meeting.calendar.state is CalendarState.SYNCED
            if meeting.is_cancelled:
                continue
            event = events.pop(str(meeting.google_event_id))
            private = event["extendedProperties"]["private"]
            assert private["meeting_id"] == meeting.id
            assert private["revision"] == str(meeting.revision)
            assert event["summary"] == meeting.summary
            assert event.get("description") == meeting.description
            assert datetime.fromisoformat(event["start"]["dateTime"]) == meeting.scheduled_start
            assert datetime.fromisoformat(event["end"]["dateTime"]) == meeting.scheduled_end
            assert event["hangoutLink"] == meeting.meet_link
            assert event["conferenceData"]["conferenceId"] == meeting.meeting_code
            invited = {attendee["email"] for attendee in event["attendees"]}
            assert invited - {meeting.organizer_email} == set(meeting.guest_emails)
        assert events == {}


def with_generation(meeting: Meeting, generation: int) -> Meeting:
    """Return the meeting with another of the ids that its event may have."""
    return meeting.replace(calendar=meeting.calendar.replace(generation=generation))
