"""The product in one process: its parts, its clock, and what is in its store and in Google."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from functions.calendar_round import INSERT_IN_FLIGHT
from functions.errors import RetryableError
from functions.models import Meeting, MeetingQuery
from functions.scheduling import MeetingScheduler
from functions.sweep import Sweeper
from functions.sync_calendar import CalendarSynchronizer
from functions.writing import MeetingWriter
from infra.credentials import DelegatedCredentials
from tests.processes.workspace import open_clinic
from tests.sync_calendar.stateful.dying import Calendar, Death, Killed, Queue, Store
from tests.sync_calendar.stateful.wanted import Wanted
from tests.values import NOW
from tests.workspace_double import WorkspaceDouble


class Product(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.time = NOW
        self.wanted: dict[str, Wanted] = {}
        self.has_failing_rooms = False
        self.death = Death()
        self.queue = Queue()
        self.store = Store(self.death)
        self.double = WorkspaceDouble(now=lambda: NOW)
        self.double.start()
        self._folder = TemporaryDirectory()
        key_file = Path(self._folder.name) / "key.json"
        open_clinic(self.double, key_file)
        credentials = DelegatedCredentials(key_file=str(key_file))
        self.calendar = Calendar(self.death, credentials, self.double.url)
        self.scheduler = MeetingScheduler(
            MeetingWriter(self.store, self.queue, self.now, lambda _: None), livemode=True
        )
        self.sweeper = Sweeper(self.store, self.queue, self.queue, self.now)
        self.synchronizer = CalendarSynchronizer(
            self.store, self.calendar, self.now, lambda _: None
        )

    def now(self) -> Any:
        return self.time

    def pass_time(self, by: timedelta) -> None:
        self.time += by
        if by >= INSERT_IN_FLIGHT:
            self.calendar.under_way.clear()

    def sync(self, meeting_id: str) -> bool:
        """Whether the function answered with success."""
        try:
            self.synchronizer.sync(meeting_id)
        except (RetryableError, Killed):
            return False
        return True

    def pick(self, number: int) -> str:
        return list(self.wanted)[number % len(self.wanted)]

    def stored(self) -> tuple[Meeting, ...]:
        return self.store.page(MeetingQuery(), 1000, None).items

    def live_events(self) -> dict[str, str]:
        """Each live event's id, and the meeting it is of."""
        return {
            event["id"]: event["extendedProperties"]["private"]["meeting_id"]
            for event in self.double.events
            if event["status"] != "cancelled"
        }
