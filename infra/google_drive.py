"""Google Drive: the file of a recording that Google Meet made."""

from collections.abc import Mapping
from typing import Any

from functions.models import DriveFile, Meeting
from infra.google_connections import Mailboxes
from infra.google_services import GoogleService, optional_text

SCOPES = frozenset({"https://www.googleapis.com/auth/drive.meet.readonly"})
"""Nothing but files that Google Meet made or edited.

https://developers.google.com/workspace/drive/api/guides/api-specific-auth
"""

SERVICE_PATH = "/drive/v3/"
FIELDS = "id,size,trashed,webViewLink,videoMediaMetadata/durationMillis"


class GoogleDrive:
    """Drive v3 as the meeting's owner.

    Made without reading or sending anything; safe for any number of threads.
    """

    def __init__(self, mailboxes: Mailboxes, endpoint: str | None = None) -> None:
        self._mailboxes = mailboxes
        self._service = GoogleService("drive", "v3", SERVICE_PATH, endpoint)

    def get_file(self, meeting: Meeting, drive_file_id: str) -> DriveFile:
        request = self._service("files").get(
            fileId=drive_file_id, fields=FIELDS, supportsAllDrives=True
        )
        return self._mailboxes.read(
            request, meeting, SCOPES, lambda resource: _file(resource, drive_file_id)
        )


def _file(resource: Mapping[str, Any], drive_file_id: str) -> DriveFile:
    if resource["id"] != drive_file_id:
        raise ValueError("another file")
    # Numbers of 64 bits come as text, and those of the video later than the file.
    # https://developers.google.com/workspace/drive/api/reference/rest/v3/files
    size = resource.get("size")
    duration_milliseconds = resource.get("videoMediaMetadata", {}).get("durationMillis")
    return DriveFile(
        id=drive_file_id,
        is_trashed=resource.get("trashed") is True,
        size_bytes=None if size is None else int(size),
        duration_seconds=(
            None if duration_milliseconds is None else (int(duration_milliseconds) + 500) // 1000
        ),
        url=optional_text(resource, "webViewLink"),
    )
