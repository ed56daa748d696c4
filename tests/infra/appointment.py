"""One meeting, and the event of it as it is sent to Calendar and as Calendar shows it."""

from datetime import UTC, datetime
from typing import Any

from functions.models import CalendarEvent, Meeting, Participant, Role

DELEGATE = "meetings@clinic.example"
DOMAINS = frozenset({"clinic.example", "hospital.example"})
EVENTS = "/calendar/v3/calendars/primary/events"
LINK = "https://meet.google.com/abc-defg-hij"
NOON = datetime(2030, 5, 6, 12, tzinfo=UTC)


def meeting(organizer: str = "ana@clinic.example", **changes: Any) -> Meeting:
    people = [(organizer, Role.ORGANIZER), ("leo@home.example", Role.GUEST)]
    participants = tuple(Participant(id=email, email=email, role=role) for email, role in people)
    return Meeting(
        id="m1",
        livemode=True,
        organizer_email=organizer,
        participants=participants,
        summary="Appointment",
        description="Room 2",
        scheduled_start=NOON,
        scheduled_end=NOON.replace(hour=13),
        time_zone="America/Bogota",
        revision=3,
        created_at=NOON,
        updated_at=NOON,
        created_by="xoma",
    ).replace(**changes)


EVENT_PATH = f"{EVENTS}/{meeting().event_id}"


def resource(**changes: Any) -> dict[str, Any]:
    """Make an event as Calendar shows it."""
    return {
        "id": meeting().event_id,
        "etag": '"7"',
        "status": "confirmed",
        "hangoutLink": LINK,
        "extendedProperties": {"private": {"meeting_id": "m1", "revision": "3"}},
        "conferenceData": {
            "conferenceId": "abc-defg-hij",
            "createRequest": {"requestId": "r1", "status": {"statusCode": "success"}},
            "entryPoints": [{"entryPointType": "video", "uri": LINK}],
        },
    } | changes


def seen(*attendees: dict[str, Any]) -> CalendarEvent:
    return CalendarEvent(event_id=meeting().event_id, etag='"7"', attendees=attendees)


def body(**changes: Any) -> dict[str, Any]:
    return {
        "summary": "Appointment",
        "description": "Room 2",
        "start": {"dateTime": "2030-05-06T12:00:00+00:00", "timeZone": "America/Bogota"},
        "end": {"dateTime": "2030-05-06T13:00:00+00:00", "timeZone": "America/Bogota"},
        "attendees": [{"email": "leo@home.example"}],
        "visibility": "private",
        "guestsCanInviteOthers": False,
        "guestsCanSeeOtherGuests": False,
        "guestsCanModify": False,
        "extendedProperties": {"private": private()},
    } | changes


def private(**changes: Any) -> dict[str, Any]:
    return {
        "made_by": "meet-middleware",
        "meeting_id": "m1",
        "revision": "3",
        "organizer_email": "ana@clinic.example",
        "notify": "all",
    } | changes


ROOM_REQUEST = {
    "createRequest": {"requestId": "m1-0-0", "conferenceSolutionKey": {"type": "hangoutsMeet"}}
}
