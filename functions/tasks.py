"""The functions that Cloud Tasks and Cloud Scheduler call, as they look over HTTP.

Any answer but 2xx makes the caller try again: what may work later gets 503, and a body that is no
task of ours 400, which the queue's own limits end.
"""

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Flask, g, request

from functions import calendar_task
from functions.bearer import OnlyCaller
from functions.errors import MeetingNotFound
from functions.json_body import read_object
from functions.sweep import Sweeper
from functions.sync_calendar import CalendarSynchronizer
from functions.web import create_app

TASK_NAME = re.compile(r"[A-Za-z0-9_-]{1,500}")


def sync_calendar_app(
    synchronizer: Callable[[], CalendarSynchronizer], only_caller: OnlyCaller | None = None
) -> Flask:
    """Return the app of `sync_calendar`: POST {"meeting_id"} makes Google match the meeting."""
    app = _internal_app("sync_calendar", only_caller)

    @app.before_request
    def name_task() -> None:
        task = request.headers.get("X-CloudTasks-TaskName", "")
        g.log_fields = {"task": task if TASK_NAME.fullmatch(task) else None}

    @app.post("/")
    def sync() -> dict[str, Any]:
        meeting_id = calendar_task.meeting_id(read_object(request))
        g.log_fields["meeting_id"] = meeting_id
        try:
            meeting = synchronizer().sync(meeting_id)
        except MeetingNotFound:
            outcome, code = "no_such_meeting", None
        else:
            outcome = meeting.calendar.state.value
            code = meeting.calendar.error.code if meeting.calendar.error else None
        g.log_fields |= {"outcome": outcome, "code": code}
        return {"meeting_id": meeting_id, "outcome": outcome, "code": code}

    return app


def sweep_app(sweeper: Callable[[], Sweeper], only_caller: OnlyCaller | None = None) -> Flask:
    """Return the app of `sweep`: POST nudges whatever is due."""
    app = _internal_app("sweep", only_caller)

    @app.post("/")
    def sweep() -> dict[str, Any]:
        swept = asdict(sweeper().sweep())
        g.log_fields = swept
        return swept

    return app


def _internal_app(name: str, only_caller: OnlyCaller | None) -> Flask:
    app = create_app(name)

    @app.before_request
    def admit() -> None:
        if only_caller is not None:
            only_caller.admit(request.headers)

    return app
