"""A room of an event is a space: read by name or by code, changed by its owner and by name."""

from typing import Any

import pytest

from tests.workspace_double import WorkspaceDouble
from tests.workspace_double.clients import meet_client
from tests.workspace_double.double import MEET_CREATED, MEET_READONLY, MEET_SETTINGS
from tests.workspace_double_tests.calendar_calls import DOCTOR, Events, room_request
from tests.workspace_double_tests.google_calls import (
    COLLEAGUE,
    SPACE_DENIED,
    Denial,
    Records,
    at,
)

ON = {"recordingConfig": {"autoRecordingGeneration": "ON"}}
RECORDING = "config.artifactConfig.recordingConfig"


def recording_of(space: dict[str, Any]) -> str:
    return str(space["config"]["artifactConfig"]["recordingConfig"]["autoRecordingGeneration"])


class TestGet:
    def test_by_the_code_of_an_event_and_by_the_name_it_tells(
        self, records: Records, room: str
    ) -> None:
        by_code = records.space(room)

        assert by_code["meetingCode"] == room
        assert by_code["meetingUri"] == f"https://meet.google.com/{room}"
        assert by_code["name"] != f"spaces/{room}"
        assert by_code["config"]["accessType"] == "TRUSTED"
        assert "activeConference" not in by_code
        assert records.space(by_code["name"]) == by_code

    def test_a_code_is_read_in_any_case_but_a_name_is_not(
        self, records: Records, room: str
    ) -> None:
        name = records.space(room.upper())["name"]

        with Denial(403, "PERMISSION_DENIED", SPACE_DENIED):
            records.space(name.lower())

    def test_every_room_is_a_space_of_its_own(self, records: Records, events: Events) -> None:
        codes = [
            events.insert(id=f"m0000{n}", conferenceData=room_request(f"r{n}"))["conferenceData"][
                "conferenceId"
            ]
            for n in range(3)
        ]

        assert len({records.space(code)["name"] for code in codes}) == 3

    def test_an_unknown_one_and_another_users_are_refused_alike(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        double.add_user(COLLEAGUE)

        with Denial(403, "PERMISSION_DENIED", SPACE_DENIED):
            records.space("abc-mnop-xyz")
        with (
            meet_client(double, COLLEAGUE) as client,
            Denial(403, "PERMISSION_DENIED", SPACE_DENIED),
        ):
            Records(client).space(room)

    def test_a_live_conference_shows_until_it_ends(
        self, double: WorkspaceDouble, records: Records, room: str, clock: Any
    ) -> None:
        conference = double.hold_conference(room, at(13), at(14))

        assert "activeConference" not in records.space(room)
        clock.instant = at(13)
        assert records.space(room)["activeConference"] == {"conferenceRecord": conference.name}
        clock.instant = at(14)
        assert "activeConference" not in records.space(room)

    @pytest.mark.parametrize(
        ("scope", "is_allowed"),
        [(MEET_READONLY, True), (MEET_SETTINGS, True), (MEET_CREATED, False)],
    )
    def test_the_scope_for_spaces_of_the_app_covers_no_room_of_calendar(
        self, double: WorkspaceDouble, room: str, scope: str, is_allowed: bool
    ) -> None:
        with meet_client(double, DOCTOR, scope) as client:
            if is_allowed:
                assert Records(client).space(room)["meetingCode"] == room
            else:
                with Denial(403, "PERMISSION_DENIED", SPACE_DENIED):
                    Records(client).space(room)


class TestPatch:
    def test_by_name_only(self, records: Records, room: str) -> None:
        name = records.space(room)["name"]

        with Denial(403, "PERMISSION_DENIED", SPACE_DENIED):
            records.patch(f"spaces/{room}", "config.accessType", accessType="RESTRICTED")
        patched = records.patch(name, "config.accessType", accessType="RESTRICTED")

        assert patched["config"]["accessType"] == "RESTRICTED"
        assert records.space(room) == patched

    def test_only_what_the_mask_names(self, records: Records, room: str) -> None:
        name = records.space(room)["name"]
        records.patch(name, "config.entryPointAccess", entryPointAccess="CREATOR_APP_ONLY")

        patched = records.patch(name, RECORDING, artifactConfig=ON, accessType="OPEN")

        assert recording_of(patched) == "ON"
        assert patched["config"]["accessType"] == "TRUSTED"
        assert patched["config"]["entryPointAccess"] == "CREATOR_APP_ONLY"
        transcription = patched["config"]["artifactConfig"]["transcriptionConfig"]
        assert transcription == {"autoTranscriptionGeneration": "OFF"}

    def test_what_the_mask_names_and_the_body_lacks_goes_back_to_its_default(
        self, records: Records, room: str
    ) -> None:
        name = records.space(room)["name"]
        records.patch(name, f"{RECORDING},config.accessType", artifactConfig=ON, accessType="OPEN")

        assert records.patch(name, "config.accessType")["config"]["accessType"] == "TRUSTED"
        assert recording_of(records.space(name)) == "ON"
        assert recording_of(records.patch(name, "*", accessType="OPEN")) == "OFF"

    def test_by_the_owner_only(self, double: WorkspaceDouble, records: Records, room: str) -> None:
        double.add_user(COLLEAGUE)
        name = records.space(room)["name"]

        with (
            meet_client(double, COLLEAGUE) as client,
            Denial(403, "PERMISSION_DENIED", SPACE_DENIED),
        ):
            Records(client).patch(name, "config.accessType", accessType="OPEN")

    def test_the_scope_for_spaces_of_the_app_changes_no_room_of_calendar(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        name = records.space(room)["name"]

        with (
            meet_client(double, DOCTOR, MEET_CREATED) as client,
            Denial(403, "PERMISSION_DENIED", SPACE_DENIED),
        ):
            Records(client).patch(name, "config.accessType", accessType="OPEN")

    def test_values_that_nobody_may_set(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        name = records.space(room)["name"]

        with Denial(400, "INVALID_ARGUMENT"):
            records.patch(name, "config.moderation", moderation="MODERATION_UNSPECIFIED")
        with Denial(400, "INVALID_ARGUMENT", "update_mask"):
            records.patch(name, "name")
        double.add_user(DOCTOR, no_recording=True)
        with Denial(403, "PERMISSION_DENIED"):
            records.patch(name, RECORDING, artifactConfig=ON)

        assert recording_of(records.space(name)) == "OFF"


class TestCreate:
    def test_a_space_of_the_app(self, double: WorkspaceDouble) -> None:
        with meet_client(double, DOCTOR, MEET_CREATED) as client:
            records = Records(client)
            made = records.spaces.create(body={"config": {"accessType": "OPEN"}}).execute()

            assert made["config"]["accessType"] == "OPEN"
            assert records.space(made["meetingCode"]) == made
            patched = records.patch(made["name"], "config.accessType", accessType="RESTRICTED")
            assert patched["config"]["accessType"] == "RESTRICTED"
        assert double.calendar.conferences.rooms == {}


class TestCaller:
    def test_a_service_account_has_no_meet_of_its_own(self, double: WorkspaceDouble) -> None:
        with meet_client(double, None) as client:
            with Denial(403, "PERMISSION_DENIED", "The caller does not have permission"):
                Records(client).page()

    def test_nor_has_a_user_without_meet(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        double.add_user(DOCTOR, no_meet=True)

        with Denial(403, "PERMISSION_DENIED"):
            records.space(room)
        with Denial(403, "PERMISSION_DENIED"):
            records.page()
