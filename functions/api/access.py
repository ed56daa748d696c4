"""Which meetings a caller sees: an external one those it takes part in, and no trace of others."""

from dataclasses import replace

from flask import g

from functions.api import auth
from functions.api.services import Services
from functions.errors import Fault, InvalidRequest, MeetingNotFound
from functions.models import MEETING_ID, Meeting, MeetingQuery, Role


def check_id(meeting_id: str) -> None:
    """Keep whatever is not one of our ids away from the store."""
    if not MEETING_ID.fullmatch(meeting_id):
        raise MeetingNotFound
    g.log_fields = {"meeting_id": meeting_id}


def get_meeting(services: Services, meeting_id: str) -> Meeting:
    """Read a meeting; raises MeetingNotFound also where the caller must not know of it."""
    meeting = services.store.get(meeting_id).meeting
    caller = auth.caller()
    if caller.is_external and caller.email not in meeting.participant_emails:
        raise MeetingNotFound
    return as_seen(meeting)


def as_seen(meeting: Meeting) -> Meeting:
    """Return a meeting as the caller sees it.

    An external guest sees the organizer and itself, as in the calendar, and nothing of what staff
    wrote or has to mend.
    """
    caller = auth.caller()
    if not caller.is_external or caller.email == meeting.organizer_email:
        return meeting
    return meeting.replace(
        participants=tuple(
            participant
            for participant in meeting.participants
            if participant.role is Role.ORGANIZER or participant.email == caller.email
        ),
        cancel_reason=None,
        calendar=meeting.calendar.replace(error=None),
    )


def within_sight(query: MeetingQuery, parameter: str = "participant_email") -> MeetingQuery:
    """Return the query for what the caller sees of what it asks for.

    The parameter is the one that names a participant.

    Raises:
        InvalidRequest: it cannot be told from the filters, and one query cannot find it out.
    """
    caller = auth.caller()
    if not caller.is_external:
        return query
    own = (query.organizer_email, query.participant_email, query.guest_email)
    if caller.email in own:
        return query
    if query.participant_email is None and query.guest_email is None:
        return replace(query, participant_email=caller.email)
    message = "It must be your own address"
    if parameter == "participant_email":
        message += ", or come with your own organizer_email"
    raise InvalidRequest([Fault(parameter, "out_of_sight", f"{message}.")])
