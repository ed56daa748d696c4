"""Google Calendar v3, events only: each user's primary calendar as its owner sees it.

Not played: guests' own copies of an event, shared calendars, recurring events, push channels.
"""

import copy
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.workspace_double import event_list, event_rules
from tests.workspace_double.conferences import Conferences, check_solution
from tests.workspace_double.contract import Demands
from tests.workspace_double.directory import Directory, User
from tests.workspace_double.errors import ApiError
from tests.workspace_double.events import Resource, StoredEvent, merged
from tests.workspace_double.gateway import ApiCall, Handler
from tests.workspace_double.mail import Mailbox

# Google has defaults for both, and they are traps: a room not made, guests not told.
DEMANDS: Demands = {
    "calendar.events.insert": {"conferenceDataVersion": "1", "sendUpdates": None},
    "calendar.events.patch": {"conferenceDataVersion": "1", "sendUpdates": None},
    "calendar.events.update": {"conferenceDataVersion": "1", "sendUpdates": None},
    "calendar.events.delete": {"sendUpdates": None},
}
# Google's own; a client's values are ignored.
_SERVER_FIELDS = ("kind", "etag", "id", "iCalUID", "sequence", "eventType")
_RESCHEDULING = ("start", "end", "location")


@dataclass
class _PrimaryCalendar:
    user: User
    events: dict[str, StoredEvent] = field(default_factory=dict)
    sync_epoch: int = 0


class Calendar:
    """The calendars of all users."""

    def __init__(
        self,
        directory: Directory,
        now: Callable[[], datetime],
        mailbox: Mailbox,
        new_room: Callable[[str], str],
    ) -> None:
        self._directory = directory
        self._now = now
        self._calendars: dict[str, _PrimaryCalendar] = {}
        self._version = 0
        self.conferences = Conferences(new_room)
        self.mailbox = mailbox

    def handlers(self) -> dict[str, Handler]:
        return {
            "calendar.events.delete": self.delete,
            "calendar.events.get": self.get,
            "calendar.events.insert": self.insert,
            "calendar.events.list": self.list_events,
            "calendar.events.patch": self.patch,
            "calendar.events.update": self.update,
        }

    def insert(self, call: ApiCall) -> Resource:
        calendar = self._calendar(call)
        event_id = call.body.get("id") or uuid.uuid4().hex
        event_rules.check_event_id(event_id)
        if event_id in calendar.events:
            # Ids of deleted events stay taken for ever (google-api-ruby-client#1811).
            raise ApiError(409, "duplicate", "The requested identifier already exists.")
        now = self._now()
        event = StoredEvent(event_id, calendar.user.email, {}, now, now, 0)
        self._write(event, merged({}, _writable(call.body)), call, calendar)
        calendar.events[event_id] = event
        self._tell(call, event, None, event.fields)
        return self._shown(event, call, calendar)

    def get(self, call: ApiCall) -> Resource:
        calendar = self._calendar(call)
        event = self._event(call, calendar)
        self._poll_conference(event)
        return self._shown(event, call, calendar)

    def list_events(self, call: ApiCall) -> Resource:
        calendar = self._calendar(call)
        events, token = event_list.page(
            calendar.events.values(), call.parameters, f"{self._version}.{calendar.sync_epoch}"
        )
        for event in events:
            self._poll_conference(event)
        return {
            "kind": "calendar#events",
            "etag": f'"{self._version}"',
            "summary": calendar.user.email,
            "timeZone": calendar.user.time_zone or "UTC",
            "accessRole": "owner",
            "items": [self._shown(event, call, calendar) for event in events],
            **token,
        }

    def patch(self, call: ApiCall) -> Resource:
        calendar = self._calendar(call)
        event = self._event_to_change(call, calendar)
        return self._change(event, merged(event.fields, _writable(call.body)), call, calendar)

    def update(self, call: ApiCall) -> Resource:
        calendar = self._calendar(call)
        event = self._event_to_change(call, calendar)
        return self._change(event, merged({}, _writable(call.body)), call, calendar)

    def delete(self, call: ApiCall) -> None:
        calendar = self._calendar(call)
        event = self._event(call, calendar)
        if event.is_cancelled:
            raise ApiError(410, "deleted", "Resource has been deleted")
        _check_if_match(call, event)
        self._touch(event, {**event.fields, "status": "cancelled"})
        self._tell(call, event, event.fields, None)

    def edit(self, owner: str, event_id: str, fields: Resource) -> None:
        """Change an event as its owner does by hand: no contract, no mail."""
        event = self.find(owner, event_id)
        self._touch(event, merged(event.fields, fields))

    def find(self, owner: str, event_id: str) -> StoredEvent:
        return self._calendars[owner.lower()].events[event_id]

    def all_events(self) -> list[StoredEvent]:
        return [event for c in self._calendars.values() for event in c.events.values()]

    def expire_sync_tokens(self) -> None:
        for calendar in self._calendars.values():
            calendar.sync_epoch += 1

    def _calendar(self, call: ApiCall) -> _PrimaryCalendar:
        user = self._directory.find(call.user)
        if user is None:
            user = self._directory.add(User(call.user, no_meet=True))  # a service account
        if user.no_calendar:
            raise ApiError(
                403,
                "notACalendarUser",
                "The user must be signed up for Google Calendar.",
                domain="calendar",
            )
        if call.parameters["calendarId"].lower() not in ("primary", user.email.lower()):
            raise ApiError(404, "notFound", "Not Found")
        calendar = self._calendars.setdefault(user.email.lower(), _PrimaryCalendar(user))
        calendar.user = user
        return calendar

    def _event(self, call: ApiCall, calendar: _PrimaryCalendar) -> StoredEvent:
        event = calendar.events.get(call.parameters["eventId"])
        if event is None:
            raise ApiError(404, "notFound", "Not Found")
        return event

    def _event_to_change(self, call: ApiCall, calendar: _PrimaryCalendar) -> StoredEvent:
        event = self._event(call, calendar)
        if event.is_cancelled:
            # google-api-ruby-client#1811; the reason is not documented.
            raise ApiError(403, "forbidden", "Forbidden")
        _check_if_match(call, event)
        return event

    def _change(
        self, event: StoredEvent, fields: Resource, call: ApiCall, calendar: _PrimaryCalendar
    ) -> Resource:
        before = event.fields
        self._write(event, fields, call, calendar)
        self._tell(call, event, before, None if event.is_cancelled else event.fields)
        return self._shown(event, call, calendar)

    def _write(
        self, event: StoredEvent, fields: Resource, call: ApiCall, calendar: _PrimaryCalendar
    ) -> None:
        if fields.get("attendees") and call.is_service_account:
            raise ApiError(
                403,
                "forbiddenForServiceAccounts",
                "Service accounts cannot invite attendees without Domain-Wide Delegation of"
                " Authority.",
                domain="calendar",
            )
        fields = event_rules.accept(fields, event.owner)
        self._write_conference(event, fields, call, calendar)
        self._touch(event, fields)

    def _write_conference(
        self, event: StoredEvent, fields: Resource, call: ApiCall, calendar: _PrimaryCalendar
    ) -> None:
        """Put into `fields` the conference that the event has after this write."""
        current = event.fields.get("conferenceData")
        wanted = fields.pop("conferenceData", None)
        if call.parameters.get("conferenceDataVersion", 0) == 0:
            wanted = current
        asked = merged({}, call.body).get("conferenceData", {}).get("createRequest")
        if wanted is not current and asked is not None:
            check_solution(asked, meet_allowed=not calendar.user.no_meet)
            made = self.conferences.request(event.owner, current, asked)
            wanted = current
            if made:
                wanted, event.pending_conference = made
        if wanted is None:
            event.pending_conference = None
        else:
            fields["conferenceData"] = wanted

    def _touch(self, event: StoredEvent, fields: Resource) -> None:
        if event.fields and any(event.fields.get(n) != fields.get(n) for n in _RESCHEDULING):
            event.sequence += 1
        self._version += 1
        event.version = self._version
        event.updated = self._now()
        event.fields = fields

    def _poll_conference(self, event: StoredEvent) -> None:
        pending = event.pending_conference
        if pending is None or pending.polls is None:
            return
        if pending.polls > 0:
            pending.polls -= 1
            return
        event.pending_conference = None
        fields = copy.deepcopy(event.fields)
        self.conferences.settle(fields["conferenceData"], pending.then, event.owner)
        # A room made late is a change of the event like any other: it gets a new ETag.
        self._touch(event, fields)

    def _tell(
        self, call: ApiCall, event: StoredEvent, before: Resource | None, after: Resource | None
    ) -> None:
        send_updates = call.parameters.get("sendUpdates", "none")
        self.mailbox.event_changed(event.id, event.owner, before, after, send_updates)

    def _shown(self, event: StoredEvent, call: ApiCall, calendar: _PrimaryCalendar) -> Resource:
        return event.resource(call.parameters.get("timeZone") or calendar.user.time_zone)


def _check_if_match(call: ApiCall, event: StoredEvent) -> None:
    if call.headers.get("if-match", "*") not in ("*", event.etag):
        raise ApiError(412, "conditionNotMet", "Precondition Failed")


def _writable(body: dict[str, Any]) -> Resource:
    return {n: copy.deepcopy(v) for n, v in body.items() if n not in _SERVER_FIELDS}
