"""A recorded appointment in a clinic's Workspace, and a bucket beside it."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from functions.models import Meeting, Recording, RecordingState, new_id
from functions.ports import FollowUp
from infra.cloud_storage import PIECE_BYTES, Bucket
from infra.credentials import DelegatedCredentials
from infra.google_connections import Mailboxes
from infra.recording_copy import RecordingCopier
from infra.recording_sharing import RecordingSharer
from tests.cloud_storage_double import CloudStorageDouble
from tests.values import NOW, ORGANIZER, a_meeting
from tests.workspace_double.double import DRIVE, DRIVE_MEET_READONLY, WorkspaceDouble
from tests.workspace_double.drive_files import DriveFile

BUCKET = "clinic-recordings"
FRONT_DESK = "frontdesk@clinica.com"
GET_FILE = "drive.files.get"
HOUR = timedelta(hours=1)


class World:
    """The meeting took place in the last hour; `time` is the clock of everybody."""

    def __init__(self, folder: Path) -> None:
        self.time = NOW
        self.workspace = WorkspaceDouble(now=self.now)
        self.storage = CloudStorageDouble(self.now)
        self._folder = folder
        self._mailboxes: list[Mailboxes] = []
        self.meeting: Meeting = a_meeting(scheduled_start=NOW - HOUR, scheduled_end=NOW)

    def now(self) -> datetime:
        return self.time

    def open(self) -> Path:
        """Let there be people, scopes and a bucket; returns the key file of the service itself."""
        key = self.workspace.service_account_key()
        self.workspace.delegate(key["client_email"], [DRIVE_MEET_READONLY, DRIVE])
        for email in (ORGANIZER, FRONT_DESK):
            self.workspace.add_user(email)
        (self._folder / "workspace.json").write_text(json.dumps(key))
        self.storage.buckets.add(BUCKET)
        storage_key = self._folder / "storage.json"
        storage_key.write_text(json.dumps(self.storage.service_account_key()))
        return storage_key

    def close(self) -> None:
        for mailboxes in self._mailboxes:
            mailboxes.close()

    def mailboxes(self) -> Mailboxes:
        made = Mailboxes(
            DelegatedCredentials(key_file=str(self._folder / "workspace.json")),
            frozenset({"clinica.com"}),
            FRONT_DESK,
        )
        self._mailboxes.append(made)
        return made

    def copier(self, chunk_bytes: int = PIECE_BYTES, bucket: str = BUCKET) -> RecordingCopier:
        """Make what copies, as a process of its own would: it remembers nothing of another."""
        return RecordingCopier(
            self.mailboxes(),
            Bucket(bucket, self.storage.url),
            self.now,
            self.workspace.drive_endpoint,
            chunk_bytes,
        )

    def sharer(self, *accounts: str, share_for: timedelta | None = None) -> RecordingSharer:
        return RecordingSharer(
            self.mailboxes(), accounts, share_for, self.now, self.workspace.drive_endpoint
        )

    def record(self, content: bytes | None = None, size: int = 1_000_000) -> Recording:
        """Record the meeting; returns the recording as Meet has told of it."""
        room = self.workspace.meet.spaces.add(ORGANIZER)
        conference = self.workspace.hold_conference(room.code, NOW - HOUR, NOW)
        made = self.workspace.record(conference, NOW - HOUR, NOW, content=content, size=size)
        return Recording(
            id=new_id(),
            state=RecordingState.AVAILABLE,
            drive_file_id=made.file.id,
            recording_name=made.name,
            created_at=NOW,
        )

    def file(self, recording: Recording) -> DriveFile:
        return self.workspace.drive.files[str(recording.drive_file_id)]

    def finish(self, follow_up: FollowUp, recording: Recording) -> Recording:
        """Advance until it is done, as one task does that has the time."""
        for _ in range(100):
            if follow_up.is_done(recording):
                return recording
            recording = follow_up.advance(self.meeting, recording)
        raise AssertionError("it never ends")

    def copied(self, recording: Recording) -> bytes | None:
        """Return the content of the recording's object, None where there is none."""
        stored = self.storage.buckets.find(BUCKET).objects.get(self.object_name(recording))
        return stored.content if stored else None

    def object_name(self, recording: Recording) -> str:
        return f"{self.meeting.id}/{recording.id}.mp4"

    def assert_copied(self, recording: Recording) -> None:
        """Check that the copy is the file, whole, and that nothing is left to do."""
        content = self.file(recording).content
        assert self.copied(recording) == content.read(0, content.size)
        copy = recording.copy_of_file
        assert copy is not None
        assert (copy.is_done, copy.upload_url) == (True, None)
        assert copy.object_name == self.object_name(recording)
