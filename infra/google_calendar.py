"""Google Calendar: one event a meeting, in the calendar of whoever owns it.

Nothing is tried twice here: the queue repeats what failed, and the event's id makes that safe.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from functions.errors import GoneError
from functions.models import CalendarEvent, Conference, Meeting, Notify
from infra.google_connections import Mailboxes
from infra.google_errors import CALENDAR_NOT_FOUND, UNREADABLE
from infra.google_services import GoogleService

SCOPES = frozenset({"https://www.googleapis.com/auth/calendar.events"})
CALENDAR_ID = "primary"
SERVICE_PATH = "/calendar/v3/"

SEND_UPDATES: Mapping[Notify, str] = MappingProxyType(
    {Notify.ALL: "all", Notify.EXTERNAL: "externalOnly", Notify.NONE: "none"}
)
WRITABLE_ATTENDEE_FIELDS = (
    "email",
    "displayName",
    "optional",
    "resource",
    "responseStatus",
    "comment",
    "additionalGuests",
)
"""https://developers.google.com/workspace/calendar/api/v3/reference/events#attendees"""

MEETING_CODE = re.compile(r"/([a-z]{3}-[a-z]{4}-[a-z]{3})(?:[/?#]|$)")


class GoogleCalendar:
    """Calendar v3 as the meeting's owner.

    Made without reading or sending anything; safe for any number of threads.
    """

    livemode = True

    def __init__(self, mailboxes: Mailboxes, endpoint: str | None = None) -> None:
        self._mailboxes = mailboxes
        self._service = GoogleService("calendar", "v3", SERVICE_PATH, endpoint)

    def insert(self, meeting: Meeting) -> CalendarEvent:
        body = {name: value for name, value in self._body(meeting, ()).items() if value is not None}
        body |= {"id": meeting.event_id, "conferenceData": _conference_request(meeting)}
        request = self._events().insert(
            calendarId=CALENDAR_ID,
            body=body,
            conferenceDataVersion=1,
            sendUpdates=SEND_UPDATES[meeting.notify],
        )
        try:
            return self._execute_on_event(meeting, request)
        except GoneError as error:
            raise CALENDAR_NOT_FOUND.error() from error

    def get(self, meeting: Meeting) -> CalendarEvent:
        request = self._events().get(calendarId=CALENDAR_ID, eventId=meeting.event_id)
        return self._execute_on_event(meeting, request)

    def patch(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        # Without conferenceData: sent again, it would replace the room that guests know.
        return self._patch(meeting, event, self._body(meeting, event.attendees), meeting.notify)

    def request_conference(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        body = {"conferenceData": _conference_request(meeting)}
        return self._patch(meeting, event, body, Notify.NONE)

    def delete(self, meeting: Meeting) -> None:
        request = self._events().delete(
            calendarId=CALENDAR_ID,
            eventId=meeting.event_id,
            sendUpdates=SEND_UPDATES[meeting.notify],
        )
        if self._mailboxes.execute(request, meeting, SCOPES):
            # Google answers with nothing; a page of somebody else's deleted nothing.
            raise UNREADABLE.error()

    def _patch(
        self, meeting: Meeting, event: CalendarEvent, body: Mapping[str, Any], notify: Notify
    ) -> CalendarEvent:
        request = self._events().patch(
            calendarId=CALENDAR_ID,
            eventId=meeting.event_id,
            body=body,
            conferenceDataVersion=1,
            sendUpdates=SEND_UPDATES[notify],
        )
        request.headers["If-Match"] = event.etag
        return self._execute_on_event(meeting, request)

    def _events(self) -> Any:
        return self._service("events")

    def _execute_on_event(self, meeting: Meeting, request: Any) -> CalendarEvent:
        return self._mailboxes.read(request, meeting, SCOPES, _event)

    def _body(self, meeting: Meeting, present: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
        guests = meeting.guest_emails
        if self._mailboxes.owner(meeting) != meeting.organizer_email:
            guests = (meeting.organizer_email, *guests)
        return {
            "summary": meeting.summary,
            # In a patch null, and not an absent field, clears what an earlier revision said.
            # https://developers.google.com/workspace/calendar/api/guides/performance#patch
            "description": meeting.description,
            "start": _instant(meeting.scheduled_start, meeting.time_zone),
            "end": _instant(meeting.scheduled_end, meeting.time_zone),
            "attendees": _attendees(guests, present),
            "visibility": "private",
            "guestsCanInviteOthers": False,
            "guestsCanSeeOtherGuests": False,
            "guestsCanModify": False,
            "extendedProperties": {
                "private": {"meeting_id": meeting.id, "revision": str(meeting.revision)}
            },
        }


def _conference_request(meeting: Meeting) -> dict[str, Any]:
    return {
        "createRequest": {
            "requestId": meeting.conference_request_id,
            "conferenceSolutionKey": {"type": "hangoutsMeet"},
        }
    }


def _instant(instant: datetime, time_zone: str) -> dict[str, str]:
    return {
        "dateTime": instant.astimezone(UTC).isoformat(timespec="seconds"),
        "timeZone": time_zone,
    }


def _attendees(
    emails: tuple[str, ...], present: tuple[Mapping[str, Any], ...]
) -> list[dict[str, Any]]:
    """Return these guests, each with the answer they gave; rooms and the owner's entry stay."""
    known = {str(entry.get("email", "")).lower(): entry for entry in present}
    kept = [
        entry
        for email, entry in known.items()
        if email not in emails and (entry.get("self") or entry.get("resource"))
    ]
    entries = [*kept, *(known.get(email, {"email": email}) for email in emails)]
    return [
        {field: entry[field] for field in WRITABLE_ATTENDEE_FIELDS if field in entry}
        for entry in entries
    ]


def _event(resource: Mapping[str, Any]) -> CalendarEvent:
    data = resource.get("conferenceData") or {}
    link = resource.get("hangoutLink") or next(
        (e.get("uri") for e in data.get("entryPoints", ()) if e.get("entryPointType") == "video"),
        None,
    )
    code = MEETING_CODE.search(link or "")
    private = resource.get("extendedProperties", {}).get("private", {})
    revision = private.get("revision", "")
    return CalendarEvent(
        event_id=resource["id"],
        etag=resource["etag"],
        is_cancelled=resource.get("status") == "cancelled",
        meeting_id=private.get("meeting_id"),
        revision=int(revision) if revision.isdecimal() else 0,
        conference=_conference(data, link),
        conference_request_id=data.get("createRequest", {}).get("requestId"),
        meet_link=link,
        meeting_code=data.get("conferenceId") or (code[1] if code else None),
        attendees=tuple(resource.get("attendees", ())),
    )


def _conference(data: Mapping[str, Any], link: str | None) -> Conference:
    if link:
        return Conference.SUCCESS
    status = data.get("createRequest", {}).get("status", {}).get("statusCode")
    # A room without an address is still on its way.
    waiting = {"pending": Conference.PENDING, "success": Conference.PENDING}
    return waiting.get(status, Conference.FAILURE if status else Conference.NONE)
