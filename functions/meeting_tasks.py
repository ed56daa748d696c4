"""The tasks that have one meeting seen to: their names, and what they carry.

A task carries the meeting's id and never a copy of the meeting: the worker trusts the store alone.
The same arguments give the same name, and a name is taken once: repeating one does nothing.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from functions.errors import Fault, InvalidRequest, UpstreamError
from functions.models import MEETING_ID, Meeting
from functions.ports import TaskQueue

logger = logging.getLogger(__name__)


def enqueue_calendar(
    queue: TaskQueue, meeting: Meeting, due_at: datetime | None = None, *, delay_seconds: int = 0
) -> None:
    """Have this revision synced with Google Calendar, for the first time or when it is due.

    Raises:
        RetryableError, PermanentError: it may not have been handed over.
    """
    again = f"-{_word(due_at)}" if due_at else ""
    name = f"{meeting.id}-{meeting.revision}{again}"
    queue.enqueue(name, {"meeting_id": meeting.id}, delay_seconds=delay_seconds)


def enqueue_look(
    queue: TaskQueue, meeting: Meeting, due_at: datetime, *, delay_seconds: int = 0
) -> None:
    """Have Google Meet asked about the meeting, for the look that is due then.

    Raises:
        RetryableError, PermanentError: it may not have been handed over.
    """
    name = f"{meeting.id}-look-{_word(due_at)}"
    queue.enqueue(name, {"meeting_id": meeting.id}, delay_seconds=delay_seconds)


def try_to(enqueue: Callable[[], None], meeting: Meeting) -> bool:
    """Hand over a task of a meeting that is stored; False where nobody knows whether it is there.

    The meeting is due: the sweep hands it over again.
    """
    try:
        enqueue()
    except UpstreamError as error:
        logger.warning("task not enqueued", extra={"meeting_id": meeting.id, "code": error.code})
        return False
    return True


def meeting_id(body: Mapping[str, Any]) -> str:
    """Return the id that a task carries; raises InvalidRequest."""
    value = body.get("meeting_id")
    if not isinstance(value, str) or not MEETING_ID.fullmatch(value):
        raise InvalidRequest([Fault("/meeting_id", "invalid_id", "It must be a meeting's id.")])
    return value


def _word(due_at: datetime) -> str:
    return f"{due_at:%Y%m%dT%H%M%S%f}"
