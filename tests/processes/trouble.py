"""What the tests of deaths, lost answers and races do to a clinic, and what they see in it."""

from collections.abc import Callable
from http.client import HTTPException
from typing import Any

import pytest

from tests.processes.clinic import Clinic
from tests.processes.gate import Unanswered

CREATE_TASK = "CreateTask"
COMMIT = "Commit"
SPAN = {"scheduled_start": 15, "scheduled_end": 16}


def unanswered() -> None:
    raise Unanswered


def assert_hangs_up(request: Callable[[], Any]) -> None:
    """The caller of a process that dies learns nothing."""
    with pytest.raises((OSError, HTTPException)):
        request()


def clinic_day(hour: int) -> str:
    """The same instant for every request of a test that repeats one."""
    return f"2090-05-04T{hour:02}:00:00Z"


def change(clinic: Clinic, method: str, meeting_id: str, summary: str = "Moved") -> Any:
    if method == "DELETE":
        return clinic.cancel(meeting_id)
    return clinic.patch(meeting_id, summary=summary)


def kill_unheard(clinic: Clinic, function: Any) -> None:
    """The function dies, and its call never arrives."""
    function.kill()
    raise Unanswered


def live_events(clinic: Clinic) -> int:
    return sum(event["status"] != "cancelled" for event in clinic.double.events)


def recipients(clinic: Clinic) -> list[str]:
    """Who was invited to the events of the meetings that are there."""
    events = {meeting.google_event_id for meeting in clinic.stored()}
    return [m.recipient for m in clinic.double.mail if m.kind == "invite" and m.event_id in events]
