"""The functions that tasks and the scheduler call, on the mock Workspace."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from functions.bearer import OnlyCaller
from functions.hourly_warnings import HourlyWarnings
from functions.models import CalendarState, Meeting
from functions.sweep import Sweeper
from functions.sync_calendar import CalendarSynchronizer
from functions.sync_recording import RecordingSynchronizer
from functions.tasks import sweep_app, sync_calendar_app, sync_recording_app
from infra.embedded.allowances import EmbeddedAllowanceStore
from infra.embedded.sweeps import EmbeddedSweepStore
from infra.mock_workspace import MockCalendar, MockDrive, MockMeet
from tests.api.caller import LINKS, Answer
from tests.api.contract import check_headers, check_problem
from tests.api.fakes import Queue, Store
from tests.values import NOW, a_meeting, put


class Worker:
    """Sends tasks to the apps, and checks what all answers have in common."""

    def __init__(self, only_caller: OnlyCaller | None = None) -> None:
        self.time = NOW
        self.store = Store()
        self.queue = Queue()

        def now() -> datetime:
            return self.time

        calendar = CalendarSynchronizer(self.store, MockCalendar(LINKS, now), now, lambda _: None)
        warnings = HourlyWarnings(EmbeddedAllowanceStore(self.store.database), now)
        recording = RecordingSynchronizer(self.store, MockMeet(now), MockDrive(now), warnings, now)
        sweeper = Sweeper(self.store, self.queue, self.queue, now)
        self.sweeps = EmbeddedSweepStore(self.store.database)
        self.sync_calendar = sync_calendar_app(lambda: calendar, only_caller)
        self.sync_recording = sync_recording_app(lambda: recording, only_caller)
        self.sweeper = sweep_app(lambda: sweeper, lambda: self.sweeps, only_caller)

    def a_meeting(self, **changes: Any) -> str:
        """Store a meeting that Google has yet to see; returns its id."""
        meeting = a_meeting(**{"livemode": False, **changes})
        put(self.store.kept, meeting)
        return meeting.id

    def a_past_meeting(self, **changes: Any) -> str:
        """Store a meeting that is over since an hour, and was not looked at; returns its id."""
        start = self.time - timedelta(hours=2)
        times = {"scheduled_start": start, "scheduled_end": start + timedelta(hours=1)}
        meeting = a_meeting(livemode=False, meeting_code="abc-defg-hij", **times, **changes)
        put(self.store.kept, meeting.synced(start))
        return meeting.id

    def meeting(self, meeting_id: str) -> Meeting:
        return self.store.kept.get(meeting_id).meeting

    def is_synced(self, meeting_id: str) -> bool:
        return self.meeting(meeting_id).calendar.state is CalendarState.SYNCED

    def deliver(
        self, meeting_id: object, name: str = "t", app: Flask | None = None, **request: Any
    ) -> Answer:
        """Send a task to `app`, or else to sync_calendar."""
        headers = {"X-CloudTasks-TaskName": name, **request.pop("headers", {})}
        body = {"meeting_id": meeting_id}
        return self.send(app or self.sync_calendar, json=body, headers=headers, **request)

    def look(self, meeting_id: str) -> Answer:
        return self.deliver(meeting_id, app=self.sync_recording)

    def sweep(self) -> Answer:
        return self.send(self.sweeper)

    def send(self, app: Flask, method: str = "POST", path: str = "/", **request: Any) -> Answer:
        response = app.test_client().open(path, method=method, **request)
        check_headers(response.headers)
        if response.status_code >= 400:
            check_problem(response)
        return Answer(response.status_code, response.headers, response.get_json(silent=True))
