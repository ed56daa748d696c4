"""Copying a recording's file from Drive to a bucket of Cloud Storage, a chunk at a time.

How far it has come the upload session knows: whoever goes on, in whatever process, asks it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from functions.errors import PermanentError
from functions.models import Meeting, Recording, RecordingCopy
from infra.cloud_storage import PIECE_BYTES, Bucket, StoredObject, UploadLost
from infra.google_connections import Mailboxes
from infra.google_drive import SCOPES, SERVICE_PATH
from infra.google_errors import UNREADABLE, Row
from infra.google_services import GoogleService

CHUNK_BYTES = 32 * PIECE_BYTES
"""So much of a file is in memory at a time."""

AT_MOST = timedelta(seconds=15)
"""No other chunk is begun then."""

NOT_DESCRIBED = Row(
    "api", "", "", PermanentError, "file_not_described",
    "Drive has not told the size and the checksum of a recording yet: it is copied at a later"
    " look.",
)  # fmt: skip
NAME_TAKEN = Row(
    "api", "", "", PermanentError, "object_name_taken",
    "Another object has the name of a recording's copy, and nothing is overwritten: move it away"
    " in the Google Cloud console under Cloud Storage > Buckets.",
)  # fmt: skip
CORRUPT = Row(
    "api", "", "", PermanentError, "copy_corrupt",
    "A recording's copy was not the same as its file and was deleted: it is made again at a later"
    " look.",
)  # fmt: skip


class _Source(NamedTuple):
    """A file as Drive tells of it."""

    size_bytes: int
    md5_checksum: str
    content_type: str

    def is_same_as(self, stored: StoredObject) -> bool:
        return (self.size_bytes, self.md5_checksum) == (stored.size_bytes, stored.md5_checksum)


class RecordingCopier:
    """Copies each recording to the object `{meeting_id}/{recording_id}.mp4`, and never over one.

    The file in Drive is only read, as the meeting's owner.
    """

    method = "objects.insert"

    def __init__(
        self,
        mailboxes: Mailboxes,
        bucket: Bucket,
        now: Callable[[], datetime],
        drive_endpoint: str | None = None,
        chunk_bytes: int = CHUNK_BYTES,
    ) -> None:
        self._mailboxes = mailboxes
        self._bucket = bucket
        self._now = now
        self._service = GoogleService("drive", "v3", SERVICE_PATH, drive_endpoint)
        self._chunk_bytes = chunk_bytes

    def is_done(self, recording: Recording) -> bool:
        copy = recording.copy_of_file
        return recording.drive_file_id is None or (copy is not None and copy.is_done)

    def advance(self, meeting: Meeting, recording: Recording) -> Recording:
        source = self._source(meeting, recording)
        copy = recording.copy_of_file or RecordingCopy(
            object_name=f"{meeting.id}/{recording.id}.mp4"
        )
        try:
            if copy.upload_url is None:
                copy = self._begun(copy, source)
            elif self._is_sent(meeting, recording, copy.upload_url, source):
                copy = self._checked(copy, source)
        except UploadLost:
            copy = copy.replace(upload_url=None)
        return recording.replace(copy_of_file=copy)

    def _begun(self, copy: RecordingCopy, source: _Source) -> RecordingCopy:
        """Return the copy with a session, which is saved before anything is sent to it."""
        stored = self._bucket.find(copy.object_name)
        if stored is None:
            url = self._bucket.begin_upload(copy.object_name, source.content_type)
            return copy.replace(upload_url=url)
        if source.is_same_as(stored):
            return copy.replace(is_done=True)
        raise NAME_TAKEN.error()

    def _checked(self, copy: RecordingCopy, source: _Source) -> RecordingCopy:
        """Return the copy as done where the object, which our session made, is the same.

        Raises:
            UploadLost: it is no longer there.
        """
        stored = self._bucket.find(copy.object_name)
        if stored is None:
            raise UploadLost
        if source.is_same_as(stored):
            return copy.replace(is_done=True, upload_url=None)
        self._bucket.delete(stored)
        raise CORRUPT.error()

    def _is_sent(
        self, meeting: Meeting, recording: Recording, upload_url: str, source: _Source
    ) -> bool:
        """Send chunks for some seconds at most; returns whether all is sent.

        Raises:
            UploadLost: the session is of no use any longer.
        """
        stops_at = self._now() + AT_MOST
        received = self._bucket.received_bytes(upload_url)
        while received is not None:
            if received > source.size_bytes:
                # The file is another since the session began.
                raise UploadLost
            stop = min(received + self._chunk_bytes, source.size_bytes)
            data = self._read(meeting, recording, received, stop)
            received = self._bucket.send(upload_url, received, data, source.size_bytes)
            if self._now() >= stops_at:
                break
        return received is None

    def _source(self, meeting: Meeting, recording: Recording) -> _Source:
        request = self._service("files").get(
            fileId=recording.drive_file_id,
            fields="size,md5Checksum,mimeType",
            supportsAllDrives=True,
        )
        return self._mailboxes.read(request, meeting, SCOPES, _source)

    def _read(self, meeting: Meeting, recording: Recording, start: int, stop: int) -> bytes:
        if start == stop:
            return b""
        request = self._service("files").get_media(
            fileId=recording.drive_file_id, supportsAllDrives=True
        )
        request.headers |= {"range": f"bytes={start}-{stop - 1}", "accept-encoding": "identity"}
        data = self._mailboxes.execute(request, meeting, SCOPES)
        if not isinstance(data, bytes) or len(data) != stop - start:
            raise UNREADABLE.error()
        return data


def _source(resource: Any) -> _Source:
    if "size" not in resource or "md5Checksum" not in resource:
        raise NOT_DESCRIBED.error()
    return _Source(
        int(resource["size"]), str(resource["md5Checksum"]).lower(), str(resource["mimeType"])
    )
