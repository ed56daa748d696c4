"""What a caller sees."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from functions.models import (
    MEETING_ID,
    USER_ID,
    CalendarState,
    EntryKind,
    GoogleCall,
    GuestKind,
    MeetingStatus,
    Notify,
    RecordingReason,
    RecordingState,
    RecordingSyncState,
    Role,
    SyncError,
    UserRole,
)

Id = Annotated[str, WithJsonSchema({"type": "string", "pattern": f"^{MEETING_ID.pattern}$"})]
UserId = Annotated[str, WithJsonSchema({"type": "string", "pattern": f"^{USER_ID.pattern}$"})]
Url = Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]


class View(BaseModel):
    model_config = ConfigDict(defer_build=True, from_attributes=True)


class CalendarView(View):
    """How far Google Calendar matches the meeting."""

    state: CalendarState
    synced_revision: int
    due_at: datetime | None
    attempts: int
    error: SyncError | None


class ParticipantView(View):
    """Who takes part; the kind says what a guest is to the patient."""

    id: Id
    email: str
    role: Role
    kind: GuestKind | None


class RecordingView(View):
    """A recording; `available` where its file can be watched."""

    id: Id
    state: RecordingState
    available: bool
    drive_file_id: str | None = Field(description="Null until Google has made the file.")
    url: Url | None
    duration_seconds: int | None
    size_bytes: int | None
    started_at: datetime | None
    ended_at: datetime | None
    created_at: datetime
    registered_by: str | None = Field(description="Null where it was found at Google.")


class RecordingSyncView(View):
    """How far Google Meet was asked for recordings; `reason` says why there is none."""

    state: RecordingSyncState
    due_at: datetime | None = Field(description="The next look, or one that is due; null: none.")
    attempts: int = Field(description="How many looks in a row Google did not answer.")
    reason: str | None = Field(
        description=f"{', '.join(f'`{reason}`' for reason in RecordingReason)}, or the code of"
        " another failure of Google's."
    )


class MeetingView(View):
    """A meeting as a caller sees it."""

    id: Id
    status: MeetingStatus
    livemode: bool = Field(description="False where the meeting and its link are simulated.")
    google_event_id: str | None
    meet_link: Url | None = Field(description="Null until Google has made the room.")
    meeting_code: str | None
    organizer_email: str
    participants: tuple[ParticipantView, ...]
    participants_count: int
    summary: str
    description: str | None
    scheduled_start: datetime
    scheduled_end: datetime
    time_zone: str
    external_reference: str | None
    notify: Notify
    revision: int
    calendar: CalendarView
    recording_sync: RecordingSyncView
    recording: RecordingView | None = Field(description="The newest that is available.")
    created_at: datetime
    updated_at: datetime
    created_by: str
    cancelled_at: datetime | None
    cancelled_by: str | None
    cancel_reason: str | None


class UserView(View):
    """Somebody, or a service, who may call."""

    id: UserId
    email: str
    role: UserRole
    active: bool
    created_at: datetime
    updated_at: datetime


class EntryView(View):
    """One entry of a meeting's journal."""

    sequence: int
    kind: EntryKind
    occurred_at: datetime
    by: str = Field(description="The caller's email, or the function that did it.")
    revision: int
    request_id: str | None
    details: Mapping[str, Any]
    google_calls: tuple[GoogleCall, ...]


class MeetingParticipantView(ParticipantView):
    """A participant, and the meeting that it takes part in."""

    meeting: Id


class MeetingRecordingView(RecordingView):
    """A recording, and the meeting that it is of."""

    meeting: Id


class Listing(View):
    """One page of a listing."""

    next: Url | None = Field(description="The URL of the next page.")


class MeetingList(Listing):
    results: list[MeetingView]


class ParticipantList(Listing):
    results: list[MeetingParticipantView]


class RecordingList(Listing):
    results: list[MeetingRecordingView]


class UserList(Listing):
    results: list[UserView]


class Timeline(Listing):
    results: list[EntryView]
