"""Meetings with whoever takes part in them."""

from datetime import timedelta

from tests.api.caller import Api
from tests.api.parts import those
from tests.values import NOW, a_meeting, put

ANA, LEO, EVA, KIM = "ana@clinica.com", "leo@clinica.com", "eva@home.example", "kim@home.example"


def a_meeting_of(api: Api, organizer: str, *guests: str, minutes: int = 0) -> str:
    meeting = a_meeting(
        organizer_email=organizer,
        created_at=NOW + timedelta(minutes=minutes),
        participants=those(organizer, *guests),
    )
    put(api.store.kept, meeting)
    return meeting.id
