"""What a caller sees of who was there."""

from datetime import datetime

from pydantic import Field

from functions.api.schemas.views import Id, View
from functions.attendance import Outcome
from functions.models import AttendeeKind


class SessionView(View):
    """One stay in the room."""

    joined_at: datetime
    left_at: datetime | None = Field(description="Null while it lasts.")


class AttendeeView(View):
    """Somebody who was there, as Google Meet shows them."""

    display_name: str
    kind: AttendeeKind
    joined_at: datetime | None
    left_at: datetime | None
    present_seconds: int = Field(description="Two devices at once count once.")
    sessions: tuple[SessionView, ...]


class OverlapView(View):
    """When at least two attendees were there at once."""

    started_at: datetime
    ended_at: datetime


class ConferenceView(View):
    """One call in the room; every time that the room fills again is another."""

    conference_record: str = Field(description="Google Meet's name of it.")
    started_at: datetime
    ended_at: datetime | None = Field(description="Null while it lasts.")


class AttendanceView(View):
    """Who was there as far as Google Meet has told, and what that makes of the appointment."""

    meeting: Id
    outcome: Outcome
    rule: str = Field(description="Why it is this outcome, in a sentence.")
    together_seconds: int = Field(description="The length of all overlaps.")
    overlaps: tuple[OverlapView, ...]
    attendees: tuple[AttendeeView, ...]
    conferences: tuple[ConferenceView, ...]
