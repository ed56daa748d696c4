"""A recording of a meeting, and how far the search for recordings has come."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from itertools import combinations

from functions.models.value import Value

DRIVE_FILE_URL = "https://drive.google.com/file/d/{drive_file_id}/view"


class RecordingState(StrEnum):
    """MISSING: the file was deleted or trashed."""

    PROCESSING = "PROCESSING"
    AVAILABLE = "AVAILABLE"
    MISSING = "MISSING"


class RecordingSyncState(StrEnum):
    """WAITING: before the appointment's end; ABSENT: there is none; FAILED: nobody can tell."""

    WAITING = "WAITING"
    PENDING = "PENDING"
    AVAILABLE = "AVAILABLE"
    ABSENT = "ABSENT"
    FAILED = "FAILED"


class Recording(Value):
    id: str
    state: RecordingState
    drive_file_id: str
    url: str
    duration_seconds: int | None = None
    size_bytes: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    created_at: datetime
    registered_by: str | None = None
    """The operator who registered it; None where it was found at Google."""

    @property
    def available(self) -> bool:
        return self.state is RecordingState.AVAILABLE


class RecordingSync(Value):
    """How far Google Meet was asked for recordings."""

    state: RecordingSyncState = RecordingSyncState.WAITING
    due_at: datetime | None = None
    attempts: int = 0
    reason: str | None = None


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
