"""Forty meetings that differ in all that can be asked for, and what each filter should find."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from functions.models import (
    CalendarState,
    CalendarSync,
    Meeting,
    MeetingStatus,
    Participant,
    Recording,
    RecordingState,
    Role,
    new_id,
    state_words,
)
from functions.ports import MeetingStore
from tests.values import NOW, a_meeting, put

DOCTORS = ("ana@clinica.com", "blas@clinica.com")
PATIENTS = ("carla@correo.com", "david@correo.com")
STATUSES = [*MeetingStatus, MeetingStatus.CANCELLED]
COUNT = 40
FROM, TO = NOW + timedelta(days=2), NOW + timedelta(days=5)
PROCESSING, AVAILABLE, MISSING = RecordingState

Finds = Callable[[Meeting], bool]
FILTERS: dict[str, tuple[dict[str, Any], Finds]] = {
    "one status": (
        {"statuses": frozenset({MeetingStatus.SCHEDULED})},
        lambda meeting: meeting.status == "SCHEDULED",
    ),
    "two statuses": (
        {"statuses": frozenset({MeetingStatus.CREATED, MeetingStatus.CANCELLED})},
        lambda meeting: meeting.status in ("CREATED", "CANCELLED"),
    ),
    "three statuses": (
        {"statuses": frozenset(MeetingStatus) - {MeetingStatus.CANCELLED}},
        lambda meeting: meeting.status != "CANCELLED",
    ),
    "organizer": (
        {"organizer_email": DOCTORS[0]},
        lambda meeting: meeting.participants[0].email == DOCTORS[0],
    ),
    "participant": (
        {"participant_email": DOCTORS[1]},
        lambda meeting: DOCTORS[1] in [p.email for p in meeting.participants],
    ),
    "guest": (
        {"guest_email": DOCTORS[1]},
        lambda meeting: DOCTORS[1] in [p.email for p in meeting.participants[1:]],
    ),
    "reference": (
        {"external_reference": "ref"},
        lambda meeting: meeting.external_reference == "ref",
    ),
    "calendar": (
        {"calendar_state": CalendarState.FAILED},
        lambda meeting: meeting.calendar.state == "FAILED",
    ),
    "recording": (
        {"recording_states": state_words()},
        lambda meeting: len(meeting.recordings) > 0,
    ),
    "available recording": (
        {"recording_states": state_words(AVAILABLE)},
        lambda meeting: any(r.state == "AVAILABLE" for r in meeting.recordings),
    ),
    "no available recording": (
        {"recording_states": frozenset({"", "PROCESSING", "MISSING", "MISSING+PROCESSING"})},
        lambda meeting: all(r.state != "AVAILABLE" for r in meeting.recordings),
    ),
    "from": ({"scheduled_from": FROM}, lambda meeting: meeting.scheduled_start >= FROM),
    "to": ({"scheduled_to": TO}, lambda meeting: meeting.scheduled_start < TO),
}


def meetings() -> list[Meeting]:
    """Return the same ones each time; times, people and states repeat, so that filters overlap."""
    chance = random.Random(0)
    return [_meeting(chance, number) for number in range(COUNT)]


def open_in(store: MeetingStore, made: list[Meeting]) -> None:
    """Store them; a cancelled one is made and then cancelled, so that its reference is free."""
    for meeting in made:
        put(store, meeting.replace(status=MeetingStatus.CREATED))
        if meeting.status is not MeetingStatus.CREATED:
            store.save(store.get(meeting.id), meeting)


def _meeting(chance: random.Random, number: int) -> Meeting:
    doctor = chance.choice(DOCTORS)
    guests = chance.sample([*PATIENTS, *(other for other in DOCTORS if other != doctor)], 2)
    # Of those with the reference, the last one is active: the others are cancelled by then.
    is_last = number == COUNT - 1
    status = MeetingStatus.SCHEDULED if is_last else chance.choice(STATUSES)
    is_referred = is_last or (status is MeetingStatus.CANCELLED and chance.random() < 0.8)
    start = NOW + timedelta(days=chance.randint(1, 6))
    return a_meeting(
        status=status,
        organizer_email=doctor,
        participants=(
            Participant(id=new_id(), email=doctor, role=Role.ORGANIZER),
            *(Participant(id=new_id(), email=guest, role=Role.GUEST) for guest in guests),
        ),
        external_reference="ref" if is_referred else f"ref-{number}",
        calendar=CalendarSync(state=chance.choice(list(CalendarState))),
        recordings=tuple(
            _recording(state) for state in chance.choices(list(RecordingState), k=number % 4)
        ),
        scheduled_start=start,
        scheduled_end=start + timedelta(hours=1),
        created_at=NOW - timedelta(minutes=chance.randint(1, 6)),
    )


def _recording(state: RecordingState) -> Recording:
    return Recording(
        id=new_id(), state=state, drive_file_id="file", url="https://drive", created_at=NOW
    )
