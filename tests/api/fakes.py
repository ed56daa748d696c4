"""What stands behind the apps in these tests: their state is there to be read."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from functions.errors import InvalidToken, UpstreamError
from functions.models import (
    Claim,
    DueKind,
    JournalEntry,
    Meeting,
    MeetingQuery,
    Page,
    Position,
    StoredMeeting,
)
from infra.embedded.database import EmbeddedDatabase
from infra.embedded.meetings import EmbeddedMeetingStore


class Store:
    """The embedded store; records what it is asked, and raises an error where one is set."""

    def __init__(self) -> None:
        self.database = EmbeddedDatabase()
        self.kept = EmbeddedMeetingStore(self.database)
        """The store itself, for a test to look into without being noticed."""
        self.asked: list[str] = []
        self.error: Exception | None = None
        self.write_error: Exception | None = None

    def create(self, meeting: Meeting, entry: JournalEntry, claim: Claim | None = None) -> None:
        self._ask("create", self.write_error)
        self.kept.create(meeting, entry, claim)

    def get(self, meeting_id: str) -> StoredMeeting:
        self._ask("get")
        return self.kept.get(meeting_id)

    def save(
        self,
        stored: StoredMeeting,
        changed: Meeting,
        entry: JournalEntry | None = None,
        claim: Claim | None = None,
    ) -> StoredMeeting:
        self._ask("save", self.write_error)
        return self.kept.save(stored, changed, entry, claim)

    def page(self, query: MeetingQuery, page_size: int, after: Position | None) -> Page[Meeting]:
        self._ask("page")
        return self.kept.page(query, page_size, after)

    def find_active(self, external_reference: str) -> Meeting | None:
        self._ask("find_active")
        return self.kept.find_active(external_reference)

    def journal(
        self, meeting_id: str, page_size: int, after: Position | None
    ) -> Page[JournalEntry]:
        self._ask("journal")
        return self.kept.journal(meeting_id, page_size, after)

    def due(self, kind: DueKind, now: datetime) -> Iterator[StoredMeeting]:
        self._ask("due")
        return self.kept.due(kind, now)

    def count_waiting(self, asked_before: datetime) -> int:
        self._ask("count_waiting")
        return self.kept.count_waiting(asked_before)

    def ping(self) -> None:
        self._ask("ping")

    def _ask(self, name: str, error: Exception | None = None) -> None:
        self.asked.append(name)
        error = error or self.error
        if error is not None:
            raise error


class Queue:
    """Records the tasks and hands their meetings to `deliver`; raises `error` where one is set."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.error: UpstreamError | None = None
        self.deliver: Callable[[str], object] = str

    def enqueue(self, name: str, payload: Mapping[str, object], *, delay_seconds: int = 0) -> None:
        if self.error is not None:
            raise self.error
        if name not in self.names:
            self.names.append(name)
            self.deliver(str(payload["meeting_id"]))

    def ping(self) -> None:
        if self.error is not None:
            raise self.error


class Tokens:
    """Takes an address for the token of whoever has it."""

    def verify(self, token: str, is_checked: bool = True) -> str:
        if "@" not in token:
            raise InvalidToken("malformed")
        return token
