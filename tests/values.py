"""Meetings and requests for tests: valid, and changed where a test says so."""

from datetime import UTC, datetime, timedelta
from typing import Any

from functions.models import (
    CalendarSync,
    EntryKind,
    JournalEntry,
    Meeting,
    Participant,
    Role,
    new_id,
)
from functions.ports import MeetingStore

NOW = datetime(2030, 1, 1, 9, 0, tzinfo=UTC)
ORGANIZER = "doctor@clinica.com"
GUEST = "paciente@correo.com"


def a_meeting(**changes: Any) -> Meeting:
    created_at = changes.pop("created_at", NOW)
    values: dict[str, Any] = {
        "id": new_id(),
        "livemode": True,
        "organizer_email": ORGANIZER,
        "participants": (
            Participant(id=new_id(), email=ORGANIZER, role=Role.ORGANIZER),
            Participant(id=new_id(), email=GUEST, role=Role.GUEST),
        ),
        "summary": "Appointment",
        "scheduled_start": NOW + timedelta(days=1),
        "scheduled_end": NOW + timedelta(days=1, hours=1),
        "time_zone": "Europe/Madrid",
        "calendar": CalendarSync().pending(created_at),
        "created_at": created_at,
        "updated_at": created_at,
        "created_by": "xoma@clinica.com",
    }
    return Meeting(**{**values, **changes})


def an_entry(meeting: Meeting, **changes: Any) -> JournalEntry:
    values = {
        "kind": EntryKind.MEETING_CREATED,
        "occurred_at": NOW,
        "by": "xoma@clinica.com",
        **changes,
    }
    return JournalEntry(
        **{"meeting_id": meeting.id, "sequence": 1, "revision": meeting.revision, **values}
    )


def put(store: MeetingStore, meeting: Meeting) -> None:
    """Store a meeting with the first entry of its journal."""
    store.create(meeting, an_entry(meeting))


def a_request(**changes: Any) -> dict[str, Any]:
    """The requirements' own request, its times moved to tomorrow."""
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    values = {
        "organizer_email": ORGANIZER,
        "invited_emails": [GUEST],
        "scheduled_start": start.isoformat().replace("+00:00", "Z"),
        "scheduled_end": (start + timedelta(hours=1)).isoformat().replace("+00:00", "Z"),
        "external_reference": "xoma_appointment_1234",
    }
    return {**values, **changes}
