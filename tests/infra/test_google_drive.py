"""A recording's file as Drive knows it, from before it is there until after it is deleted."""

from datetime import timedelta

import pytest

from functions.errors import GoneError, PermanentError
from functions.models import DriveFile
from infra.google_drive import GoogleDrive
from tests.infra.clinic import ANA, EVA, Clinic, at


class TestFile:
    def test_all_is_told_of_it(self, clinic: Clinic, drive: GoogleDrive) -> None:
        recording = clinic.record(clinic.hold(0, 60), 5, 55, content=b"video")

        assert drive.get_file(clinic.meeting(), recording.file.id) == DriveFile(
            id=recording.file.id,
            is_trashed=False,
            size_bytes=5,
            duration_seconds=50 * 60,
            url=f"{recording.file.view_link}?usp=drivesdk",
        )

    def test_its_length_may_come_after_the_file_and_the_file_after_meets_word(
        self, clinic: Clinic, drive: GoogleDrive
    ) -> None:
        recording = clinic.record(
            clinic.hold(0, 60), 5, 55, ready_at=at(60), file_ready_at=at(70), video_ready_at=at(80)
        )
        clinic.clock.instant = at(65)
        with pytest.raises(GoneError):
            drive.get_file(clinic.meeting(), recording.file.id)

        clinic.clock.instant = at(75)
        early = drive.get_file(clinic.meeting(), recording.file.id)
        clinic.clock.instant = at(85)
        late = drive.get_file(clinic.meeting(), recording.file.id)

        assert (early.size_bytes, early.duration_seconds) == (1_000_000, None)
        assert late.duration_seconds == 50 * 60

    @pytest.mark.parametrize(("milliseconds", "seconds"), [(1499, 1), (1500, 2), (2500, 3)])
    def test_its_length_is_rounded_to_seconds(
        self, clinic: Clinic, drive: GoogleDrive, milliseconds: int, seconds: int
    ) -> None:
        duration = timedelta(milliseconds=milliseconds)
        recording = clinic.record(clinic.hold(0, 60), 5, 55, duration=duration)

        file = drive.get_file(clinic.meeting(), recording.file.id)

        assert file.duration_seconds == seconds

    def test_it_is_trashed_restored_and_deleted(self, clinic: Clinic, drive: GoogleDrive) -> None:
        file_id = clinic.record(clinic.hold(0, 60), 5, 55).file.id

        clinic.double.trash_file(file_id)
        assert drive.get_file(clinic.meeting(), file_id).is_trashed
        clinic.double.restore_file(file_id)
        assert not drive.get_file(clinic.meeting(), file_id).is_trashed
        clinic.double.delete_file(file_id)
        with pytest.raises(GoneError):
            drive.get_file(clinic.meeting(), file_id)

    def test_it_is_found_in_a_shared_drive(self, clinic: Clinic, drive: GoogleDrive) -> None:
        recording = clinic.record(clinic.hold(0, 60), 5, 55, drive_id="0AClinic")

        assert drive.get_file(clinic.meeting(), recording.file.id).size_bytes == 1_000_000

    def test_anothers_cannot_be_told_from_none(self, clinic: Clinic, drive: GoogleDrive) -> None:
        conference = clinic.hold(0, 60, space=clinic.new_space(EVA))
        recording = clinic.record(conference, 5, 55)

        with pytest.raises(GoneError):
            drive.get_file(clinic.meeting(), recording.file.id)

    def test_one_that_is_refused_by_name_is_forbidden(
        self, clinic: Clinic, drive: GoogleDrive
    ) -> None:
        file_id = clinic.record(clinic.hold(0, 60), 5, 55).file.id
        clinic.double.restrict_file(file_id, ANA)

        with pytest.raises(PermanentError) as raised:
            drive.get_file(clinic.meeting(), file_id)

        assert raised.value.code == "forbidden"
