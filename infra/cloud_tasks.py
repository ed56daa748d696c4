"""The queue in Cloud Tasks: named tasks, so that handing one over twice is handing it over once."""

import json
import math
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import grpc
from google.api_core import exceptions
from google.api_core.retry import Retry, if_exception_type
from google.cloud import tasks_v2
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from functions.errors import PermanentError
from functions.tracing import SpanKind, current_trace, span
from infra.grpc_errors import translated

CALL_TIMEOUT_SECONDS = 2.0
PING_TIMEOUT_SECONDS = 2.0
RETRY = Retry(
    # CreateTask has no retry of its own; the task's name makes a repeated one safe.
    predicate=if_exception_type(exceptions.ServiceUnavailable, exceptions.DeadlineExceeded),
    initial=0.05,
    multiplier=2.0,
    maximum=0.5,
    timeout=2.0,
)

REFUSED = (
    "Cloud Tasks rejects the call: check the queue's name and location, and that the service"
    " account has roles/cloudtasks.enqueuer and roles/cloudtasks.viewer on it and may act as the"
    " invoker (roles/iam.serviceAccountUser)."
)
UNAVAILABLE = "Cloud Tasks is not responding."
PAUSED = (
    "Somebody paused the queue, and its tasks wait: gcloud tasks queues resume QUEUE"
    " --location=REGION"
)


def client(emulator_host: str | None) -> tasks_v2.CloudTasksClient:
    """Return a client, of the stand-in where one is named: Google's library knows no emulator."""
    if emulator_host is None:
        return tasks_v2.CloudTasksClient()
    channel = grpc.insecure_channel(emulator_host)
    return tasks_v2.CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))


def queue_path(project: str, location: str, queue: str) -> str:
    return f"projects/{project}/locations/{location}/queues/{queue}"


class CloudTasksQueue:
    """One queue whose tasks call one function with the invoker's identity token."""

    def __init__(
        self,
        client: Callable[[], tasks_v2.CloudTasksClient],
        queue_path: str,
        worker_url: str,
        invoker_email: str | None,
        dispatch_deadline_seconds: int,
    ) -> None:
        self._client = client
        self._queue_path = queue_path
        self._worker_url = worker_url
        self._invoker_email = invoker_email
        self._dispatch_deadline = Duration(seconds=dispatch_deadline_seconds)

    def enqueue(self, name: str, payload: Mapping[str, object], *, delay_seconds: int = 0) -> None:
        with span("CreateTask", SpanKind.PRODUCER) as attributes:
            attributes["task"] = name
            self._enqueue(name, payload, delay_seconds)

    def _enqueue(self, name: str, payload: Mapping[str, object], delay_seconds: int) -> None:
        trace = current_trace.get()
        request = tasks_v2.HttpRequest(
            url=self._worker_url,
            http_method=tasks_v2.HttpMethod.POST,
            headers={"Content-Type": "application/json", **(trace.headers() if trace else {})},
            body=json.dumps(payload).encode(),
        )
        if self._invoker_email is not None:
            # Explicit: the default audience would be the whole URL of whatever path is called.
            request.oidc_token = tasks_v2.OidcToken(
                service_account_email=self._invoker_email, audience=self._worker_url
            )
        task = tasks_v2.Task(
            name=f"{self._queue_path}/tasks/{name}",
            http_request=request,
            dispatch_deadline=self._dispatch_deadline,
        )
        if delay_seconds:
            task.schedule_time = Timestamp(seconds=math.ceil(time.time() + delay_seconds))
        with (
            translated("queue", REFUSED, UNAVAILABLE),
            suppress(exceptions.AlreadyExists),
        ):
            self._client().create_task(
                parent=self._queue_path, task=task, retry=RETRY, timeout=CALL_TIMEOUT_SECONDS
            )

    def ping(self) -> None:
        with translated("queue", REFUSED, UNAVAILABLE):
            queue = self._client().get_queue(
                name=self._queue_path, retry=None, timeout=PING_TIMEOUT_SECONDS
            )
        if queue.state == tasks_v2.Queue.State.PAUSED:
            raise PermanentError("queue_paused", PAUSED)
