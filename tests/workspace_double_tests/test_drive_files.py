"""A file of a recording: what of it is shown, to whom, and by which scope."""

import pytest

from tests.workspace_double import Recording, WorkspaceDouble
from tests.workspace_double.clients import drive_client
from tests.workspace_double.double import DRIVE
from tests.workspace_double_tests.calendar_calls import DOCTOR, NURSE, Refusal
from tests.workspace_double_tests.google_calls import COLLEAGUE, DriveFiles, at


@pytest.fixture
def recording(double: WorkspaceDouble, room: str) -> Recording:
    for user in (NURSE, COLLEAGUE):
        double.add_user(user)
    conference = double.hold_conference(room, at(9), at(10))
    return double.record(
        conference, at(9), at(9, 30), size=70_000, name="Check-up", readers=[NURSE]
    )


@pytest.fixture
def file_id(recording: Recording) -> str:
    return recording.file.id


class TestFields:
    def test_four_unless_others_are_asked_for(self, files: DriveFiles, file_id: str) -> None:
        assert files.get(file_id, None) == {
            "kind": "drive#file",
            "id": file_id,
            "name": "Check-up",
            "mimeType": "video/mp4",
        }

    def test_as_asked(self, files: DriveFiles, file_id: str) -> None:
        fields = (
            "size,createdTime,webViewLink,owners(emailAddress,me),shared,trashed,driveId,"
            "videoMediaMetadata,capabilities(canShare,canDownload)"
        )

        assert files.get(file_id, fields) == {
            "size": "70000",
            "createdTime": "2026-03-02T09:30:00.000Z",
            "webViewLink": f"https://drive.google.com/file/d/{file_id}/view?usp=drivesdk",
            "owners": [{"emailAddress": DOCTOR, "me": True}],
            "shared": True,
            "trashed": False,
            "videoMediaMetadata": {"durationMillis": "1800000", "width": 1280, "height": 720},
            "capabilities": {"canShare": True, "canDownload": True},
        }

    def test_of_a_file_in_a_shared_drive(
        self, double: WorkspaceDouble, files: DriveFiles, room: str
    ) -> None:
        conference = double.hold_conference(room, at(9), at(10))
        recording = double.record(conference, at(9), at(10), drive_id="0AB")

        shown = files.get(recording.file.id)
        double.gateway.demands.clear()

        assert shown["driveId"] == "0AB"
        assert not {"owners", "shared", "permissions"} & set(shown)
        with Refusal(404, "notFound"):
            files.resource.get(fileId=recording.file.id).execute()

    def test_in_my_drive_without_the_parameter_for_shared_ones(
        self, double: WorkspaceDouble, files: DriveFiles, file_id: str
    ) -> None:
        double.gateway.demands.clear()

        assert files.resource.get(fileId=file_id).execute()["id"] == file_id


class TestVisibility:
    def test_a_reader_sees_it_but_not_who_else_does(
        self, double: WorkspaceDouble, file_id: str
    ) -> None:
        with drive_client(double, NURSE) as client:
            shown = DriveFiles(client).get(file_id)

            assert shown["ownedByMe"] is shown["capabilities"]["canShare"] is False
            assert "permissions" not in shown
            with Refusal(403, "insufficientFilePermissions", file_id):
                DriveFiles(client).shares(file_id)

    def test_who_may_not_read_it_is_told_that_it_is_not_there(
        self, double: WorkspaceDouble, files: DriveFiles, file_id: str
    ) -> None:
        with drive_client(double, COLLEAGUE) as client:
            with Refusal(404, "notFound", f"File not found: {file_id}."):
                DriveFiles(client).get(file_id)
        with Refusal(404, "notFound", "File not found: 1x."):
            files.get("1x")

    def test_a_reader_of_yesterday(self, double: WorkspaceDouble, file_id: str) -> None:
        double.unshare_file(file_id, NURSE)

        with drive_client(double, NURSE) as client, Refusal(404, "notFound"):
            DriveFiles(client).get(file_id)

    def test_a_restricted_user_is_refused_by_name(
        self, double: WorkspaceDouble, files: DriveFiles, file_id: str
    ) -> None:
        double.restrict_file(file_id, DOCTOR)

        with Refusal(403, "insufficientFilePermissions", "does not have sufficient permissions"):
            files.get(file_id)


class TestScopes:
    @pytest.mark.parametrize(
        "scope", ["drive", "drive.readonly", "drive.meet.readonly", "drive.metadata.readonly"]
    )
    def test_that_read(self, double: WorkspaceDouble, file_id: str, scope: str) -> None:
        full = f"https://www.googleapis.com/auth/{scope}"

        with drive_client(double, DOCTOR, full) as client:
            assert DriveFiles(client).get(file_id)["id"] == file_id

    @pytest.mark.parametrize("scope", ["drive.file", "drive.appdata", "drive.photos.readonly"])
    def test_that_cover_no_file_of_meet(
        self, double: WorkspaceDouble, file_id: str, scope: str
    ) -> None:
        full = f"https://www.googleapis.com/auth/{scope}"

        with drive_client(double, DOCTOR, full) as client:
            with Refusal(403, "appNotAuthorizedToFile", file_id):
                DriveFiles(client).get(file_id)

    def test_that_is_not_enough_to_share(
        self, double: WorkspaceDouble, files: DriveFiles, file_id: str
    ) -> None:
        with Refusal(403, "insufficientPermissions"):
            files.share(file_id, emailAddress=COLLEAGUE)
        with drive_client(double, DOCTOR, DRIVE) as client:
            DriveFiles(client).share(file_id, emailAddress=COLLEAGUE)

        with drive_client(double, COLLEAGUE) as client:
            assert DriveFiles(client).get(file_id)["id"] == file_id
