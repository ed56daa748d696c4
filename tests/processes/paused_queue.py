"""A queue that takes tasks and delivers none, for a function that runs alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from google.cloud.tasks_v2 import Queue

from infra.cloud_tasks import client, queue_path
from infra.local.cloud_tasks import CloudTasksStandIn

QUEUE = queue_path("clinic", "europe-west1", "sync-calendar")
"""The one that `running.self_hosted` hands its tasks to."""


@contextmanager
def paused_queue() -> Iterator[CloudTasksStandIn]:
    with CloudTasksStandIn("http://127.0.0.1/cloud-tasks") as stand_in:
        stand_in.create_queue(Queue(name=QUEUE))
        with client(stand_in.address) as tasks:
            tasks.pause_queue(name=QUEUE)
        yield stand_in
