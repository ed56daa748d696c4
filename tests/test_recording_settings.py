"""The settings of what is done with rooms and recordings: all of it off unless it is wanted."""

import pytest

from functions.bootstrap.workspace import Workspace
from functions.models import AccessType, SpaceSettings
from functions.settings import Settings
from tests.test_settings import LIVE, LOCAL, faults
from tests.values import NOW

SHARED = {"RECORDING_SHARE_WITH": "Archive@clinica.com, audit@clinica.com,archive@clinica.com"}


def test_nothing_is_done_unless_it_is_wanted() -> None:
    settings = Settings.from_env({**LOCAL, **LIVE})

    assert (settings.auto_recording, settings.space_access_type) == ("off", "default")
    assert settings.recording_share_with == ()
    assert settings.recording_bucket is None


def test_what_is_wanted_is_read() -> None:
    wanted = {"RECORDING_SHARE_DAYS": "30", "RECORDING_BUCKET": "clinic-recordings", **SHARED}

    settings = Settings.from_env({**LOCAL, **LIVE, **wanted})

    assert settings.recording_share_with == ("archive@clinica.com", "audit@clinica.com")
    assert settings.recording_share_days == 30
    assert settings.recording_bucket == "clinic-recordings"


@pytest.mark.parametrize(
    ("wanted", "space_settings"),
    [
        ({}, SpaceSettings()),
        ({"AUTO_RECORDING": "on"}, SpaceSettings(auto_recording=True)),
        ({"SPACE_ACCESS_TYPE": "trusted"}, SpaceSettings(AccessType.TRUSTED)),
    ],
)
def test_rooms_get_what_is_wanted(wanted: dict[str, str], space_settings: SpaceSettings) -> None:
    workspace = Workspace(Settings.from_env({**LOCAL, **wanted}), lambda: NOW)

    assert workspace.space_settings() == space_settings
    assert space_settings.is_wanted == bool(wanted)


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ({"AUTO_RECORDING": "yes"}, "AUTO_RECORDING"),
        ({"SPACE_ACCESS_TYPE": "OPEN"}, "SPACE_ACCESS_TYPE"),
        ({"RECORDING_SHARE_WITH": "archive"}, "RECORDING_SHARE_WITH"),
        ({**SHARED, "RECORDING_SHARE_DAYS": "365"}, "RECORDING_SHARE_DAYS"),
        ({"RECORDING_SHARE_DAYS": "30"}, "RECORDING_SHARE_WITH"),
        ({"RECORDING_BUCKET": "gs://clinic"}, "RECORDING_BUCKET"),
        ({"RECORDING_BUCKET": "Clinic"}, "RECORDING_BUCKET"),
    ],
)
def test_a_fault_names_its_setting(wanted: dict[str, str], name: str) -> None:
    [fault] = faults({**LOCAL, **LIVE, **wanted})

    assert name in fault


@pytest.mark.parametrize("wanted", [SHARED, {"RECORDING_BUCKET": "clinic-recordings"}])
def test_a_simulated_recording_has_no_file_to_do_anything_with(wanted: dict[str, str]) -> None:
    [fault] = faults({**LOCAL, **wanted})

    assert "live mode only" in fault
