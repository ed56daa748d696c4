"""The mock Workspace plays what `external_reference` says."""

from datetime import timedelta

import pytest

from functions.errors import RetryableError
from functions.models import CalendarState, Meeting, MeetingStatus
from functions.sync_calendar import CalendarSynchronizer
from infra.embedded.database import EmbeddedDatabase
from infra.embedded.meetings import EmbeddedMeetingStore
from infra.mock_workspace import MockCalendar
from tests.values import NOW, a_meeting, put


class Clinic:
    def __init__(self) -> None:
        self.store = EmbeddedMeetingStore(EmbeddedDatabase())
        self.time = NOW
        calendar = MockCalendar("http://localhost:8080/simulated-rooms", lambda: self.time)
        self._synchronizer = CalendarSynchronizer(
            self.store, calendar, lambda: self.time, lambda _: None
        )
        self._ids: dict[str, str] = {}

    def sync(self, external_reference: str) -> Meeting:
        if external_reference not in self._ids:
            meeting = a_meeting(livemode=False, external_reference=external_reference)
            put(self.store, meeting)
            self._ids[external_reference] = meeting.id
        return self._synchronizer.sync(self._ids[external_reference])


class TestMock:
    """The mock Workspace plays what `external_reference` says."""

    @pytest.fixture
    def clinic(self) -> "Clinic":
        return Clinic()

    def test_without_a_script_all_is_well(self, clinic: "Clinic") -> None:
        synced = clinic.sync("xoma_1")

        assert synced.meet_link is not None
        assert synced.meet_link.startswith("http://localhost:8080/simulated-rooms/")

    def test_a_failure_has_the_code_of_the_real_one(self, clinic: "Clinic") -> None:
        failed = clinic.sync("sim-fail-delegation_missing-1")

        assert failed.calendar.state is CalendarState.FAILED
        assert failed.calendar.error is not None
        assert failed.calendar.error.code == "delegation_missing"

    @pytest.mark.parametrize("reference", ["sim-fail-no_such_code-1", "sim-nonsense-1", "sim-"])
    def test_a_script_that_is_none_is_said_to_be_none(
        self, clinic: "Clinic", reference: str
    ) -> None:
        failed = clinic.sync(reference)

        assert failed.calendar.error is not None
        assert failed.calendar.error.code == "unknown_simulation"

    def test_passing_failures_pass(self, clinic: "Clinic") -> None:
        for _ in range(2):
            with pytest.raises(RetryableError):
                clinic.sync("sim-transient-2-x")

        assert clinic.sync("sim-transient-2-x").status is MeetingStatus.SCHEDULED

    def test_a_link_after_some_seconds(self, clinic: "Clinic") -> None:
        with pytest.raises(RetryableError):
            clinic.sync("sim-link-after-30-x")
        clinic.time += timedelta(seconds=30)

        assert clinic.sync("sim-link-after-30-x").meet_link is not None

    def test_never_a_link(self, clinic: "Clinic") -> None:
        for hours in range(3):
            clinic.time += timedelta(hours=hours)
            with pytest.raises(RetryableError):
                clinic.sync("sim-link-never-x")
        clinic.time += timedelta(days=3)

        failed = clinic.sync("sim-link-never-x")

        assert failed.calendar.error is not None
        assert failed.calendar.error.code == "appointment_over"

    def test_a_room_that_fails(self, clinic: "Clinic") -> None:
        failed = clinic.sync("sim-room-fails-x")

        assert failed.calendar.error is not None
        assert failed.calendar.error.code == "conference_failed"
