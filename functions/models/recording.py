"""A recording of a meeting, and how far the search for recordings has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import combinations

from functions.models.value import Value

MAX_RECORDINGS = 100
DRIVE_FILE_URL = "https://drive.google.com/file/d/{drive_file_id}/view"


class RecordingState(StrEnum):
    """MISSING: the file was deleted or trashed."""

    PROCESSING = "PROCESSING"
    AVAILABLE = "AVAILABLE"
    MISSING = "MISSING"


class RecordingSyncState(StrEnum):
    """WAITING: before the appointment's end; ABSENT: there is none; FAILED: Google cannot tell."""

    WAITING = "WAITING"
    PENDING = "PENDING"
    AVAILABLE = "AVAILABLE"
    ABSENT = "ABSENT"
    FAILED = "FAILED"


class RecordingReason(StrEnum):
    """Why a search stands where it stands; any other failure of Google's has its own code.

    NOT_STARTED: nobody was in the room five minutes after the start. FORGOTTEN: an operator
    removed every recording.
    """

    NOT_STARTED = "not_started"
    STILL_PROCESSING = "still_processing"
    NEVER_HELD = "never_held"
    NOT_RECORDED = "not_recorded"
    EDITION_WITHOUT_RECORDING = "edition_without_recording"
    FILE_DELETED = "file_deleted"
    FORGOTTEN = "forgotten"
    NO_PERMISSION = "no_permission"
    SCOPE_MISSING = "scope_missing"
    EXPIRED = "expired"


class RecordingCopy(Value):
    """How far the copy of a recording's file in Cloud Storage has come."""

    object_name: str
    is_done: bool = False
    upload_url: str | None = None
    """Where Cloud Storage takes the rest; whoever has it can write there."""


class Recording(Value):
    id: str
    state: RecordingState
    drive_file_id: str | None = None
    """None until Google has made the file."""

    url: str | None = None
    recording_name: str | None = None
    """Meet's `conferenceRecords/{conference_record}/recordings/{recording}`, where it knows it."""

    duration_seconds: int | None = None
    size_bytes: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    created_at: datetime
    registered_by: str | None = None
    """The operator who registered it; None where it was found at Google."""

    changed_by: str | None = None
    """The operator whose word counts for more than Google's from now on."""

    not_found_at: datetime | None = None
    """When Drive first said that there is no such file; it must say so twice."""

    shared_with: tuple[str, ...] = ()
    """The accounts that were given the file in Drive by this product."""

    copy_of_file: RecordingCopy | None = None

    @property
    def available(self) -> bool:
        return self.state is RecordingState.AVAILABLE

    @property
    def conference_record(self) -> str:
        """Meet's name of the conference; empty where an operator registered the recording."""
        return (self.recording_name or "").partition("/recordings/")[0]

    @property
    def is_googles(self) -> bool:
        """Whether Google is asked about it: it told of it, and no operator knows better."""
        return self.recording_name is not None and self.changed_by is None

    @property
    def is_awaited(self) -> bool:
        """Whether Google has yet to make the file."""
        return self.recording_name is not None and self.drive_file_id is None

    @property
    def is_described(self) -> bool:
        """Whether Drive has told all that it ever tells."""
        return self.size_bytes is not None and self.duration_seconds is not None


@dataclass(frozen=True)
class MeetRecording:
    """A recording as Meet tells of it."""

    name: str
    is_generated: bool
    """Whether the file is made; before that it has no id."""

    drive_file_id: str | None = None
    url: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class DriveFile:
    """A recording's file as Drive tells of it; what is None Drive does not know yet."""

    id: str
    is_trashed: bool
    size_bytes: int | None = None
    duration_seconds: int | None = None
    url: str | None = None


class RecordingSync(Value):
    """How far Google Meet was asked for recordings."""

    state: RecordingSyncState = RecordingSyncState.WAITING
    due_at: datetime | None = None
    """The next look; None: there is none to come."""

    attempts: int = 0
    """How many looks in a row Google did not answer."""

    reason: str | None = None
    warned_at: datetime | None = None
    """When it was told that Google's records will vanish before all is known."""


def states_word(states: Iterable[RecordingState]) -> str:
    """Return the states that a meeting's recordings have as one word, which a query can ask for.

    An array could not be asked for beside `participant_emails`: Firestore takes one a query.
    https://firebase.google.com/docs/firestore/query-data/queries#query_limitations
    """
    return "+".join(sorted(set(states)))


def state_words(state: RecordingState | None = None) -> frozenset[str]:
    """Return every word of meetings that have a recording, or one in this state."""
    return frozenset(
        states_word(some)
        for size in range(1, len(RecordingState) + 1)
        for some in combinations(RecordingState, size)
        if state is None or state in some
    )
