"""main.py with a meeting stored of which Google Meet does not tell, for want of its API."""

from functions.bootstrap import product
from functions.models import RecordingSync
from main import sync_recording
from tests.sentry.words import MEETING_ID
from tests.values import NOW, a_meeting, put

__all__ = ["sync_recording"]

put(
    product().stores().meetings,
    a_meeting(
        id=MEETING_ID,
        livemode=False,
        external_reference="sim-meet-fail-api_disabled-x",
        meeting_code="abc-defg-hij",
        recording_sync=RecordingSync(due_at=NOW),
    ),
)
