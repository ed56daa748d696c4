"""When a failed task is tried again: pure functions of times and limits."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

UNLIMITED_ATTEMPTS = -1

LONGEST_RETRY_AFTER_SECONDS = 30 * 86400.0
"""To ask for more than a task may be scheduled ahead is a mistake of the receiver."""


@dataclass(frozen=True, slots=True)
class RetryLimits:
    """A queue's or a task's RetryConfig; a `max_retry_duration_seconds` of 0 sets no limit."""

    max_attempts: int
    max_retry_duration_seconds: float
    min_backoff_seconds: float
    max_backoff_seconds: float
    max_doublings: int

    def backoff_seconds(self, retry: int) -> float:
        """Return the pause before retry number `retry`, which counts from 1.

        It starts at `min_backoff_seconds`, doubles `max_doublings` times, then grows by the last
        interval each time, and never exceeds `max_backoff_seconds`.
        """
        doublings = min(retry - 1, self.max_doublings)
        linear_steps = retry - 1 - doublings
        try:
            interval_seconds = math.ldexp(self.min_backoff_seconds, doublings) * (1 + linear_steps)
        except OverflowError:
            return self.max_backoff_seconds
        return min(interval_seconds, self.max_backoff_seconds)

    def are_exhausted(self, attempts: int, elapsed_seconds: float) -> bool:
        """Tell whether a task is given up after that many attempts and seconds since the first.

        Every limit that is set must have been reached; with none set the task is never given up.
        """
        has_attempts_limit = self.max_attempts != UNLIMITED_ATTEMPTS
        has_duration_limit = self.max_retry_duration_seconds > 0
        if not has_attempts_limit and not has_duration_limit:
            return False
        if has_attempts_limit and attempts < self.max_attempts:
            return False
        return not has_duration_limit or elapsed_seconds >= self.max_retry_duration_seconds


def retry_after_seconds(status_code: int | None, header: str | None, now: float) -> float:
    """Return how long a 429 or 503 answer asks to wait, 0 if it does not ask.

    `header` is a Retry-After in either form: seconds, or an HTTP date compared with `now`.
    """
    if status_code not in (429, 503) or not header:
        return 0.0
    if header.strip().isdecimal():
        seconds = float(header)
    else:
        try:
            asked = parsedate_to_datetime(header)
        except ValueError:
            return 0.0
        if asked.tzinfo is None:
            asked = asked.replace(tzinfo=UTC)
        seconds = (asked - datetime.fromtimestamp(now, UTC)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER_SECONDS)
