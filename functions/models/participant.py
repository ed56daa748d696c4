"""Who takes part in a meeting."""

from enum import StrEnum

from functions.models.value import Value

MAX_PARTICIPANTS = 200
"""Calendar stops passing on guests' answers beyond 200 attendees.

https://developers.google.com/workspace/calendar/api/v3/reference/events#attendees
"""


class Role(StrEnum):
    ORGANIZER = "organizer"
    GUEST = "guest"


class GuestKind(StrEnum):
    PATIENT = "patient"
    COMPANION = "companion"
    INTERPRETER = "interpreter"
    STAFF = "staff"


class Participant(Value):
    id: str
    email: str
    role: Role
    kind: GuestKind | None = None
