"""The model of a meeting, and how the product is asked for one."""

from dataclasses import dataclass
from datetime import timedelta

from functions.models import Meeting, Notify
from functions.scheduling import NewMeeting
from tests.values import GUEST, NOW, ORGANIZER

FAR_AHEAD = NOW + timedelta(days=3650)
"""No appointment is over before its event is there, however the clock runs."""


@dataclass(frozen=True)
class Wanted:
    """The model: what the callers have asked of a meeting so far."""

    summary: str
    hour: int
    reference: str | None
    is_cancelled: bool = False

    @classmethod
    def of(cls, meeting: Meeting) -> "Wanted":
        hour = (meeting.scheduled_start - FAR_AHEAD) // timedelta(hours=1)
        return cls(meeting.summary, hour, meeting.external_reference, meeting.is_cancelled)


def new_meeting(wanted: Wanted) -> NewMeeting:
    start = FAR_AHEAD + timedelta(hours=wanted.hour)
    return NewMeeting(
        organizer_email=ORGANIZER,
        guest_emails=(GUEST,),
        summary=wanted.summary,
        description=None,
        scheduled_start=start,
        scheduled_end=start + timedelta(hours=1),
        time_zone="Europe/Madrid",
        external_reference=wanted.reference,
        notify=Notify.ALL,
    )
