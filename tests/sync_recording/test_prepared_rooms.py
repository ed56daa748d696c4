"""Rooms that get settings of our own: applied once and early, and a refusal harms nothing."""

from dataclasses import replace

import pytest

from functions.models import (
    AccessType,
    CalendarState,
    MeetingStatus,
    SettingOutcome,
    SpaceSettings,
)
from tests.sync_recording.world import END, HOUR, MINUTE, World, verdict
from tests.values import NOW, ORGANIZER
from tests.workspace_double.double import MEET_SETTINGS, SERVICE_ACCOUNT

PATCH = "meet.spaces.patch"


@pytest.fixture
def preparing(world: World) -> World:
    """A world in which every room is recorded automatically and closed to strangers."""
    settings = SpaceSettings(AccessType.RESTRICTED, auto_recording=True)
    world.double.delegate(SERVICE_ACCOUNT, [MEET_SETTINGS])
    world.calendar = replace(world.calendar, prepares_rooms=True)
    world.recordings = replace(world.recordings, space_settings=settings)
    return world


def test_a_room_is_prepared_as_soon_as_it_is_made(preparing: World) -> None:
    meeting = preparing.meeting()

    preparing.run_until(NOW + MINUTE)

    config = preparing.double.space(meeting.meeting_code or "").config
    assert config["accessType"] == "RESTRICTED"
    recording = config["artifactConfig"]["recordingConfig"]
    assert recording["autoRecordingGeneration"] == "ON"
    found = preparing.get(meeting)
    assert (found.access_type, found.auto_recording) == (SettingOutcome.APPLIED,) * 2


def test_it_is_prepared_once(preparing: World) -> None:
    preparing.meeting()

    preparing.run_until(END + 3 * HOUR)

    assert preparing.double.count(PATCH) == 2


def test_rooms_are_left_alone_unless_it_is_wanted(world: World) -> None:
    meeting = world.meeting()

    world.run_until(END + 3 * HOUR)

    assert world.double.count(PATCH) == 0
    assert world.get(meeting).access_type is None


def test_an_edition_that_cannot_record_is_told_and_the_rest_goes_on(preparing: World) -> None:
    preparing.double.add_user(ORGANIZER, no_recording=True)
    meeting = preparing.meeting()
    preparing.hold(meeting)

    preparing.run_until(END + HOUR)

    found = preparing.get(meeting)
    assert (found.access_type, found.auto_recording) == (
        SettingOutcome.APPLIED,
        SettingOutcome.REFUSED,
    )
    assert found.calendar.state is CalendarState.SYNCED
    assert found.status is MeetingStatus.FINISHED
    assert verdict(found) == ("ABSENT", "edition_without_recording")


def test_a_scope_that_is_missing_says_nothing_of_the_edition(preparing: World) -> None:
    preparing.double.revoke(SERVICE_ACCOUNT, [MEET_SETTINGS])
    meeting = preparing.meeting()
    preparing.hold(meeting)
    preparing.run_until(NOW + MINUTE)
    assert preparing.get(meeting).auto_recording is None

    preparing.run_until(END + HOUR)

    assert verdict(preparing.get(meeting)) == ("ABSENT", "not_recorded")


def test_only_a_refusal_says_something_of_the_edition(preparing: World) -> None:
    preparing.double.faults.add(method=PATCH, status=403, reason="SERVICE_DISABLED", times=9)
    meeting = preparing.meeting()
    preparing.hold(meeting)

    preparing.run_until(END + HOUR)

    assert verdict(preparing.get(meeting)) == ("ABSENT", "not_recorded")


def test_what_google_does_not_answer_is_tried_again(preparing: World) -> None:
    preparing.double.faults.add(method=PATCH, status=503)
    meeting = preparing.meeting()

    preparing.run_until(END + HOUR)

    found = preparing.get(meeting)
    assert (found.access_type, found.auto_recording) == (SettingOutcome.APPLIED,) * 2
    assert preparing.double.count(PATCH) == 3
