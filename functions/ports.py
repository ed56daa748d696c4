"""What the product needs of the outside, as the methods it calls.

Each has a real implementation in `infra` and another that needs no Google.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Protocol

from functions.models import (
    Attendee,
    CalendarEvent,
    Claim,
    ConferenceRecord,
    DriveFile,
    DueKind,
    EventInFull,
    JournalEntry,
    Meeting,
    MeetingQuery,
    MeetRecording,
    Page,
    Position,
    Recording,
    SpaceSettings,
    StoredAnswer,
    StoredMeeting,
    StoredUser,
    User,
    UserRole,
)


class MeetingStore(Protocol):
    def create(self, meeting: Meeting, entry: JournalEntry, claim: Claim | None = None) -> None:
        """Store a new meeting and claim its external_reference in one commit.

        The organizer becomes a user in the same commit, unless there is one with that address.

        Raises:
            KeyTaken: the Idempotency-Key was used before; nothing is stored.
            ReferenceTaken: another active meeting has the reference; nothing is stored.
            ConcurrentChange: one had it just now; nothing is stored.
        """

    def get(self, meeting_id: str) -> StoredMeeting:
        """Read one meeting; raises MeetingNotFound."""

    def save(
        self,
        stored: StoredMeeting,
        changed: Meeting,
        entry: JournalEntry | None = None,
        claim: Claim | None = None,
    ) -> StoredMeeting:
        """Replace what was read; frees or claims the external_reference in the same commit.

        Raises:
            KeyTaken: the Idempotency-Key was used before; nothing is stored.
            ConcurrentChange: somebody else wrote it since; nothing is stored.
            ReferenceTaken: another active meeting has the new reference; nothing is stored.
        """

    def page(self, query: MeetingQuery, page_size: int, after: Position | None) -> Page[Meeting]:
        """Read one page of the meetings that fit, in the query's order."""

    def find_active(self, external_reference: str) -> Meeting | None:
        """Read the active meeting that has this reference."""

    def journal(
        self, meeting_id: str, page_size: int, after: Position | None
    ) -> Page[JournalEntry]:
        """Read one page of the meeting's journal, the oldest entry first."""

    def due(self, kind: DueKind, now: datetime) -> Iterator[StoredMeeting]:
        """Yield the meetings that have something of this kind due, the oldest first, by pages."""

    def count_waiting(self, asked_before: datetime) -> int:
        """Count, up to a bound, who was asked for by then and waits for the first link.

        What failed does not wait.
        """

    def ping(self) -> None:
        """Raise RetryableError or PermanentError unless the store answers."""


class UserStore(Protocol):
    def create(self, user: User, claim: Claim | None = None) -> None:
        """Store a new user.

        Raises:
            KeyTaken: the Idempotency-Key was used before; nothing is stored.
            ConcurrentChange: there is one with this address; nothing is stored.
        """

    def get(self, user_id: str) -> StoredUser:
        """Read one user; raises UserNotFound."""

    def save(
        self, stored: StoredUser, changed: User | None, claim: Claim | None = None
    ) -> StoredUser | None:
        """Replace what was read, or delete it where `changed` is None.

        Raises:
            KeyTaken: the Idempotency-Key was used before; nothing is stored.
            Refused: it was the last active admin; nothing is stored.
            ConcurrentChange: somebody else wrote it, or the other admin, since.
        """

    def page(self, role: UserRole | None, page_size: int, after: Position | None) -> Page[User]:
        """Read one page of the users, by id; who was never given a role has none to ask for."""

    def has_admin(self) -> bool:
        """Return whether anybody is an active admin."""


class AnswerStore(Protocol):
    """What is remembered under each Idempotency-Key, for as long as it is remembered."""

    def find(self, claim_id: str, now: datetime) -> tuple[Claim, StoredAnswer | None] | None:
        """Read what a key was used for, and the answer once there is one; None: never used."""

    def claim(self, claim: Claim) -> None:
        """Use a key for what takes more than one commit; raises KeyTaken."""

    def keep(self, claim: Claim, answer: StoredAnswer) -> StoredAnswer:
        """Keep the answer unless there is one already; returns the one that is kept."""


class AllowanceStore(Protocol):
    def take(self, key: str, window: str, count: int, expires_at: datetime) -> int:
        """Count something in a window of time; returns the sum, all instances'."""


class SweepStore(Protocol):
    """When the sweep last went through; every method raises RetryableError or PermanentError."""

    def note(self, swept_at: datetime) -> None:
        """Keep the time, instead of the one before."""

    def last_swept_at(self) -> datetime | None:
        """Return the time that is kept; None: it never went through."""


class TokenVerifier(Protocol):
    def verify(self, token: str, is_checked: bool = True) -> str:
        """Return the verified email of an ID token, in lower case; raises InvalidToken.

        `is_checked` tells whether it came in the header that Google's front end looks at.
        """


class TaskQueue(Protocol):
    def enqueue(self, name: str, payload: Mapping[str, object], *, delay_seconds: int = 0) -> None:
        """Hand over a task; one whose name was used before is taken as handed over already.

        It is delivered after the delay.

        Raises:
            RetryableError: nobody knows whether the task is there.
            PermanentError: the queue refuses it.
        """

    def ping(self) -> None:
        """Raise RetryableError or PermanentError unless the queue is there."""


class Calendar(Protocol):
    """Google Calendar, on behalf of whoever owns the meeting's event.

    Every method raises RetryableError or PermanentError besides what it names.
    """

    @property
    def livemode(self) -> bool:
        """Whether the links lead to real rooms."""

    def insert(self, meeting: Meeting) -> CalendarEvent:
        """Make the event `meeting.event_id`, ask for a room, and mail as the meeting says.

        Raises:
            DuplicateError: there is, or was, an event with this id.
        """

    def get(self, meeting: Meeting) -> CalendarEvent:
        """Read the event `meeting.event_id`; a cancelled one may still be there.

        Raises:
            GoneError: there is no such event.
        """

    def patch(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        """Make the event match the meeting, keep its room, and mail as the meeting says.

        Raises:
            ChangedError: the event is no longer the one given.
            GoneError: it was deleted.
        """

    def request_conference(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        """Ask for a conference by `meeting.conference_request_id`; mails nobody.

        Raises:
            ChangedError: the event is no longer the one given.
            GoneError: it was deleted.
        """

    def delete(self, meeting: Meeting) -> None:
        """Delete the event `meeting.event_id` and mail as the meeting says.

        Raises:
            GoneError: there is no such event, or no longer.
        """


class ListedCalendar(Calendar, Protocol):
    """A Google Calendar that keeps its events by itself: what is stored can be compared with it."""

    def owner_of(self, organizer_email: str) -> str:
        """Return the mailbox that has the events of this organizer."""

    def list_events(
        self, mailbox: str, ends_after: datetime, starts_before: datetime | None
    ) -> Iterator[EventInFull]:
        """Yield the live events of ours in the mailbox's calendar, by pages."""

    def read_event(self, meeting: Meeting) -> EventInFull:
        """Read the live event `meeting.event_id`.

        Raises:
            NotFoundError: there is none, nor can one be seen that was deleted.
            GoneError: it was deleted.
        """


class Meet(Protocol):
    """Google Meet, on behalf of whoever owns the meeting's room.

    Every method raises RetryableError or PermanentError besides what it names.
    """

    @property
    def livemode(self) -> bool:
        """Whether the rooms are real."""

    def find_space(self, meeting: Meeting) -> str:
        """Return the lasting name of the room that has `meeting.meeting_code`."""

    def apply_settings(self, meeting: Meeting, settings: SpaceSettings) -> None:
        """Give the room `meeting.space_name` these settings and no others; idempotent."""

    def list_conferences(
        self, meeting: Meeting, started_from: datetime, started_to: datetime
    ) -> tuple[ConferenceRecord, ...]:
        """Return the conferences in `meeting.space_name` that started between, oldest first.

        Their attendees are not asked for.
        """

    def list_recordings(
        self, meeting: Meeting, conference_record: str
    ) -> tuple[MeetRecording, ...]:
        """Return a conference's recordings, oldest first.

        Raises:
            GoneError: Google has deleted the conference record.
        """

    def list_attendees(self, meeting: Meeting, conference_record: str) -> tuple[Attendee, ...]:
        """Return who was in a conference, in the order of their coming, with their sessions.

        Raises:
            GoneError: Google has deleted the conference record.
        """


class Drive(Protocol):
    """Google Drive, on behalf of whoever owns the recordings of the meeting.

    Every method raises RetryableError or PermanentError besides what it names.
    """

    def get_file(self, meeting: Meeting, drive_file_id: str) -> DriveFile:
        """Read what Drive knows of a file.

        Raises:
            GoneError: there is no such file, or no longer.
        """


class FollowUp(Protocol):
    """Something that is done with every recording that is available."""

    @property
    def method(self) -> str:
        """The method's name in Google's reference, for the journal."""

    def is_done(self, recording: Recording) -> bool:
        """Return whether nothing is left to do."""

    def advance(self, meeting: Meeting, recording: Recording) -> Recording:
        """Do the next part, for some seconds at most; returns the recording as it then is.

        Repeating a part that was done, and not saved, does no harm.

        Raises:
            RetryableError, PermanentError: it could not be done.
        """
