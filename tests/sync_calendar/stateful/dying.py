"""The store, the calendar and the queue, which end the process in a call when they are told to."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from functions.errors import RetryableError
from functions.models import CalendarEvent, Claim, JournalEntry, Meeting, StoredMeeting
from infra.credentials import DelegatedCredentials
from infra.embedded.database import EmbeddedDatabase
from infra.embedded.meetings import EmbeddedMeetingStore
from infra.google_calendar import GoogleCalendar
from infra.google_connections import Mailboxes
from tests.processes.workspace import DELEGATE, DOMAIN


class Killed(BaseException):
    """Stands for the end of the process: nothing after it runs."""


class Death:
    """Ends the process in the next call of a name, before it has been done or after."""

    def __init__(self) -> None:
        self.due: tuple[str, str] | None = None

    @contextmanager
    def around(self, name: str) -> Iterator[None]:
        self._strike(name, "before")
        yield
        self._strike(name, "after")

    def _strike(self, name: str, moment: str) -> None:
        if self.due == (name, moment):
            self.due = None
            raise Killed


class Store(EmbeddedMeetingStore):
    def __init__(self, death: Death) -> None:
        super().__init__(EmbeddedDatabase())
        self._death = death

    def save(
        self,
        stored: StoredMeeting,
        changed: Meeting,
        entry: JournalEntry | None = None,
        claim: Claim | None = None,
    ) -> StoredMeeting:
        with self._death.around("save"):
            return super().save(stored, changed, entry, claim)


class Calendar(GoogleCalendar):
    """The real adapter; an insert whose sender died before it was sent may still arrive."""

    def __init__(self, death: Death, credentials: DelegatedCredentials, endpoint: str) -> None:
        self.mailboxes = Mailboxes(credentials, frozenset({DOMAIN}), DELEGATE)
        super().__init__(self.mailboxes, endpoint)
        self._death = death
        self.under_way: list[Meeting] = []

    def insert(self, meeting: Meeting) -> CalendarEvent:
        if self._death.due == ("insert", "before"):
            self.under_way.append(meeting)
        with self._death.around("insert"):
            return super().insert(meeting)

    def get(self, meeting: Meeting) -> CalendarEvent:
        with self._death.around("get"):
            return super().get(meeting)

    def patch(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        with self._death.around("patch"):
            return super().patch(meeting, event)

    def request_conference(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        with self._death.around("patch"):
            return super().request_conference(meeting, event)

    def delete(self, meeting: Meeting) -> None:
        with self._death.around("delete"):
            super().delete(meeting)


class Queue:
    """Tasks by name, delivered only when the machine says so."""

    def __init__(self) -> None:
        self.tasks: list[str] = []
        self.fault: str | None = None
        self._names: set[str] = set()

    def enqueue(self, name: str, payload: Mapping[str, object], *, delay_seconds: int = 0) -> None:
        fault, self.fault = self.fault, None
        if fault == "refused":
            raise RetryableError("queue_unavailable", "Refused.")
        if fault == "killed":
            raise Killed
        if name not in self._names:
            self._names.add(name)
            self.tasks.append(str(payload["meeting_id"]))
        if fault == "unanswered":
            raise RetryableError("queue_unavailable", "Its answer is lost.")

    def ping(self) -> None:
        return
