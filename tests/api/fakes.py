"""What stands behind the apps in these tests: their state is there to be read."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from functions.errors import UpstreamError
from functions.models import Meeting, Page, Position, StoredMeeting
from infra.embedded_store import EmbeddedMeetingStore


class Store:
    """The embedded store; records what it is asked, and raises an error where one is set."""

    def __init__(self) -> None:
        self.kept = EmbeddedMeetingStore()
        """The store itself, for a test to look into without being noticed."""
        self.asked: list[str] = []
        self.error: Exception | None = None
        self.write_error: Exception | None = None

    def create(self, meeting: Meeting) -> None:
        self._ask("create", self.write_error)
        self.kept.create(meeting)

    def get(self, meeting_id: str) -> StoredMeeting:
        self._ask("get")
        return self.kept.get(meeting_id)

    def save(self, stored: StoredMeeting, changed: Meeting) -> StoredMeeting:
        self._ask("save", self.write_error)
        return self.kept.save(stored, changed)

    def newest(self, page_size: int, after: Position | None) -> Page:
        self._ask("newest")
        return self.kept.newest(page_size, after)

    def due(self, now: datetime) -> Iterator[StoredMeeting]:
        self._ask("due")
        return self.kept.due(now)

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

    def enqueue(self, name: str, payload: Mapping[str, object]) -> None:
        if self.error is not None:
            raise self.error
        if name not in self.names:
            self.names.append(name)
            self.deliver(str(payload["meeting_id"]))

    def ping(self) -> None:
        if self.error is not None:
            raise self.error
