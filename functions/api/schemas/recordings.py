"""What an operator may send of a recording."""

import re
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from functions.api.fields import Instant
from functions.api.schemas.patch import UNSET, patch_config
from functions.models import (
    DRIVE_FILE_URL,
    Recording,
    RecordingState,
    new_id,
)

DRIVE_FILE_ID = re.compile(r"[A-Za-z0-9_-]{10,200}")
IN_URL = r"(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
GOOGLE_URL = re.compile(
    rf"https://(?:drive|docs)\.google\.com/{IN_URL}{{1,1000}}(?:#{IN_URL}{{0,200}})?"
)
WEEK_SECONDS = 7 * 24 * 3600
PETABYTE = 10**15


def _drive_file_id(value: str) -> str:
    if not DRIVE_FILE_ID.fullmatch(value):
        raise PydanticCustomError("invalid_drive_file_id", "It must be the id of a Drive file.")
    return value


def _google_url(value: str) -> str:
    if not GOOGLE_URL.fullmatch(value):
        raise PydanticCustomError(
            "invalid_url", "It must be an https URL on drive.google.com or docs.google.com."
        )
    return value


DriveFileId = Annotated[
    str,
    AfterValidator(_drive_file_id),
    WithJsonSchema({"type": "string", "pattern": f"^{DRIVE_FILE_ID.pattern}$"}),
]
GoogleUrl = Annotated[
    str,
    AfterValidator(_google_url),
    WithJsonSchema({"type": "string", "pattern": f"^{GOOGLE_URL.pattern}$"}),
]


def _whole(value: Any) -> Any:
    """Take 60.0 for what it is in JSON: a whole number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Seconds = Annotated[int, Field(ge=0, le=WEEK_SECONDS, strict=True), BeforeValidator(_whole)]
Bytes = Annotated[int, Field(ge=0, le=PETABYTE, strict=True), BeforeValidator(_whole)]


class RegisterRecording(BaseModel):
    """A recording that an operator knows of."""

    model_config = ConfigDict(
        extra="forbid",
        defer_build=True,
        json_schema_extra={
            "example": {
                "drive_file_id": "1A2b3C4d5E6f7G8h9I0j",
                "duration_seconds": 1800,
                "started_at": "2030-12-01T15:01:00Z",
                "ended_at": "2030-12-01T15:31:00Z",
            }
        },
    )

    drive_file_id: DriveFileId
    url: GoogleUrl | None = Field(None, description="The file's page in Drive where left out.")
    state: RecordingState = RecordingState.AVAILABLE
    duration_seconds: Seconds | None = None
    size_bytes: Bytes | None = None
    started_at: Instant | None = None
    ended_at: Instant | None = None

    def recording(self, now: datetime, by: str) -> Recording:
        values = self.model_dump()
        values["url"] = self.url or DRIVE_FILE_URL.format(drive_file_id=self.drive_file_id)
        return Recording(id=new_id(), created_at=now, registered_by=by, **values)


class ChangeRecording(BaseModel):
    """A JSON merge patch of a recording; null clears what may be unknown."""

    IMMUTABLE: ClassVar[frozenset[str]] = frozenset(Recording.model_fields) | {
        "available",
        "meeting",
    }

    model_config = patch_config({"state": "MISSING"})

    state: RecordingState = UNSET
    url: GoogleUrl = UNSET
    duration_seconds: Seconds | None = UNSET
    size_bytes: Bytes | None = UNSET
    started_at: Instant | None = UNSET
    ended_at: Instant | None = UNSET
