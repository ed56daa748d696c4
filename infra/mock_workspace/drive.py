"""Google Drive as the mock Workspace has it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from functions.errors import GoneError
from functions.models import DriveFile, Meeting
from infra.mock_workspace.scripts import Script, play_of

BYTES_PER_SECOND = 250_000


class MockDrive:
    """Has the files of the recordings that the meeting knows of, also of one that was moved."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def get_file(self, meeting: Meeting, drive_file_id: str) -> DriveFile:
        play = play_of(meeting)
        play.check(Script.DRIVE_FAIL)
        for recording in meeting.recordings:
            if recording.drive_file_id != drive_file_id:
                continue
            started_at, ended_at = recording.started_at, recording.ended_at
            if started_at is None or ended_at is None:
                break
            deleted_at = ended_at + timedelta(seconds=play.number)
            if play.script is Script.RECORDING_DELETED and deleted_at <= self._now():
                break
            seconds = int((ended_at - started_at).total_seconds())
            return DriveFile(
                id=drive_file_id,
                is_trashed=False,
                size_bytes=seconds * BYTES_PER_SECOND,
                duration_seconds=seconds,
                url=recording.url,
            )
        raise GoneError("deleted", "There is no such file any longer.")
