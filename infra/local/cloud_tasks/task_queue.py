"""One queue: its settings, its tasks, and which of them may start now.

It reads no clock, starts no thread and sends nothing; every call passes the time.
"""

import heapq
import itertools
import logging
import math

from google.cloud.tasks_v2.types import Queue

from infra.local.cloud_tasks import queue_settings, retry
from infra.local.cloud_tasks.outcome import Outcome
from infra.local.cloud_tasks.stored_task import StoredTask
from infra.local.cloud_tasks.token_bucket import TokenBucket

logger = logging.getLogger(__name__)


class TaskQueue:
    """Starts empty and running, with settings that are complete.

    Not thread-safe: the dispatcher's lock guards it.
    """

    def __init__(self, settings: Queue, tombstone_seconds: float, now: float) -> None:
        self.name: str = settings.name
        self.tasks: dict[str, StoredTask] = {}
        self.in_flight = 0
        self._tombstone_seconds = tombstone_seconds
        self._tombstones: dict[str, float] = {}
        self._schedule: list[tuple[float, int, StoredTask]] = []
        self._entries = itertools.count(1)
        self.configure(settings, now)
        self.resume()

    def configure(self, settings: Queue, now: float) -> None:
        """Use these settings from now on; the token bucket starts full again."""
        self.settings = settings
        self._limits = queue_settings.retry_limits(settings.retry_config)
        rate = settings.rate_limits
        self._max_in_flight: int = rate.max_concurrent_dispatches
        self._bucket = TokenBucket(rate.max_dispatches_per_second, rate.max_burst_size, now)

    def pause(self) -> None:
        """Let nothing start; attempts in flight go on."""
        self.is_paused = True
        Queue.pb(self.settings).state = Queue.State.PAUSED

    def resume(self) -> None:
        self.is_paused = False
        Queue.pb(self.settings).state = Queue.State.RUNNING

    def add(self, task: StoredTask) -> None:
        """Store a task whose name is free, to start at its schedule time."""
        self.tasks[task.name] = task
        self.schedule(task, task.scheduled_at)

    def remove(self, task: StoredTask, now: float) -> None:
        """Forget a task; its name stays taken for the tombstone window."""
        del self.tasks[task.name]
        task.schedule_entry = 0
        self._tombstones[task.name] = now + self._tombstone_seconds

    def purge(self, now: float) -> None:
        """Remove every task, and remember when."""
        Queue.pb(self.settings).purge_time.FromMicroseconds(round(now * 1e6))
        for task in list(self.tasks.values()):
            self.remove(task, now)

    def was_removed_recently(self, name: str, now: float) -> bool:
        """Tell whether a task of this name is gone but its name is still taken."""
        # All last equally long, so they end in the order in which they were added.
        while self._tombstones:
            oldest = next(iter(self._tombstones))
            if self._tombstones[oldest] > now:
                break
            del self._tombstones[oldest]
        return name in self._tombstones

    def schedule(self, task: StoredTask, due_at: float) -> None:
        """Let the task start at `due_at`; what was scheduled for it before no longer counts."""
        task.schedule_entry = next(self._entries)
        heapq.heappush(self._schedule, (due_at, task.schedule_entry, task))

    def ready_at(self, now: float) -> float:
        """Return when a task may start: `now`, later, or infinity until something changes."""
        if self.is_paused or self.in_flight >= self._max_in_flight:
            return math.inf
        while self._schedule and self._schedule[0][1] != self._schedule[0][2].schedule_entry:
            heapq.heappop(self._schedule)
        if not self._schedule:
            return math.inf
        return max(self._schedule[0][0], self._bucket.ready_at(now), now)

    def take_due(self, now: float) -> StoredTask | None:
        """Return the next task that may start, which is then no longer scheduled, or None."""
        if self.ready_at(now) > now:
            return None
        self._bucket.take(now)
        _, _, task = heapq.heappop(self._schedule)
        task.schedule_entry = 0
        return task

    def has_work(self, now: float) -> bool:
        """Tell whether a task is in flight, due, or waiting for a retry."""
        return self.in_flight > 0 or any(
            task.dispatch_count or task.scheduled_at <= now for task in self.tasks.values()
        )

    def settle(self, task: StoredTask, outcome: Outcome, now: float) -> None:
        """Remove or reschedule a task after an attempt."""
        task.end_attempt(outcome, now)
        if self.tasks.get(task.name) is not task:
            # Deleted in the meantime, or done by another attempt at the same time.
            return
        if outcome.succeeded:
            self.remove(task, now)
            return
        limits = task.retry_limits or self._limits
        elapsed_seconds = now - (task.first_dispatched_at or now)
        if limits.are_exhausted(task.dispatch_count, elapsed_seconds):
            logger.warning(
                "gave up and deleted %s after %d attempts: %s",
                task.name,
                task.dispatch_count,
                outcome,
            )
            self.remove(task, now)
            return
        asked_seconds = retry.retry_after_seconds(outcome.status_code, outcome.retry_after, now)
        pause_seconds = max(limits.backoff_seconds(task.dispatch_count), asked_seconds)
        logger.info("%s failed, next attempt in %.3f s: %s", task.name, pause_seconds, outcome)
        task.scheduled_at = now + pause_seconds
        self.schedule(task, task.scheduled_at)
