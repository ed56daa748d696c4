"""The threads of the stand-in: one watches what is due, the others each send one task.

Everything in a queue changes under `Dispatcher.lock`; nothing is sent while it is held.
"""

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from infra.local.cloud_tasks import task_request
from infra.local.cloud_tasks.faults import Faults
from infra.local.cloud_tasks.http_exchange import ConnectionPool, Exchange
from infra.local.cloud_tasks.outcome import Outcome
from infra.local.cloud_tasks.stored_task import AttemptRecord, StoredTask
from infra.local.cloud_tasks.task_queue import TaskQueue
from infra.local.oidc_issuer import OidcIssuer

logger = logging.getLogger(__name__)

MAX_THREADS = 1000
"""For all queues together: an attempt beyond that waits for a thread."""

KEPT_ATTEMPTS = 10_000
LONGEST_WAIT_SECONDS = 0.5
"""The wall clock may jump, as after a laptop's sleep, and a timed wait would not notice."""


@dataclass(frozen=True, eq=False, slots=True)
class _Dispatch:
    """One attempt in flight."""

    queue: TaskQueue
    task: StoredTask
    headers: dict[str, str]
    retry_count: int
    scheduled_at: float
    dispatched_at: float
    deadline_at: float
    exchange: Exchange


class Dispatcher:
    """Sends the tasks of all queues when they are due; `clock` gives seconds since the epoch."""

    def __init__(self, faults: Faults, issuer: OidcIssuer, clock: Callable[[], float]) -> None:
        self.lock = threading.Condition()
        self.queues: dict[str, TaskQueue] = {}
        self.attempts: deque[AttemptRecord] = deque(maxlen=KEPT_ATTEMPTS)
        self._faults = faults
        self._issuer = issuer
        self._clock = clock
        self._in_flight: set[_Dispatch] = set()
        self._held: list[tuple[TaskQueue, StoredTask]] = []
        self._wakes_at = math.inf
        self._next_deadline_at = math.inf
        self._is_stopping = False
        self._connections = ConnectionPool()
        self._senders = ThreadPoolExecutor(MAX_THREADS, "cloud-tasks-send")
        self._watcher = threading.Thread(target=self._watch, name="cloud-tasks-watch", daemon=True)
        faults.on_change = self._look_again

    def start(self) -> None:
        self._watcher.start()

    def stop(self, grace_seconds: float) -> None:
        """Start nothing more, wait for attempts in flight, then cut them off; no thread is left."""
        give_up_at = time.monotonic() + grace_seconds
        with self.lock:
            self._is_stopping = True
            self.lock.notify_all()
            self.lock.wait_for(lambda: not self._in_flight, give_up_at - time.monotonic())
            if self._in_flight:
                logger.warning("attempts cut off unanswered at the stop: %d", len(self._in_flight))
            for dispatch in self._in_flight:
                dispatch.exchange.cut()
        self._watcher.join()
        self._senders.shutdown(wait=True, cancel_futures=True)
        self._connections.close()

    def wake(self, at: float) -> None:
        """Let the watcher know that something may start at `at`. Hold the lock."""
        if at < self._wakes_at:
            self._wakes_at = -math.inf
            self.lock.notify_all()

    def run_now(self, queue: TaskQueue, task: StoredTask) -> None:
        """Send a task at once, whatever its schedule and the queue's limits. Hold the lock."""
        self._submit(self._begin(queue, task, self._clock()))

    def has_work(self) -> bool:
        """Tell whether an attempt is in flight, due, or waiting for its retry."""
        with self.lock:
            now = self._clock()
            return any(queue.has_work(now) for queue in self.queues.values())

    def _look_again(self) -> None:
        with self.lock:
            self.wake(-math.inf)

    def _watch(self) -> None:
        with self.lock:
            while not self._is_stopping:
                now = self._clock()
                for queue in self.queues.values():
                    while task := queue.take_due(now):
                        self._start_due(queue, task, now)
                self._release_held()
                self._cut_late(now)
                ready_at = [queue.ready_at(now) for queue in self.queues.values()]
                self._wakes_at = min(ready_at, default=math.inf)
                self._wakes_at = min(self._wakes_at, self._next_deadline_at)
                is_idle = self._wakes_at == math.inf
                pause_seconds = min(max(self._wakes_at - now, 0.0), LONGEST_WAIT_SECONDS)
                self.lock.wait(None if is_idle else pause_seconds)

    def _start_due(self, queue: TaskQueue, task: StoredTask, now: float) -> None:
        is_first_attempt = task.dispatch_count == 0
        if not is_first_attempt:
            self._submit(self._begin(queue, task, now))
            return
        if not task.is_delayed_by_fault and (plan := self._faults.take("deliver_late")):
            task.is_delayed_by_fault = True
            queue.schedule(task, now + plan.late_seconds)
            return
        if self._faults.take("deliver_reversed"):
            self._held.append((queue, task))
            return
        dispatch = self._begin(queue, task, now)
        self._submit(dispatch)
        if self._faults.take("deliver_twice"):
            # The receiver must not be able to tell the second from the first.
            self._submit(self._begin(queue, task, now, dispatch.headers))

    def _release_held(self) -> None:
        if self._held and not self._faults.plan.deliver_reversed:
            self._senders.submit(self._send_reversed, self._held)
            self._held = []

    def _cut_late(self, now: float) -> None:
        if now < self._next_deadline_at:
            return
        waiting = [dispatch for dispatch in self._in_flight if not dispatch.exchange.is_cut]
        for dispatch in waiting:
            if dispatch.deadline_at <= now:
                dispatch.exchange.cut()
        self._next_deadline_at = min(
            (dispatch.deadline_at for dispatch in waiting if dispatch.deadline_at > now),
            default=math.inf,
        )

    def _begin(
        self,
        queue: TaskQueue,
        task: StoredTask,
        now: float,
        headers: dict[str, str] | None = None,
    ) -> _Dispatch:
        task.begin_attempt(now)
        queue.in_flight += 1
        dispatch = _Dispatch(
            queue=queue,
            task=task,
            headers=headers or task_request.headers(task, queue.name),
            retry_count=task.dispatch_count - 1,
            scheduled_at=task.scheduled_at,
            dispatched_at=now,
            deadline_at=now + task.dispatch_deadline_seconds,
            exchange=Exchange(),
        )
        self._in_flight.add(dispatch)
        self._next_deadline_at = min(self._next_deadline_at, dispatch.deadline_at)
        self.wake(dispatch.deadline_at)
        return dispatch

    def _submit(self, dispatch: _Dispatch) -> None:
        self._senders.submit(self._send, dispatch)

    def _send_reversed(self, held: list[tuple[TaskQueue, StoredTask]]) -> None:
        # One after the other: sent together, their arrival would be in any order.
        for queue, task in reversed(held):
            with self.lock:
                if self._is_stopping or queue.tasks.get(task.name) is not task:
                    continue
                dispatch = self._begin(queue, task, self._clock())
            self._send(dispatch)

    def _send(self, dispatch: _Dispatch) -> None:
        task, headers = dispatch.task, dispatch.headers
        if task.service_account_email:
            id_token = self._issuer.mint(task.service_account_email, task.audience)
            headers = task_request.authorized(headers, id_token)
        outcome = self._connections.send(
            dispatch.exchange, task.method, task.url, headers, task.body
        )
        self._end(dispatch, outcome)

    def _end(self, dispatch: _Dispatch, outcome: Outcome) -> None:
        with self.lock:
            now = self._clock()
            self._in_flight.discard(dispatch)
            dispatch.queue.in_flight -= 1
            self.attempts.append(
                AttemptRecord(
                    task_name=dispatch.task.name,
                    url=dispatch.task.url,
                    retry_count=dispatch.retry_count,
                    scheduled_at=dispatch.scheduled_at,
                    dispatched_at=dispatch.dispatched_at,
                    ended_at=now,
                    outcome=outcome,
                )
            )
            dispatch.queue.settle(dispatch.task, outcome, now)
            self.wake(dispatch.queue.ready_at(now))
            if self._is_stopping:
                self.lock.notify_all()
