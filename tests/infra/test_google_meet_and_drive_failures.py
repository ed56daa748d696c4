"""What goes wrong in a call to Meet or Drive ends as an error of ours, and the next call works."""

from collections.abc import Callable
from typing import Any

import pytest

from functions.errors import PermanentError, RetryableError, UpstreamError
from functions.models import SpaceSettings
from infra.google_drive import GoogleDrive
from infra.google_meet import GoogleMeet
from tests.infra.clinic import Clinic, at
from tests.infra.http_errors import judged
from tests.workspace_double.double import MEET_SETTINGS, SERVICE_ACCOUNT

SETTINGS = SpaceSettings(auto_recording=True)

Call = Callable[[GoogleMeet, GoogleDrive, Clinic], Any]

CALLS: dict[str, Call] = {
    "meet.spaces.get": lambda meet, _, clinic: meet.find_space(clinic.meeting()),
    "meet.spaces.patch": lambda meet, _, clinic: meet.apply_settings(clinic.meeting(), SETTINGS),
    "meet.conferenceRecords.list": lambda meet, _, clinic: meet.list_conferences(
        clinic.meeting(), at(-60), at(180)
    ),
    "meet.conferenceRecords.recordings.list": lambda meet, _, clinic: meet.list_recordings(
        clinic.meeting(), clinic.double.meet.conferences[0].name
    ),
    "meet.conferenceRecords.participants.list": lambda meet, _, clinic: meet.list_attendees(
        clinic.meeting(), clinic.double.meet.conferences[0].name
    ),
    "meet.conferenceRecords.participants.participantSessions.list": (
        lambda meet, _, clinic: meet.list_attendees(
            clinic.meeting(), clinic.double.meet.conferences[0].name
        )
    ),
    "drive.files.get": lambda _, drive, clinic: drive.get_file(
        clinic.meeting(), clinic.double.meet.conferences[0].recordings[0].file.id
    ),
}
FAULTS: dict[str, tuple[dict[str, Any], type[UpstreamError], str]] = {
    "429": ({"status": 429, "reason": "RATE_LIMIT_EXCEEDED"}, RetryableError, "rate_limited"),
    "403": ({"status": 403, "reason": "SERVICE_DISABLED"}, PermanentError, "api_disabled"),
    "500": ({"status": 500}, RetryableError, "google_unavailable"),
    "503": ({"status": 503, "retry_after": 7}, RetryableError, "google_unavailable"),
    "html": ({"html": True}, RetryableError, "google_unavailable"),
    "html 200": ({"html": True, "status": 200}, RetryableError, "google_unreadable"),
    "half": ({"malformed": True}, RetryableError, "google_unreadable"),
    "corrupt": ({"corrupt": True}, RetryableError, "google_unreadable"),
    "reset": ({"reset": True}, RetryableError, "google_unreachable"),
    "lost": ({"lose_answer": True, "times": 2}, RetryableError, "google_unreachable"),
}


@pytest.fixture
def full_clinic(clinic: Clinic) -> Clinic:
    clinic.double.delegate(SERVICE_ACCOUNT, [MEET_SETTINGS])
    clinic.record(clinic.hold(0, 60), 5, 55)
    return clinic


@pytest.mark.parametrize("method", CALLS)
class TestFailures:
    @pytest.mark.parametrize("fault", FAULTS)
    def test_has_its_code_and_leaves_no_trace(
        self, full_clinic: Clinic, method: str, fault: str
    ) -> None:
        fields, raises, code = FAULTS[fault]
        full_clinic.double.faults.add(method=method, **fields)

        with full_clinic.adapters() as (meet, drive):
            with pytest.raises(UpstreamError) as raised:
                CALLS[method](meet, drive, full_clinic)
            assert full_clinic.double.faults.pending == []
            CALLS[method](meet, drive, full_clinic)

        assert judged(raised.value) == (raises, code)

    def test_silence_is_given_up(self, full_clinic: Clinic, method: str) -> None:
        full_clinic.double.faults.add(method=method, delay_seconds=30)

        with full_clinic.adapters(0.5) as (meet, drive):
            with pytest.raises(RetryableError) as raised:
                CALLS[method](meet, drive, full_clinic)

        assert raised.value.code == "google_timeout"

    def test_an_expired_token_is_replaced(self, full_clinic: Clinic, method: str) -> None:
        with full_clinic.adapters() as (meet, drive):
            CALLS[method](meet, drive, full_clinic)
            full_clinic.double.faults.add(method=method, status=401, reason="authError")
            tokens = full_clinic.double.token_calls

            CALLS[method](meet, drive, full_clinic)

            assert full_clinic.double.token_calls == tokens + 1
