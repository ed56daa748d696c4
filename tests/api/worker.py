"""The functions that tasks and the scheduler call, on the mock Workspace."""

from typing import Any

from flask import Flask

from functions.models import CalendarState, Meeting
from functions.sweep import Sweeper
from functions.sync_calendar import CalendarSynchronizer
from functions.tasks import sweep_app, sync_calendar_app
from infra.mock_workspace import MockCalendar
from tests.api.caller import LINKS, Answer
from tests.api.contract import check_headers, check_problem
from tests.api.fakes import Queue, Store
from tests.values import NOW, a_meeting, put


class Worker:
    """Sends tasks to the apps, and checks what all answers have in common."""

    def __init__(self) -> None:
        self.time = NOW
        self.store = Store()
        self.queue = Queue()
        calendar = MockCalendar(LINKS, lambda: self.time)
        self.sync_calendar = sync_calendar_app(
            lambda: CalendarSynchronizer(self.store, calendar, lambda: self.time, lambda _: None)
        )
        self.sweeper = sweep_app(lambda: Sweeper(self.store, self.queue, lambda: self.time))

    def a_meeting(self, **changes: Any) -> str:
        """Store a meeting that Google has yet to see; returns its id."""
        meeting = a_meeting(**{"livemode": False, **changes})
        put(self.store.kept, meeting)
        return meeting.id

    def meeting(self, meeting_id: str) -> Meeting:
        return self.store.kept.get(meeting_id).meeting

    def is_synced(self, meeting_id: str) -> bool:
        return self.meeting(meeting_id).calendar.state is CalendarState.SYNCED

    def deliver(self, meeting_id: object, name: str = "t", **request: Any) -> Answer:
        headers = {"X-CloudTasks-TaskName": name, **request.pop("headers", {})}
        return self.send(
            self.sync_calendar, json={"meeting_id": meeting_id}, headers=headers, **request
        )

    def sweep(self) -> Answer:
        return self.send(self.sweeper)

    def send(self, app: Flask, method: str = "POST", path: str = "/", **request: Any) -> Answer:
        response = app.test_client().open(path, method=method, **request)
        check_headers(response.headers)
        if response.status_code >= 400:
            check_problem(response)
        return Answer(response.status_code, response.headers, response.get_json(silent=True))
