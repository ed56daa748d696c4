"""The task that has one meeting synced with Google Calendar: its name and what it carries.

A task carries the meeting's id and never a copy of the meeting: the worker trusts the store alone.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.errors import Fault, InvalidRequest
from functions.models import MEETING_ID, Meeting
from functions.ports import TaskQueue


def enqueue(queue: TaskQueue, meeting: Meeting, due_at: datetime | None = None) -> None:
    """Hand over the task of this revision, or the one that repeats it when it is due.

    The same arguments give the same name, and a name is taken once: repeating it does nothing.

    Raises:
        RetryableError, PermanentError: it may not have been handed over.
    """
    again = f"-{due_at:%Y%m%dT%H%M%S%f}" if due_at else ""
    queue.enqueue(f"{meeting.id}-{meeting.revision}{again}", {"meeting_id": meeting.id})


def meeting_id(body: Mapping[str, Any]) -> str:
    """Return the id that a task carries; raises InvalidRequest."""
    value = body.get("meeting_id")
    if not isinstance(value, str) or not MEETING_ID.fullmatch(value):
        raise InvalidRequest([Fault("/meeting_id", "invalid_id", "It must be a meeting's id.")])
    return value
