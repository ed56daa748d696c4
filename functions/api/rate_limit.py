"""How often each caller may call: so many requests a minute, over all instances together.

An instance takes a part of the minute's allowance at once from the counter that all share, and
gives it out from memory: a call to the store for every so many requests, not for each
(docs/decisions/0006-rate-limit.md).
"""

import logging
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from functions.errors import RateLimited, UpstreamError
from functions.ports import AllowanceStore

logger = logging.getLogger(__name__)

WINDOW = timedelta(minutes=1)
PARTS = 10
"""What is taken at once is this part of the allowance."""


@dataclass
class _Left:
    """What is left of what was taken for a caller; below 0 there is no more in this window."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    requests: int = 0


class RateLimiter:
    def __init__(
        self, store: AllowanceStore, limit: int | None, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._limit = limit
        self._now = now
        self._lock = threading.Lock()
        self._window = ""
        self._callers: dict[str, _Left] = {}

    def count(self, caller_id: str) -> None:
        """Count one request of a caller; raises RateLimited where there were too many."""
        if self._limit is None:
            return
        with self._lock:
            now = self._now()
            begin = datetime.fromtimestamp(now.timestamp() // 60 * 60, UTC)
            window = f"{begin:%Y%m%dT%H%M}"
            if window != self._window:
                self._window, self._callers = window, {}
            caller = self._callers.setdefault(caller_id, _Left())
        # A lock for each caller: the store may be slow, and nobody waits for another's counter.
        with caller.lock:
            if caller.requests == 0:
                caller.requests = self._take(caller_id, window, begin, self._limit)
            if caller.requests < 0:
                raise RateLimited(math.ceil((begin + WINDOW - now).total_seconds()))
            caller.requests -= 1

    def _take(self, caller_id: str, window: str, begin: datetime, limit: int) -> int:
        """Return how many more requests this instance may admit; -1: no more in this window."""
        part = max(1, limit // PARTS)
        try:
            taken = self._store.take(caller_id, window, part, begin + 2 * WINDOW)
        except UpstreamError as error:
            # The limit protects the product from a caller, and must not itself keep callers out.
            logger.warning("allowance not counted", extra={"code": error.code})
            return part
        granted = min(part, limit - (taken - part))
        return granted if granted > 0 else -1
