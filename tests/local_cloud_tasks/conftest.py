import time
from datetime import timedelta

import grpc
import pytest
from google.cloud import tasks_v2
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

from infra.local.cloud_tasks import CloudTasksStandIn
from tests.local_cloud_tasks.receiver import Receiver

LOCATION = "projects/p/locations/l"
QUEUE = f"{LOCATION}/queues/q"


class Clock:
    """The real time, until a test moves it on."""

    def __init__(self):
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float):
        self.ahead += seconds


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def stand_in(clock, receiver):
    with CloudTasksStandIn("http://localhost:8080/cloud-tasks", clock=clock) as stand_in:
        yield stand_in
        # Attempts that a test leaves hanging must not use up the grace period of the stop.
        receiver.gate.set()


@pytest.fixture
def client(stand_in):
    channel = grpc.insecure_channel(stand_in.address)
    with tasks_v2.CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel)) as client:
        yield client


@pytest.fixture
def create_queue(client):
    """Create the queue QUEUE with quick retries; keywords change its settings."""

    def create(name=QUEUE, rate_limits=None, **retry_config):
        quick = {"min_backoff": timedelta(milliseconds=2), "max_backoff": timedelta(seconds=0.01)}
        queue = {
            "name": name,
            "rate_limits": rate_limits or {},
            "retry_config": quick | retry_config,
        }
        return client.create_queue(parent=LOCATION, queue=queue)

    return create


@pytest.fixture
def queue(create_queue):
    return create_queue()


@pytest.fixture
def create_task(client, receiver):
    """Create a task for the receiver; keywords are fields of the task or its http_request."""

    def create(task_id=None, *, queue=QUEUE, path="/work", **fields):
        request_fields = {"http_method", "headers", "body", "oidc_token", "url"} & fields.keys()
        http_request = {field: fields.pop(field) for field in request_fields}
        task = {"http_request": {"url": receiver.url + path} | http_request} | fields
        if task_id is not None:
            task["name"] = f"{queue}/tasks/{task_id}"
        return client.create_task(parent=queue, task=task)

    return create
