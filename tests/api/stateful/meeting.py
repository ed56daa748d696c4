"""A meeting as the model keeps it, and what it fits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


def text(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def is_span(start: str, end: str) -> bool:
    lasts = datetime.fromisoformat(end) - datetime.fromisoformat(start)
    return timedelta(0) < lasts <= timedelta(hours=24)


@dataclass
class Meeting:
    id: str
    values: dict[str, Any]
    people: dict[str, dict[str, Any]]
    created_at: str
    created_by: str
    journal: list[tuple[str, str]]
    status: str = "CREATED"
    calendar: str = "PENDING"
    attempts: int = 0
    has_link: bool = False
    revision: int = 1
    recordings: dict[str, dict[str, Any]] = field(default_factory=dict)
    cancelled_by: str | None = None
    cancel_reason: str | None = None

    @property
    def is_cancelled(self) -> bool:
        return self.status == "CANCELLED"

    @property
    def emails(self) -> list[str]:
        return [person["email"] for person in self.people.values()]

    @property
    def has_recording(self) -> bool:
        return any(r["state"] == "AVAILABLE" for r in self.recordings.values())

    def people_seen(self, as_guest: str | None) -> dict[str, dict[str, Any]]:
        """All, or what a guest sees of them: the organizer and itself."""
        return {
            person_id: person
            for person_id, person in self.people.items()
            if as_guest is None or person["role"] == "organizer" or person["email"] == as_guest
        }

    def view(self, as_guest: str | None = None) -> dict[str, Any]:
        people = list(self.people_seen(as_guest).values())
        return {
            **self.values,
            "id": self.id,
            "status": self.status,
            "participants": people,
            "participants_count": len(people),
            "revision": self.revision,
            "calendar": {"state": self.calendar, "attempts": self.attempts},
            "created_at": self.created_at,
            "created_by": self.created_by,
            "cancelled_by": self.cancelled_by,
            "cancel_reason": None if as_guest else self.cancel_reason,
        }

    def note(self, kind: str, by: str) -> None:
        self.journal.append((kind, by))

    def revise(self, kind: str, by: str) -> None:
        """One revision more, which Google has yet to see."""
        self.revision += 1
        self.calendar, self.attempts = "PENDING", 0
        self.note(kind, by)


def fits(meeting: Meeting, filters: Mapping[str, Any]) -> bool:
    start = meeting.values["scheduled_start"]
    tests: dict[str, Callable[[Any], bool]] = {
        "status": lambda wanted: meeting.status in wanted,
        "organizer_email": lambda wanted: meeting.values["organizer_email"] == wanted,
        "participant_email": lambda wanted: wanted in meeting.emails,
        "external_reference": lambda wanted: meeting.values["external_reference"] == wanted,
        "calendar_state": lambda wanted: meeting.calendar == wanted,
        "has_recording": lambda wanted: meeting.has_recording == (wanted == "true"),
        "scheduled_from": lambda wanted: start >= wanted,
        "scheduled_to": lambda wanted: start < wanted,
    }
    return all(tests[name](wanted) for name, wanted in filters.items())
