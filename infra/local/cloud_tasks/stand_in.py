"""The stand-in as a whole: what other code starts, looks at and stops."""

import socket
import time
from collections.abc import Callable
from typing import Self

from google.cloud.tasks_v2.types import CreateQueueRequest, Queue, Task

from infra.local.cloud_tasks import resource_names
from infra.local.cloud_tasks.dispatcher import Dispatcher
from infra.local.cloud_tasks.faults import Faults
from infra.local.cloud_tasks.grpc_server import GrpcServer
from infra.local.cloud_tasks.http_app import HttpApp
from infra.local.cloud_tasks.queue_rpcs import QueueRpcs
from infra.local.cloud_tasks.stored_task import AttemptRecord
from infra.local.cloud_tasks.task_rpcs import TaskRpcs
from infra.local.oidc_issuer import OidcIssuer

IDLE_POLL_SECONDS = 0.01


class CloudTasksStandIn:
    """Cloud Tasks within this process, empty at first and forgotten at the end.

    `wsgi_app` is to be served at the URL `issuer`, where receivers look for the keys. The name of
    a task stays taken for `tombstone_seconds` after its execution or deletion; `clock` gives
    seconds since the epoch.
    """

    def __init__(
        self,
        issuer: str,
        tombstone_seconds: float = 86400,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.faults = Faults()
        self.address = ""
        """`host:port` of the gRPC server once it has started."""
        self.issuer = OidcIssuer(issuer, clock)
        """It signs the tokens that tasks carry; so can whoever plays another part of Google's."""
        self.wsgi_app = HttpApp(self.issuer, self.faults)
        self._dispatcher = Dispatcher(self.faults, self.issuer, clock)
        self._queues = QueueRpcs(self._dispatcher, tombstone_seconds, clock)
        tasks = TaskRpcs(self._queues, self._dispatcher, self.faults, clock)
        self._server = GrpcServer(self._queues, tasks)
        self._is_running = False

    def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Serve gRPC on `host:port`, any free port if it is 0, and dispatch. Possible only once.

        Raises:
            OSError: the port is taken, or the host is not this machine.
        """
        if self.address:
            raise RuntimeError("a stand-in can be started only once; make another")
        # gRPC reports a taken port with a page of its own on stderr, so the system is asked first.
        socket.create_server((host, port)).close()
        bound_port = self._server.start(host, port)
        self._dispatcher.start()
        self.address = f"{host}:{bound_port}"
        self._is_running = True

    def stop(self, grace_seconds: float = 3.0) -> None:
        """Accept and dispatch nothing more; attempts in flight are cut off after the grace.

        Repeating it does nothing.
        """
        if not self._is_running:
            return
        self._is_running = False
        give_up_at = time.monotonic() + grace_seconds
        self._server.stop(grace_seconds)
        self._dispatcher.stop(max(0.0, give_up_at - time.monotonic()))

    def __enter__(self) -> Self:
        """Start on any free port of the loopback interface, unless it is running already."""
        if not self._is_running:
            self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def create_queue(self, queue: Queue) -> Queue:
        """Create a queue as the RPC does, with Google's defaults for what is not set.

        Raises:
            Refusal: the RPC would refuse it too.
        """
        resource_names.check_queue(queue.name)
        parent = queue.name.partition("/queues/")[0]
        return self._queues.create_queue(CreateQueueRequest(parent=parent, queue=queue))

    def pending(self, queue_name: str) -> list[Task]:
        """Return the tasks of a queue that are not done, by schedule time, with their bodies."""
        with self._dispatcher.lock:
            tasks = sorted(
                self._dispatcher.queues[queue_name].tasks.values(),
                key=lambda task: task.scheduled_at,
            )
            return [task.to_message(Task.View.FULL) for task in tasks]

    @property
    def attempts(self) -> list[AttemptRecord]:
        """The last ten thousand attempts that have ended, oldest first."""
        with self._dispatcher.lock:
            return list(self._dispatcher.attempts)

    def wait_idle(self, timeout_seconds: float) -> bool:
        """Wait until no task is in flight, due, or waiting for a retry; False if it takes longer.

        Tasks whose schedule time has yet to come do not count.
        """
        give_up_at = time.monotonic() + timeout_seconds
        while self._dispatcher.has_work():
            if time.monotonic() >= give_up_at:
                return False
            time.sleep(IDLE_POLL_SECONDS)
        return True
