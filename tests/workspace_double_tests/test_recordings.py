"""A recording runs, ends, and later has a file; Drive knows the file later still."""

from datetime import timedelta
from typing import Any

import pytest

from tests.workspace_double import NEVER, Conference, Recording, WorkspaceDouble
from tests.workspace_double_tests.calendar_calls import Refusal
from tests.workspace_double_tests.google_calls import Denial, DriveFiles, Records, at


@pytest.fixture
def conference(double: WorkspaceDouble, room: str) -> Conference:
    return double.hold_conference(room, at(13), at(14))


def state_of(records: Records, recording: Recording) -> str:
    answer = records.resource.recordings().get(name=recording.name).execute()
    return str(answer["state"])


class TestStates:
    def test_from_started_to_a_file(
        self, double: WorkspaceDouble, records: Records, conference: Conference, clock: Any
    ) -> None:
        recording = double.record(conference, at(13, 5), at(13, 50), ready_at=at(14, 20))

        clock.instant = at(13)
        before = records.recordings(conference.name)
        clock.instant = at(13, 5)
        (started,) = records.recordings(conference.name)["recordings"]
        clock.instant = at(13, 50)
        (ended,) = records.recordings(conference.name)["recordings"]
        clock.instant = at(14, 20)
        (ready,) = records.recordings(conference.name)["recordings"]

        assert before == {}
        assert started == {
            "name": recording.name,
            "state": "STARTED",
            "startTime": "2026-03-02T13:05:00Z",
        }
        assert ended == {**started, "state": "ENDED", "endTime": "2026-03-02T13:50:00Z"}
        assert ready == {
            **ended,
            "state": "FILE_GENERATED",
            "driveDestination": {
                "file": recording.file.id,
                "exportUri": f"https://drive.google.com/file/d/{recording.file.id}/view",
            },
        }

    def test_ends_with_its_conference_or_by_hand(
        self, double: WorkspaceDouble, records: Records, conference: Conference, clock: Any
    ) -> None:
        by_hand = double.record(conference, at(13))
        with_it = double.record(conference, at(13, 10), ready_at=at(14))
        clock.instant = at(13, 30)
        assert state_of(records, by_hand) == state_of(records, with_it) == "STARTED"

        double.end_recording(by_hand)
        double.end_conference(conference, at(13, 30))

        assert state_of(records, by_hand) == "FILE_GENERATED"
        assert state_of(records, with_it) == "ENDED"
        clock.instant = at(14)
        assert state_of(records, with_it) == "FILE_GENERATED"

    def test_may_never_have_a_file(
        self, double: WorkspaceDouble, records: Records, conference: Conference, clock: Any
    ) -> None:
        recording = double.record(conference, at(13), at(13, 30), ready_at=NEVER)

        clock.instant = at(14) + timedelta(days=29)

        assert state_of(records, recording) == "ENDED"


class TestList:
    def test_oldest_first_and_10_by_default(
        self, double: WorkspaceDouble, records: Records, conference: Conference, clock: Any
    ) -> None:
        made = [
            double.record(conference, at(13, 50 - n), at(13, 50 - n, 30)).name for n in range(12)
        ]
        clock.instant = at(14)

        first = records.recordings(conference.name)
        second = records.recordings(conference.name, pageToken=first["nextPageToken"])

        listed = [r["name"] for page in (first, second) for r in page["recordings"]]
        assert listed == made[::-1]
        assert len(first["recordings"]) == 10

    def test_at_most_100(
        self, double: WorkspaceDouble, records: Records, conference: Conference, clock: Any
    ) -> None:
        for second in range(101):
            double.record(conference, at(13) + timedelta(seconds=second))
        clock.instant = at(14)

        assert len(records.recordings(conference.name, pageSize=500)["recordings"]) == 100

    def test_one_of_another_conference_is_not_found(
        self, double: WorkspaceDouble, records: Records, conference: Conference, room: str
    ) -> None:
        other = double.hold_conference(room, at(9), at(10))
        recording = double.record(other, at(9), at(10))
        name = recording.name.rpartition("/")[2]

        with Denial(404, "NOT_FOUND"):
            records.resource.recordings().get(name=f"{conference.name}/recordings/{name}").execute()
        with Denial(404, "NOT_FOUND"):
            records.resource.recordings().get(name=f"{other.name}/recordings/x").execute()


class TestFile:
    def test_comes_to_drive_later_and_its_length_later_still(
        self,
        double: WorkspaceDouble,
        records: Records,
        files: DriveFiles,
        conference: Conference,
        clock: Any,
    ) -> None:
        recording = double.record(
            conference,
            at(13),
            at(13, 30, 15),
            ready_at=at(14),
            file_ready_at=at(14, 5),
            video_ready_at=at(15),
            size=5_000_000_000,
        )

        clock.instant = at(14, 4)
        assert state_of(records, recording) == "FILE_GENERATED"
        with Refusal(404, "notFound", f"File not found: {recording.file.id}."):
            files.get(recording.file.id)
        clock.instant = at(14, 5)
        early = files.get(recording.file.id, "size,videoMediaMetadata")
        clock.instant = at(15)
        late = files.get(recording.file.id, "size,videoMediaMetadata(durationMillis)")

        assert early == {"size": "5000000000"}
        assert late == {**early, "videoMediaMetadata": {"durationMillis": "1815000"}}

    def test_deleted_or_trashed_it_stays_in_the_recording(
        self,
        double: WorkspaceDouble,
        records: Records,
        files: DriveFiles,
        conference: Conference,
        clock: Any,
    ) -> None:
        recording = double.record(conference, at(13), at(13, 30))
        file_id = recording.file.id
        clock.instant = at(14)

        double.trash_file(file_id)
        trashed = files.get(file_id, "trashed,explicitlyTrashed")
        double.restore_file(file_id)
        restored = files.get(file_id, "trashed,explicitlyTrashed")
        double.delete_file(file_id, at=at(15))
        double.trash_file(file_id, at=at(14, 30))
        before = files.get(file_id, "trashed")
        clock.instant = at(14, 30)
        between = files.get(file_id, "trashed")
        clock.instant = at(15)

        assert trashed == {"trashed": True, "explicitlyTrashed": True}
        assert restored == {"trashed": False, "explicitlyTrashed": False}
        assert (before, between) == ({"trashed": False}, {"trashed": True})
        with Refusal(404, "notFound"):
            files.get(file_id)
        (shown,) = records.recordings(conference.name)["recordings"]
        assert shown["state"] == "FILE_GENERATED"
        assert shown["driveDestination"]["file"] == file_id

    def test_outlives_the_record(
        self,
        double: WorkspaceDouble,
        records: Records,
        files: DriveFiles,
        conference: Conference,
        clock: Any,
    ) -> None:
        recording = double.record(conference, at(13), at(13, 30))
        clock.instant = at(14) + timedelta(days=30)

        with Denial(404, "NOT_FOUND"):
            records.recordings(conference.name)
        with Denial(404, "NOT_FOUND"):
            records.resource.recordings().get(name=recording.name).execute()
        assert files.get(recording.file.id)["id"] == recording.file.id
