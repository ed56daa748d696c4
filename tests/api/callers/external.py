"""An external caller, and the meetings of others."""

from typing import Any

from functions.models import (
    Meeting,
    RecordingState,
)
from tests.api.accounts import EVA
from tests.api.caller import Api
from tests.api.parts import a_recording, those
from tests.values import a_meeting, put

ME, ANA, LEO = EVA, "ana@clinica.com", "leo@home.example"


def a_meeting_of(api: Api, organizer: str, *guests: str, **changes: Any) -> Meeting:
    recording = a_recording(state=changes.pop("recording_state", RecordingState.AVAILABLE))
    meeting = a_meeting(
        organizer_email=organizer,
        participants=those(organizer, *guests),
        **{"recordings": (recording,), **changes},
    )
    put(api.store.kept, meeting)
    return meeting
