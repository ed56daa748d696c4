"""What a listing asks for, and where it goes on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from functions.models.calendar import CalendarState
from functions.models.meeting import Meeting, MeetingStatus

Item = TypeVar("Item")


class Ordering(StrEnum):
    NEWEST = "-created_at"
    OLDEST = "created_at"
    EARLIEST = "scheduled_start"
    LATEST = "-scheduled_start"

    @property
    def is_descending(self) -> bool:
        return self.startswith("-")

    @property
    def field(self) -> str:
        return self.removeprefix("-")


@dataclass(frozen=True)
class Position:
    """Where a listing goes on: just after the one with these values of its order's fields."""

    values: tuple[datetime, ...]
    id: str
    part: str | None = None
    """Where the parts of meetings are listed: just after this part, within that very meeting."""


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some of them, and the position after the last one; None where there are no more."""

    items: tuple[Item, ...]
    next: Position | None


@dataclass(frozen=True)
class MeetingQuery:
    """The meetings that fit all that is set; of the two emails in arrays Firestore takes one."""

    ordering: Ordering = Ordering.NEWEST
    statuses: frozenset[MeetingStatus] = frozenset()
    organizer_email: str | None = None
    participant_email: str | None = None
    guest_email: str | None = None
    external_reference: str | None = None
    calendar_state: CalendarState | None = None
    recording_states: frozenset[str] = frozenset()
    """Words of `functions.models.recording.state_words`."""

    scheduled_from: datetime | None = None
    scheduled_to: datetime | None = None
    """Not itself within the range."""

    @property
    def order_fields(self) -> tuple[str, ...]:
        """The fields to order by, before the id, which settles ties."""
        field = self.ordering.field
        has_range = self.scheduled_from is not None or self.scheduled_to is not None
        # Firestore orders also by what a range is asked of.
        return (field, "scheduled_start") if has_range and field != "scheduled_start" else (field,)

    def position(self, meeting: Meeting) -> Position:
        """Return where a listing goes on that ends with this meeting."""
        return Position(tuple(getattr(meeting, field) for field in self.order_fields), meeting.id)
