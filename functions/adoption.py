"""A meeting as its event at Google shows it: made from it anew, or brought up to it."""

from datetime import datetime

from functions.mismatches import generation_of
from functions.models import (
    CalendarSync,
    Conference,
    EventInFull,
    Meeting,
    Participant,
    RecordingSync,
    Role,
    new_id,
)

TAKEN_OVER = (
    "summary",
    "description",
    "scheduled_start",
    "scheduled_end",
    "time_zone",
    "external_reference",
    "notify",
)


def adopted(event: EventInFull, now: datetime, by: str) -> Meeting:
    """Return the meeting that the event was made of; what it does not tell is as in a new one."""
    meeting = Meeting(
        id=event.meeting_id or "",
        livemode=True,
        organizer_email=event.organizer_email,
        participants=_participants(event, ()),
        summary=event.summary,
        description=event.description,
        scheduled_start=event.scheduled_start,
        scheduled_end=event.scheduled_end,
        time_zone=event.time_zone,
        external_reference=event.external_reference,
        notify=event.notify,
        revision=max(1, event.revision),
        calendar=CalendarSync().pending(now),
        created_at=event.created_at,
        updated_at=now,
        created_by=by,
    )
    return _as_shown(meeting, event, now)


def caught_up(meeting: Meeting, event: EventInFull, now: datetime) -> Meeting:
    """Return the meeting as its event has it, at the event's revision; raises InvalidTransition."""
    changed = meeting.changed(
        now,
        participants=_participants(event, meeting.participants),
        **{name: getattr(event, name) for name in TAKEN_OVER},
    )
    return _as_shown(changed.replace(revision=event.revision), event, now)


def _as_shown(meeting: Meeting, event: EventInFull, now: datetime) -> Meeting:
    """Return the meeting with this event and its room, synced unless the room is yet to come."""
    calendar = calendar_of(meeting, event)
    shown = meeting.replace(
        google_event_id=event.event_id, meet_link=event.meet_link, calendar=calendar
    )
    if event.meeting_code != meeting.meeting_code:
        # Another room: nothing is known of it, and it is looked at from the beginning.
        shown = shown.replace(
            meeting_code=event.meeting_code,
            recording_sync=RecordingSync(),
            space_name=None,
            access_type=None,
            auto_recording=None,
        )
    return shown.synced(now) if event.conference is Conference.SUCCESS else shown


def calendar_of(meeting: Meeting, event: EventInFull) -> CalendarSync:
    """Return the meeting's side of this very event."""
    generation = generation_of(event) or 0
    attempt = (event.conference_request_id or "").removeprefix(f"{meeting.id}-{generation}-")
    if not attempt.isdecimal():
        return meeting.calendar.replace(generation=generation)
    return meeting.calendar.replace(generation=generation, conference_attempt=int(attempt))


def _participants(event: EventInFull, known: tuple[Participant, ...]) -> tuple[Participant, ...]:
    """Return who is invited; those who are known stay who they are."""
    by_email = {participant.email: participant for participant in known}
    emails = (event.organizer_email, *event.guest_emails)
    roles = (Role.ORGANIZER, *(Role.GUEST for _ in event.guest_emails))
    return tuple(
        by_email.get(email) or Participant(id=new_id(), email=email, role=role)
        for email, role in zip(emails, roles, strict=True)
    )
