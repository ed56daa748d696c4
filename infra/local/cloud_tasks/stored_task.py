"""A task in a queue: what its creator asked for, and what has become of it so far."""

from dataclasses import dataclass

from google.cloud.tasks_v2.types import HttpMethod, Task
from google.protobuf.timestamp_pb2 import Timestamp

from infra.local.cloud_tasks import queue_settings, task_validation
from infra.local.cloud_tasks.outcome import Outcome
from infra.local.cloud_tasks.retry import RetryLimits


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One attempt that has ended. Times are seconds since the epoch."""

    task_name: str
    url: str
    retry_count: int
    scheduled_at: float
    dispatched_at: float
    ended_at: float
    outcome: Outcome


class StoredTask:
    """A task, checked and named, from its creation until it is done, given up or deleted.

    Not thread-safe: the dispatcher's lock guards it.
    """

    def __init__(self, message: Task, created_at: float) -> None:
        pb = Task.pb(message)
        self.name: str = message.name
        self.url = task_validation.encoded_url(message.http_request.url)
        self.method = HttpMethod(pb.http_request.http_method or HttpMethod.POST).name
        self.body: bytes = pb.http_request.body
        self.headers: dict[str, str] = dict(pb.http_request.headers)
        self.dispatch_deadline_seconds = task_validation.dispatch_deadline_seconds(message)
        self.service_account_email: str = pb.http_request.oidc_token.service_account_email
        self.audience: str = pb.http_request.oidc_token.audience or self.url.partition("?")[0]
        self.retry_limits: RetryLimits | None = None
        if pb.HasField("retry_config"):
            complete = queue_settings.complete_retry(message.retry_config)
            self.retry_limits = queue_settings.retry_limits(complete)
        self.created_at = created_at
        self.scheduled_at: float = max(created_at, pb.schedule_time.ToNanoseconds() / 1e9)
        self.schedule_entry = 0
        """The only entry in the queue's schedule that counts for this task; 0 for none."""
        self.is_delayed_by_fault = False

        self.dispatch_count = 0
        self.response_count = 0
        self.execution_count = 0
        self.first_dispatched_at: float | None = None
        self.last_scheduled_at = 0.0
        self.last_dispatched_at = 0.0
        self.last_ended_at = 0.0
        self.last_outcome: Outcome | None = None
        """None until an attempt has ended, and again while the next is in flight."""
        self.previous_outcome: Outcome | None = None
        self._message = message

    def begin_attempt(self, now: float) -> None:
        """Count an attempt that is about to be sent."""
        self.dispatch_count += 1
        if self.first_dispatched_at is None:
            self.first_dispatched_at = now
        self.last_scheduled_at = self.scheduled_at
        self.last_dispatched_at = now
        self.last_outcome = None

    def end_attempt(self, outcome: Outcome, now: float) -> None:
        """Count the answer; a 5xx is a response, yet not an execution."""
        if outcome.status_code is not None:
            self.response_count += 1
            if outcome.status_code < 500:
                self.execution_count += 1
        self.last_ended_at = now
        self.last_outcome = self.previous_outcome = outcome

    def to_message(self, view: int) -> Task:
        """Return the task as RPCs answer with it; only `View.FULL` has the body."""
        pb = Task.pb(Task(self._message))
        pb.view = Task.View.FULL if view == Task.View.FULL else Task.View.BASIC
        if pb.view == Task.View.BASIC:
            pb.http_request.ClearField("body")
        pb.http_request.http_method = pb.http_request.http_method or HttpMethod.POST
        pb.dispatch_deadline.FromNanoseconds(round(self.dispatch_deadline_seconds * 1e9))
        pb.create_time.FromSeconds(int(self.created_at))
        _set_time(pb.schedule_time, self.scheduled_at)
        pb.dispatch_count = self.dispatch_count
        pb.response_count = self.response_count
        if self.first_dispatched_at is not None:
            _set_time(pb.first_attempt.dispatch_time, self.first_dispatched_at)
            _set_time(pb.last_attempt.schedule_time, self.last_scheduled_at)
            _set_time(pb.last_attempt.dispatch_time, self.last_dispatched_at)
        if self.last_outcome is not None:
            _set_time(pb.last_attempt.response_time, self.last_ended_at)
            code, _ = self.last_outcome.status.value
            pb.last_attempt.response_status.code = code
            pb.last_attempt.response_status.message = str(self.last_outcome)
        message: Task = Task.wrap(pb)
        return message


def _set_time(timestamp: Timestamp, seconds: float) -> None:
    timestamp.FromMicroseconds(round(seconds * 1e6))
