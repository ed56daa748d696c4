"""Six meetings that differ in everything that can be asked for, by their name."""

from datetime import datetime
from typing import Any

from functions.models import (
    CalendarState,
    CalendarSync,
    Meeting,
    MeetingStatus,
    RecordingState,
)
from tests.api.caller import Api
from tests.api.parts import a_recording
from tests.values import NOW, a_meeting, put

PENDING, SYNCED, FAILED = CalendarState.PENDING, CalendarState.SYNCED, CalendarState.FAILED


def named(number: int, start: str, calendar: CalendarState, **changes: Any) -> Meeting:
    """Return a meeting made that many minutes after the first one, its number in its id."""
    return a_meeting(
        id=f"{number:032x}",
        created_at=NOW.replace(minute=number),
        scheduled_start=datetime.fromisoformat(start),
        scheduled_end=datetime.fromisoformat(start).replace(hour=23),
        calendar=CalendarSync(state=calendar),
        **changes,
    )


def the_meetings() -> dict[str, Meeting]:
    """Return them by name, in the order in which they were made."""
    ana = a_meeting(organizer_email="ana@clinica.com").participants
    guests = ana[1].replace(email="leo+1@correo.com")
    available = a_recording(id=f"{1:032x}")
    processing = a_recording(id=f"{2:032x}", state=RecordingState.PROCESSING)
    missing = a_recording(id=f"{3:032x}", state=RecordingState.MISSING)
    of_ana: dict[str, Any] = {
        "organizer_email": "ana@clinica.com",
        "participants": (ana[0].replace(email="ana@clinica.com"), guests),
    }
    return {
        "new": named(1, "2030-02-05T10:00:00Z", PENDING, external_reference="ref 1"),
        "failed": named(2, "2030-02-01T10:00:00Z", FAILED, **of_ana),
        "scheduled": named(
            3,
            "2030-02-04T10:00:00Z",
            SYNCED,
            status=MeetingStatus.SCHEDULED,
            recordings=(processing,),
            **of_ana,
        ),
        "finished": named(
            4,
            "2030-02-02T10:00:00Z",
            SYNCED,
            status=MeetingStatus.FINISHED,
            recordings=(missing, available),
        ),
        "recorded": named(
            5,
            "2030-02-03T10:00:00Z",
            SYNCED,
            status=MeetingStatus.FINISHED,
            recordings=(available,),
            **of_ana,
        ),
        "cancelled": named(
            6,
            "2030-02-04T10:00:00Z",
            PENDING,
            status=MeetingStatus.CANCELLED,
            external_reference="ref 1",
        ),
    }


class Clinic:
    def __init__(self, api: Api) -> None:
        self.api = api
        self.meetings = the_meetings()
        for meeting in self.meetings.values():
            put(api.store.kept, meeting)

    def names(self, ids: list[str]) -> list[str]:
        by_id = {meeting.id: name for name, meeting in self.meetings.items()}
        return [by_id[meeting_id] for meeting_id in ids]
