"""The functions that Cloud Tasks and Cloud Scheduler call, as they look over HTTP.

Any answer but 2xx makes the caller try again: what may work later gets 503, and a body that is no
task of ours 400, which the queue's own limits end.
"""

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Flask, g, request

from functions import measurements, meeting_tasks
from functions.bearer import OnlyCaller
from functions.errors import MeetingNotFound
from functions.json_body import read_object
from functions.ports import SweepStore
from functions.sweep import Sweeper
from functions.sync_calendar import CalendarSynchronizer
from functions.sync_recording import RecordingSynchronizer
from functions.web import create_app

Outcome = tuple[str, str | None]
"""What came of a task, and the code of what hinders it."""

TASK_NAME = re.compile(r"[A-Za-z0-9_-]{1,500}")
RETRIED = re.compile(r"[1-9][0-9]*")


def sync_calendar_app(
    synchronizer: Callable[[], CalendarSynchronizer], only_caller: OnlyCaller | None = None
) -> Flask:
    """Return the app of `sync_calendar`: POST {"meeting_id"} makes Google match the meeting."""

    def sync(meeting_id: str) -> Outcome:
        calendar = synchronizer().sync(meeting_id).calendar
        return calendar.state, calendar.error.code if calendar.error else None

    return _meeting_app("sync_calendar", sync, only_caller)


def sync_recording_app(
    synchronizer: Callable[[], RecordingSynchronizer], only_caller: OnlyCaller | None = None
) -> Flask:
    """Return the app of `sync_recording`: POST {"meeting_id"} looks at what came of the meeting."""

    def sync(meeting_id: str) -> Outcome:
        recording_sync = synchronizer().sync(meeting_id).recording_sync
        return recording_sync.state, recording_sync.reason

    return _meeting_app("sync_recording", sync, only_caller)


def sweep_app(
    sweeper: Callable[[], Sweeper],
    sweeps: Callable[[], SweepStore],
    only_caller: OnlyCaller | None = None,
) -> Flask:
    """Return the app of `sweep`: POST nudges whatever is due, and notes when it was through."""
    app = _internal_app("sweep", only_caller)

    @app.post("/")
    def sweep() -> dict[str, Any]:
        used = sweeper()
        swept = asdict(used.sweep())
        g.log_fields = swept
        sweeps().note(used.now())
        return swept

    return app


def _meeting_app(
    name: str, sync: Callable[[str], Outcome], only_caller: OnlyCaller | None
) -> Flask:
    """Return the app of a function that Cloud Tasks calls with the id of one meeting."""
    app = _internal_app(name, only_caller)

    @app.before_request
    def name_task() -> None:
        task = request.headers.get("X-CloudTasks-TaskName", "")
        g.log_fields = {"task": task if TASK_NAME.fullmatch(task) else None}
        if RETRIED.fullmatch(request.headers.get("X-CloudTasks-TaskRetryCount", "")):
            measurements.task_retried(name)

    @app.post("/")
    def run() -> dict[str, Any]:
        meeting_id = meeting_tasks.meeting_id(read_object(request))
        g.log_fields["meeting_id"] = meeting_id
        try:
            outcome, code = sync(meeting_id)
        except MeetingNotFound:
            outcome, code = "no_such_meeting", None
        g.log_fields |= {"outcome": outcome, "code": code}
        return {"meeting_id": meeting_id, "outcome": outcome, "code": code}

    return app


def _internal_app(name: str, only_caller: OnlyCaller | None) -> Flask:
    app = create_app(name)

    @app.before_request
    def admit() -> None:
        if only_caller is not None:
            only_caller.admit(request.headers)

    return app
