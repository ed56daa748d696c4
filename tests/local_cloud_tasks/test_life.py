"""Start, stop, and the stand-in as a process of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import UTC, datetime, timedelta

import grpc
import pytest
from google.api_core import exceptions
from google.cloud import tasks_v2
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

from infra.local.cloud_tasks import CloudTasksStandIn
from tests.local_cloud_tasks.conftest import LOCATION, QUEUE


def task_for(receiver):
    return tasks_v2.Task(http_request=tasks_v2.HttpRequest(url=receiver.url))


class TestStop:
    def test_no_thread_is_left(self, receiver):
        before = set(threading.enumerate())
        with CloudTasksStandIn("http://localhost") as stand_in:
            stand_in.create_queue(tasks_v2.Queue(name=QUEUE))
            channel = grpc.insecure_channel(stand_in.address)
            transport = CloudTasksGrpcTransport(channel=channel)
            with tasks_v2.CloudTasksClient(transport=transport) as client:
                client.create_task(parent=QUEUE, task=task_for(receiver))
            receiver.wait_for(1)

        left = {thread.name for thread in set(threading.enumerate()) - before}
        assert not {name for name in left if name.startswith("cloud-tasks")}
        assert "_serve" not in " ".join(left)

    def test_an_attempt_in_flight_is_waited_for(self, queue, create_task, receiver, stand_in):
        receiver.gate.clear()
        create_task()
        receiver.wait_for(1)
        threading.Timer(0.1, receiver.gate.set).start()

        began_at = time.monotonic()
        stand_in.stop(grace_seconds=60)

        assert [attempt.outcome.status_code for attempt in stand_in.attempts] == [204]
        assert time.monotonic() - began_at < 30, "no longer than the attempt takes"

    def test_after_the_grace_it_is_cut(self, queue, create_task, receiver, stand_in):
        receiver.gate.clear()
        create_task()
        receiver.wait_for(1)

        stand_in.stop(grace_seconds=0.05)

        assert [attempt.outcome.status_code for attempt in stand_in.attempts] == [None]

    def test_nothing_is_accepted_or_sent_any_more(
        self, queue, create_task, receiver, stand_in, clock
    ):
        create_task(schedule_time=datetime.fromtimestamp(clock(), UTC) + timedelta(hours=1))

        stand_in.stop()
        clock.advance(3601)

        with pytest.raises(exceptions.ServiceUnavailable):
            create_task()
        assert receiver.requests == []

    def test_repeating_it_does_nothing(self, stand_in):
        stand_in.stop()
        stand_in.stop()

    def test_a_taken_port_is_an_os_error(self, stand_in):
        port = int(stand_in.address.rpartition(":")[2])
        other = CloudTasksStandIn("http://localhost")

        with pytest.raises(OSError, match="in use"):
            other.start(port=port)

        other.stop()

    def test_no_other_server_can_share_the_port(self, stand_in):
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            with pytest.raises(OSError, match="in use"):
                other.bind(("127.0.0.1", int(stand_in.address.rpartition(":")[2])))


class TestWatching:
    def test_pending_tasks_are_in_the_order_of_their_times(
        self, queue, create_task, stand_in, clock
    ):
        start = datetime.fromtimestamp(clock(), UTC)
        create_task("second", schedule_time=start + timedelta(hours=2), body=b"x")
        create_task("first", schedule_time=start + timedelta(hours=1))

        create_task("third", schedule_time=start + timedelta(hours=3))

        first, second, third = stand_in.pending(QUEUE)

        assert first.name.endswith("first")
        assert third.name.endswith("third")
        assert second.http_request.body == b"x"

    def test_an_attempt_is_recorded(self, queue, create_task, stand_in, receiver):
        name = create_task().name
        assert stand_in.wait_idle(20)

        (attempt,) = stand_in.attempts
        assert attempt.task_name == name
        assert attempt.url == f"{receiver.url}/work"
        assert attempt.retry_count == 0
        assert attempt.scheduled_at <= attempt.dispatched_at <= attempt.ended_at

    def test_a_task_for_later_is_no_work(self, queue, create_task, stand_in, clock):
        create_task(schedule_time=datetime.fromtimestamp(clock(), UTC) + timedelta(hours=1))

        assert stand_in.wait_idle(20)

    def test_a_hanging_attempt_is_work(self, queue, create_task, stand_in, receiver):
        receiver.gate.clear()
        create_task()

        assert not stand_in.wait_idle(0.05)

    def test_a_retry_to_come_is_work(self, create_queue, create_task, stand_in, receiver):
        create_queue(min_backoff=timedelta(hours=1), max_backoff=timedelta(hours=1))
        receiver.answers.append((500, {}))
        create_task()
        receiver.wait_for(1)

        assert not stand_in.wait_idle(0.05)


def run_alone(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "infra.local.cloud_tasks", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONWARNINGS": "error"},
    )


class TestAlone:
    def test_it_serves_both_ports_and_ends_on_one_signal_or_two(self, receiver):
        with run_alone("--port=0", "--http-port=0", f"--queue={QUEUE}") as process:
            line = process.stdout.readline()
            address, http = re.findall(r"gRPC on (\S+), HTTP on (\S+)", line)[0]
            with urllib.request.urlopen(f"{http}/.well-known/openid-configuration") as response:
                assert json.load(response)["issuer"] == http
            transport = CloudTasksGrpcTransport(channel=grpc.insecure_channel(address))
            with tasks_v2.CloudTasksClient(transport=transport) as client:
                assert [queue.name for queue in client.list_queues(parent=LOCATION)] == [QUEUE]
                # An attempt that hangs does not keep the process.
                receiver.gate.clear()
                client.create_task(parent=QUEUE, task=task_for(receiver))
            receiver.wait_for(1)

            process.send_signal(signal.SIGINT)
            process.send_signal(signal.SIGTERM)

            assert process.wait(timeout=20) == 0
            assert process.stdout.read() == ""
            assert "Traceback" not in process.stderr.read()

    @pytest.mark.parametrize(
        ("taken", "other"), [("--port", "--http-port"), ("--http-port", "--port")]
    )
    def test_a_taken_port_is_one_plain_line(self, taken, other):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            with run_alone(f"{taken}={port}", f"{other}=0") as process:
                out, err = process.communicate(timeout=20)

        assert process.returncode == 1
        assert out == ""
        assert err == f"cannot listen on 127.0.0.1:{port}: Address already in use\n"

    def test_a_malformed_queue_is_one_plain_line(self):
        with run_alone("--port=0", "--http-port=0", "--queue=q") as process:
            out, err = process.communicate(timeout=20)

        assert process.returncode == 1
        assert err.startswith("Queue name must be formatted")
        assert err.count("\n") == 1
