"""The bytes of a file come whole or in pieces, and add up to its size and checksum."""

import hashlib
import io

import pytest
import requests
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseDownload

from tests.workspace_double import Recording, WorkspaceDouble
from tests.workspace_double.clients import drive_client
from tests.workspace_double.double import DRIVE_MEET_READONLY
from tests.workspace_double_tests.calendar_calls import DOCTOR, Refusal
from tests.workspace_double_tests.google_calls import GET_FILE, DriveFiles, at, token

SIZE = 150_000


@pytest.fixture
def recording(double: WorkspaceDouble, room: str) -> Recording:
    conference = double.hold_conference(room, at(9), at(10))
    return double.record(conference, at(9), at(10), size=SIZE)


def download(files: DriveFiles, file_id: str, chunk_size: int) -> tuple[bytes, list[int]]:
    request = files.resource.get_media(fileId=file_id, supportsAllDrives=True)
    target = io.BytesIO()
    downloader = MediaIoBaseDownload(target, request, chunksize=chunk_size)
    progress = []
    is_done = False
    while not is_done:
        status, is_done = downloader.next_chunk()
        progress.append(status.resumable_progress)
    return target.getvalue(), progress


class TestDownload:
    def test_in_pieces(
        self, double: WorkspaceDouble, files: DriveFiles, recording: Recording
    ) -> None:
        data, progress = download(files, recording.file.id, 65_000)

        shown = files.get(recording.file.id, "size,md5Checksum,sha256Checksum")
        assert progress == [65_000, 130_000, 150_000]
        assert shown == {
            "size": str(len(data)),
            "md5Checksum": hashlib.md5(data).hexdigest(),
            "sha256Checksum": hashlib.sha256(data).hexdigest(),
        }
        assert len(set(data[n : n + 1000] for n in range(0, 60_000, 1000))) == 60
        assert double.count(GET_FILE) == 4

    def test_whole(self, files: DriveFiles, recording: Recording) -> None:
        pieces, _ = download(files, recording.file.id, 9_999)

        whole = files.resource.get_media(fileId=recording.file.id, supportsAllDrives=True)

        assert whole.execute() == pieces

    def test_of_bytes_given(self, double: WorkspaceDouble, files: DriveFiles, room: str) -> None:
        conference = double.hold_conference(room, at(9), at(10))
        recording = double.record(conference, at(9), at(10), content=b"a short film")

        assert download(files, recording.file.id, 5)[0] == b"a short film"
        assert files.get(recording.file.id, "size") == {"size": "12"}

    def test_a_piece_cut_short_is_asked_for_again_by_googles_own_downloader(
        self, double: WorkspaceDouble, files: DriveFiles, recording: Recording
    ) -> None:
        double.faults.add(method=GET_FILE, malformed=True)

        data, progress = download(files, recording.file.id, 200_000)

        assert progress == [75_000, 150_000]
        assert hashlib.md5(data).hexdigest() == recording.file.content.digest("md5")

    def test_corrupt_bytes_are_as_many_as_the_right_ones(
        self, double: WorkspaceDouble, files: DriveFiles, recording: Recording
    ) -> None:
        double.faults.add(method=GET_FILE, corrupt=True)

        data, _ = download(files, recording.file.id, 100_000)

        assert len(data) == SIZE
        assert hashlib.md5(data).hexdigest() != recording.file.content.digest("md5")

    def test_is_refused_where_the_file_forbids_it(
        self, files: DriveFiles, recording: Recording
    ) -> None:
        recording.file.download_forbidden = True

        with Refusal(403, "cannotDownloadFile"):
            download(files, recording.file.id, SIZE)
        capabilities = files.get(recording.file.id, "capabilities/canDownload")["capabilities"]
        assert capabilities == {"canDownload": False}

    def test_is_refused_to_a_scope_for_metadata(
        self, double: WorkspaceDouble, recording: Recording
    ) -> None:
        scope = "https://www.googleapis.com/auth/drive.metadata.readonly"

        with drive_client(double, DOCTOR, scope) as client:
            with Refusal(403, "insufficientPermissions"):
                download(DriveFiles(client), recording.file.id, SIZE)

    def test_stops_when_the_file_is_deleted_on_the_way(
        self, double: WorkspaceDouble, files: DriveFiles, recording: Recording
    ) -> None:
        double.on(GET_FILE, lambda call: double.delete_file(recording.file.id))

        with pytest.raises(HttpError) as caught:
            download(files, recording.file.id, 100_000)

        assert caught.value.status_code == 404


class TestRange:
    @pytest.mark.parametrize(
        ("wanted", "status", "content_range", "piece"),
        [
            ("bytes=0-9", 206, "bytes 0-9/150000", slice(0, 10)),
            ("bytes=149990-", 206, "bytes 149990-149999/150000", slice(149_990, 150_000)),
            ("bytes=-7", 206, "bytes 149993-149999/150000", slice(149_993, 150_000)),
            ("bytes=65530-65545", 206, "bytes 65530-65545/150000", slice(65_530, 65_546)),
            ("bytes=149999-999999", 206, "bytes 149999-149999/150000", slice(149_999, 150_000)),
            ("bytes=150000-", 416, "bytes */150000", slice(0, 0)),
            ("bytes=9-0", 416, "bytes */150000", slice(0, 0)),
            ("lines=1-2", 200, None, slice(0, 150_000)),
        ],
    )
    def test_of_bytes(
        self,
        double: WorkspaceDouble,
        recording: Recording,
        wanted: str,
        status: int,
        content_range: str | None,
        piece: slice,
    ) -> None:
        answer = requests.get(
            f"{double.drive_endpoint}files/{recording.file.id}",
            params={"alt": "media", "supportsAllDrives": "true"},
            headers={**token(double, DRIVE_MEET_READONLY), "Range": wanted},
            timeout=10,
        )

        assert answer.status_code == status
        assert answer.headers.get("Content-Range") == content_range
        assert answer.content == recording.file.content.read(0, SIZE)[piece]
