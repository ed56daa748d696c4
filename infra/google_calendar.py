"""Google Calendar: one event a meeting, in the calendar of whoever owns it.

Nothing is tried twice here: the queue repeats what failed, and the event's id makes that safe.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from functions.errors import GoneError
from functions.models import CalendarEvent, EventInFull, Meeting, Notify
from infra.google_calendar_resources import (
    attendees,
    calendar_event,
    event_in_full,
    readable,
)
from infra.google_connections import Mailboxes
from infra.google_errors import CALENDAR_NOT_FOUND, UNREADABLE
from infra.google_services import GoogleService, optional_text

SCOPES = frozenset({"https://www.googleapis.com/auth/calendar.events"})
CALENDAR_ID = "primary"
SERVICE_PATH = "/calendar/v3/"
PAGE_SIZE = 250

SEND_UPDATES: Mapping[Notify, str] = MappingProxyType(
    {Notify.ALL: "all", Notify.EXTERNAL: "externalOnly", Notify.NONE: "none"}
)


class GoogleCalendar:
    """Calendar v3 as the meeting's owner.

    Made without reading or sending anything; safe for any number of threads.
    """

    livemode = True

    def __init__(
        self, mailboxes: Mailboxes, endpoint: str | None = None, made_by: str = "meet-middleware"
    ) -> None:
        """Take the name that tells our events from others', another installation's too."""
        self._mailboxes = mailboxes
        self._made_by = made_by
        self._service = GoogleService("calendar", "v3", SERVICE_PATH, endpoint)

    def insert(self, meeting: Meeting) -> CalendarEvent:
        body = {name: value for name, value in self._body(meeting, ()).items() if value is not None}
        private = body["extendedProperties"]["private"]
        body |= {
            "id": meeting.event_id,
            "conferenceData": _conference_request(meeting),
            "extendedProperties": {"private": {k: v for k, v in private.items() if v is not None}},
        }
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

    def owner_of(self, organizer_email: str) -> str:
        return self._mailboxes.owner_of(organizer_email)

    def list_events(
        self, mailbox: str, ends_after: datetime, starts_before: datetime | None
    ) -> Iterator[EventInFull]:
        token = None
        while True:
            request = self._events().list(
                calendarId=CALENDAR_ID,
                privateExtendedProperty=[f"made_by={self._made_by}"],
                timeMin=_timestamp(ends_after),
                timeMax=_timestamp(starts_before) if starts_before else None,
                maxResults=PAGE_SIZE,
                pageToken=token,
            )
            try:
                items, token = self._mailboxes.read_as(mailbox, request, SCOPES, _page)
            except GoneError as error:
                raise CALENDAR_NOT_FOUND.error() from error
            yield from readable(items, mailbox)
            if token is None:
                return

    def read_event(self, meeting: Meeting) -> EventInFull:
        request = self._events().get(calendarId=CALENDAR_ID, eventId=meeting.event_id)
        mailbox = self._mailboxes.owner(meeting)

        def live(resource: dict[str, Any]) -> EventInFull | None:
            is_cancelled = resource.get("status") == "cancelled"
            return None if is_cancelled else event_in_full(resource, mailbox)

        found = self._mailboxes.read(request, meeting, SCOPES, live)
        if found is None:
            raise GoneError("deleted", "It was deleted at Google.")
        return found

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
        return self._mailboxes.read(request, meeting, SCOPES, calendar_event)

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
            "attendees": attendees(guests, present),
            "visibility": "private",
            "guestsCanInviteOthers": False,
            "guestsCanSeeOtherGuests": False,
            "guestsCanModify": False,
            # What else a lost meeting is made from anew.
            "extendedProperties": {
                "private": {
                    "made_by": self._made_by,
                    "meeting_id": meeting.id,
                    "revision": str(meeting.revision),
                    "organizer_email": meeting.organizer_email,
                    "external_reference": meeting.external_reference,
                    "notify": meeting.notify.value,
                }
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
    return {"dateTime": _timestamp(instant), "timeZone": time_zone}


def _timestamp(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds")


def _page(answer: dict[str, Any]) -> tuple[list[dict[str, Any]], str | None]:
    return [dict(item) for item in answer.get("items", ())], optional_text(answer, "nextPageToken")
