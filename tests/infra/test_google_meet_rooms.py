"""A meeting's room is found by its code, set up by its name, and each scope has its own token."""

import pytest

from functions.errors import PermanentError
from functions.models import AccessType, SpaceSettings
from infra.google_drive import GoogleDrive
from infra.google_meet import GoogleMeet
from tests.infra.appointment import DELEGATE
from tests.infra.clinic import ANA, EVA, Clinic, at
from tests.workspace_double.double import (
    DRIVE_MEET_READONLY,
    MEET_READONLY,
    MEET_SETTINGS,
    SERVICE_ACCOUNT,
)

RECORDED = SpaceSettings(auto_recording=True)
PATCH = "meet.spaces.patch"
AUTO_RECORDING = {"artifactConfig": {"recordingConfig": {"autoRecordingGeneration": "ON"}}}


class TestFindSpace:
    def test_tells_the_rooms_lasting_name(self, clinic: Clinic, meet: GoogleMeet) -> None:
        assert meet.find_space(clinic.meeting(space_name=None)) == clinic.space.name

    def test_of_an_organizer_from_elsewhere_is_asked_as_the_delegate(
        self, clinic: Clinic, meet: GoogleMeet
    ) -> None:
        space = clinic.new_space(DELEGATE)

        found = meet.find_space(clinic.meeting("eva@home.example", meeting_code=space.code))

        assert found == space.name

    @pytest.mark.parametrize("owner", [None, EVA])
    def test_what_is_not_there_and_what_is_anothers_are_forbidden(
        self, clinic: Clinic, meet: GoogleMeet, owner: str | None
    ) -> None:
        code = clinic.new_space(owner).code if owner else "zzz-zzzz-zzz"

        with pytest.raises(PermanentError) as raised:
            meet.find_space(clinic.meeting(meeting_code=code))

        assert raised.value.code == "forbidden"

    @pytest.mark.parametrize("code", ["j/98765", "a?b", "a b", "", None])
    def test_a_code_that_is_none_of_meets_is_forbidden_without_asking(
        self, clinic: Clinic, meet: GoogleMeet, code: str | None
    ) -> None:
        with pytest.raises(PermanentError) as raised:
            meet.find_space(clinic.meeting(meeting_code=code))

        assert raised.value.code == "forbidden"
        assert clinic.double.calls == []


class TestSettings:
    @pytest.fixture(autouse=True)
    def settings_granted(self, clinic: Clinic) -> None:
        clinic.double.delegate(SERVICE_ACCOUNT, [MEET_SETTINGS])

    @pytest.mark.parametrize(
        ("wanted", "config"),
        [
            (RECORDED, AUTO_RECORDING),
            (SpaceSettings(AccessType.RESTRICTED), {"accessType": "RESTRICTED"}),
            (
                SpaceSettings(AccessType.OPEN, auto_recording=True),
                {"accessType": "OPEN", **AUTO_RECORDING},
            ),
        ],
    )
    def test_what_is_wanted_is_set_and_the_rest_stays(
        self, clinic: Clinic, wanted: SpaceSettings, config: dict[str, object]
    ) -> None:
        clinic.space.config = {"moderation": "ON"}

        with clinic.adapters() as (meet, _):
            meet.apply_settings(clinic.meeting(), wanted)
            meet.apply_settings(clinic.meeting(), wanted)

        assert clinic.space.config == {"moderation": "ON", **config}

    def test_an_owners_other_choices_for_artifacts_stay(self, clinic: Clinic) -> None:
        transcription = {"transcriptionConfig": {"autoTranscriptionGeneration": "ON"}}
        clinic.space.config = {"accessType": "OPEN", "artifactConfig": transcription}

        with clinic.adapters() as (meet, _):
            meet.apply_settings(clinic.meeting(), RECORDED)

        both = {**transcription, **AUTO_RECORDING["artifactConfig"]}
        assert clinic.space.config == {"accessType": "OPEN", "artifactConfig": both}

    def test_a_room_is_set_up_by_its_name_whatever_became_of_its_code(self, clinic: Clinic) -> None:
        with clinic.adapters() as (meet, _):
            meet.apply_settings(clinic.meeting(meeting_code="zzz-zzzz-zzz"), RECORDED)

        assert clinic.space.config == AUTO_RECORDING

    def test_an_edition_that_cannot_record_is_forbidden(self, clinic: Clinic) -> None:
        clinic.double.add_user(ANA, no_recording=True)

        with clinic.adapters() as (meet, _):
            with pytest.raises(PermanentError) as raised:
                meet.apply_settings(clinic.meeting(), RECORDED)

        assert raised.value.code == "forbidden"
        assert clinic.space.config == {}

    def test_anothers_room_is_forbidden(self, clinic: Clinic) -> None:
        space = clinic.new_space(EVA)

        with clinic.adapters() as (meet, _):
            with pytest.raises(PermanentError) as raised:
                meet.apply_settings(
                    clinic.meeting(space_name=space.name), SpaceSettings(AccessType.OPEN)
                )

        assert raised.value.code == "forbidden"
        assert space.config == {}


class TestScopes:
    def test_settings_not_granted_leave_reading_as_it_is(self, clinic: Clinic) -> None:
        with clinic.adapters() as (meet, _):
            with pytest.raises(PermanentError) as raised:
                meet.apply_settings(clinic.meeting(), RECORDED)

            assert raised.value.code == "delegation_missing"
            assert meet.find_space(clinic.meeting()) == clinic.space.name
        assert clinic.double.count(PATCH) == 0

    def test_settings_need_nothing_but_their_own(self, clinic: Clinic) -> None:
        clinic.double.revoke(SERVICE_ACCOUNT, [MEET_READONLY, DRIVE_MEET_READONLY])
        clinic.double.delegate(SERVICE_ACCOUNT, [MEET_SETTINGS])

        with clinic.adapters() as (meet, _):
            meet.apply_settings(clinic.meeting(), RECORDED)

        assert clinic.space.config == AUTO_RECORDING

    def test_meets_not_granted_leaves_drive_working_and_heals_once_granted(
        self, clinic: Clinic, meet: GoogleMeet, drive: GoogleDrive
    ) -> None:
        file_id = clinic.record(clinic.hold(0, 60), 5, 55).file.id
        clinic.double.revoke(SERVICE_ACCOUNT, [MEET_READONLY])

        with pytest.raises(PermanentError) as raised:
            meet.find_space(clinic.meeting())
        assert raised.value.code == "delegation_missing"
        assert drive.get_file(clinic.meeting(), file_id).id == file_id

        clinic.double.delegate(SERVICE_ACCOUNT, [MEET_READONLY])
        assert meet.find_space(clinic.meeting()) == clinic.space.name

    def test_drives_not_granted_leaves_meet_working(
        self, clinic: Clinic, meet: GoogleMeet, drive: GoogleDrive
    ) -> None:
        conference = clinic.hold(0, 60)
        file_id = clinic.record(conference, 5, 55).file.id
        clinic.double.revoke(SERVICE_ACCOUNT, [DRIVE_MEET_READONLY])

        with pytest.raises(PermanentError) as raised:
            drive.get_file(clinic.meeting(), file_id)

        assert raised.value.code == "delegation_missing"
        (listed,) = meet.list_conferences(clinic.meeting(), at(-60), at(60))
        (found,) = meet.list_recordings(clinic.meeting(), listed.name)
        assert found.drive_file_id == file_id

    def test_a_suspended_organizer_is_unusable(self, clinic: Clinic, meet: GoogleMeet) -> None:
        clinic.double.add_user(ANA, suspended=True)

        with pytest.raises(PermanentError) as raised:
            meet.find_space(clinic.meeting())

        assert raised.value.code == "organizer_unusable"

    def test_an_organizer_without_meet_is_forbidden(self, clinic: Clinic, meet: GoogleMeet) -> None:
        clinic.double.add_user(ANA, no_meet=True)

        with pytest.raises(PermanentError) as raised:
            meet.list_conferences(clinic.meeting(), at(-60), at(60))

        assert raised.value.code == "forbidden"
