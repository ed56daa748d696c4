"""What the product knows: pure values, and the form in which they are stored.

No clock, no input or output, no Google client: whoever needs the time passes it in.
"""

from functions.models.calendar import (
    OVERDUE_AFTER,
    CalendarEvent,
    CalendarState,
    CalendarSync,
    Conference,
    EventInFull,
    Notify,
    SyncError,
    event_id_of,
)
from functions.models.conference import (
    Attendee,
    AttendeeKind,
    ConferenceRecord,
    Session,
)
from functions.models.idempotency import (
    KEPT_FOR,
    Claim,
    StoredAnswer,
)
from functions.models.journal import (
    EntryKind,
    GoogleCall,
    JournalEntry,
)
from functions.models.meeting import (
    MEETING_ID,
    TRANSITIONS,
    DueKind,
    Meeting,
    MeetingStatus,
    StoredMeeting,
)
from functions.models.participant import (
    MAX_PARTICIPANTS,
    GuestKind,
    Participant,
    Role,
)
from functions.models.query import (
    MeetingQuery,
    Ordering,
    Page,
    Position,
)
from functions.models.recording import (
    DRIVE_FILE_URL,
    MAX_RECORDINGS,
    DriveFile,
    MeetRecording,
    Recording,
    RecordingCopy,
    RecordingReason,
    RecordingState,
    RecordingSync,
    RecordingSyncState,
    state_words,
    states_word,
)
from functions.models.space import (
    AccessType,
    SettingOutcome,
    SpaceSettings,
)
from functions.models.user import (
    USER_ID,
    StoredUser,
    User,
    new_user,
    user_id,
)
from functions.models.value import (
    Value,
    new_id,
)
from functions.roles import UserRole

__all__ = [
    "Attendee",
    "AttendeeKind",
    "CalendarEvent",
    "CalendarState",
    "CalendarSync",
    "Claim",
    "Conference",
    "ConferenceRecord",
    "DRIVE_FILE_URL",
    "DriveFile",
    "DueKind",
    "EntryKind",
    "EventInFull",
    "GoogleCall",
    "GuestKind",
    "JournalEntry",
    "KEPT_FOR",
    "MAX_PARTICIPANTS",
    "MAX_RECORDINGS",
    "MEETING_ID",
    "MeetRecording",
    "Meeting",
    "MeetingQuery",
    "MeetingStatus",
    "Notify",
    "OVERDUE_AFTER",
    "Ordering",
    "Page",
    "Participant",
    "Position",
    "Recording",
    "RecordingCopy",
    "RecordingReason",
    "RecordingState",
    "RecordingSync",
    "RecordingSyncState",
    "Role",
    "AccessType",
    "SettingOutcome",
    "SpaceSettings",
    "Session",
    "StoredAnswer",
    "StoredMeeting",
    "StoredUser",
    "SyncError",
    "TRANSITIONS",
    "USER_ID",
    "User",
    "UserRole",
    "Value",
    "event_id_of",
    "new_id",
    "new_user",
    "state_words",
    "states_word",
    "user_id",
]
