"""Who was in a meeting's room, and when."""

from collections.abc import Callable

from flask import Response

from functions.api.access import check_id, get_meeting
from functions.api.operations import Answer, operation
from functions.api.responses import resource
from functions.api.schemas.attendance import AttendanceView, ConferenceView
from functions.api.services import Services
from functions.attendance import attendance_of


@operation(
    "getMeetingAttendance",
    "Read who was in a meeting's room, and whether it took place",
    description="A signed-in attendee is the same in all of the meeting's conferences; whoever is"
    " anonymous or calls by phone is another each time, and nobody is matched to an email. The"
    " outcome is told after the scheduled end; for two hours somebody may still come, and change"
    " it.",
    answers={200: Answer("The attendance.", AttendanceView)},
    problems=("meeting_not_found",),
    is_conditional=True,
)
def read(services: Callable[[], Services], meeting_id: str) -> Response:
    check_id(meeting_id)
    needed = services()
    meeting = get_meeting(needed, meeting_id)
    conferences = tuple(
        ConferenceView(
            conference_record=conference.name,
            started_at=conference.started_at,
            ended_at=conference.ended_at,
        )
        for conference in meeting.conferences
    )
    found = vars(attendance_of(meeting, needed.now()))
    return resource(AttendanceView(meeting=meeting.id, conferences=conferences, **found))
