"""Wait for a meeting's link, for a bounded time and with a bounded number of threads."""

import re
import threading
import time
from dataclasses import dataclass

from functions.errors import MeetMiddlewareError
from functions.models import CalendarState, Meeting
from functions.ports import MeetingStore

DEFAULT_SECONDS = 10
MAX_SECONDS = 30
FIRST_POLL_SECONDS = 0.01
LAST_POLL_SECONDS = 1.0
POLL_GROWTH = 1.4
WAIT = re.compile(r"wait=(\d{1,9})")


@dataclass(frozen=True)
class Preference:
    """How long a caller wants to wait, and the preference as it was applied, if one was.

    https://www.rfc-editor.org/rfc/rfc7240
    """

    wait_seconds: int
    applied: str | None

    @classmethod
    def parse(cls, header: str) -> "Preference":
        """Return what is preferred; whatever is not known is ignored, as HTTP has it.

        With both, `wait` says after how long the answer may be respond-async's.
        """
        words = [part.strip().lower() for part in header.split(",")]
        for word in words:
            if match := WAIT.fullmatch(word):
                seconds = min(int(match[1]), MAX_SECONDS)
                return cls(seconds, f"wait={seconds}")
        if "respond-async" in words:
            return cls(0, "respond-async")
        return cls(DEFAULT_SECONDS, None)


class LinkWaiter:
    """Watches meetings on behalf of callers that hold a thread while they wait.

    A quarter of the threads never waits, so that a burst of callers can't starve the rest; who
    comes when all other threads wait is not made to wait (docs/decisions/0002-waiting.md).
    """

    def __init__(self, store: MeetingStore, threads: int, stopping: threading.Event) -> None:
        self._store = store
        self._slots = threading.BoundedSemaphore(max(1, threads * 3 // 4))
        self._stopping = stopping

    def wait(self, meeting: Meeting, seconds: float) -> Meeting:
        """Return the meeting once its link or a failure is there, or as it is after that time."""
        if seconds <= 0 or not self._slots.acquire(blocking=False):
            return meeting
        try:
            return self._watch(meeting, seconds)
        finally:
            self._slots.release()

    def _watch(self, meeting: Meeting, seconds: float) -> Meeting:
        # A store that answers late takes its time from the wait too.
        deadline = time.monotonic() + seconds
        delay = FIRST_POLL_SECONDS
        while meeting.calendar.state is CalendarState.PENDING:
            left = deadline - time.monotonic()
            if left <= 0 or self._stopping.wait(min(delay, left)):
                return meeting
            delay = min(delay * POLL_GROWTH, LAST_POLL_SECONDS)
            try:
                meeting = self._store.get(meeting.id).meeting
            except MeetMiddlewareError:
                # The meeting is stored: not seeing it is no reason to lose the answer.
                continue
        return meeting
