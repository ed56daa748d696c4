"""What Google Meet tells of a meeting's room: each time it was filled, and by whom."""

from datetime import datetime
from enum import StrEnum

from functions.models.value import Value


class AttendeeKind(StrEnum):
    SIGNED_IN = "signed_in"
    ANONYMOUS = "anonymous"
    PHONE = "phone"


class Session(Value):
    """One stay in the room; `left_at` is None while it lasts."""

    joined_at: datetime
    left_at: datetime | None = None


class Attendee(Value):
    """Somebody who was in the room, as Meet shows them: nothing here tells an email."""

    display_name: str
    kind: AttendeeKind
    user: str | None = None
    """Google's `users/{user}` of somebody signed in: the same in every conference."""

    sessions: tuple[Session, ...] = ()


class ConferenceRecord(Value):
    """One call in a room; every time the room fills again is another.

    https://developers.google.com/workspace/meet/api/reference/rest/v2/conferenceRecords
    """

    name: str
    started_at: datetime
    ended_at: datetime | None = None
    """None while it lasts."""

    are_recordings_told: bool = False
    """Whether Meet was asked for its recordings after its end."""

    attendees: tuple[Attendee, ...] | None = None
    """None until Meet was asked, which is after its end."""
