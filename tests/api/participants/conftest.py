"""The fixtures of the participants' tests."""

import pytest

from tests.api.caller import Api
from tests.api.participants.clinic import ANA, EVA, KIM, LEO, a_meeting_of


@pytest.fixture
def clinic(api: Api) -> dict[str, str]:
    """Three meetings, the first one the newest."""
    return {
        "m1": a_meeting_of(api, ANA, EVA, KIM, minutes=3),
        "m2": a_meeting_of(api, LEO, ANA, EVA, minutes=2),
        "m3": a_meeting_of(api, ANA, minutes=1),
    }
