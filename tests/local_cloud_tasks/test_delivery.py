"""What a receiver gets, when, and what its answers lead to."""

import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
from google.cloud import tasks_v2

from tests.local_cloud_tasks.conftest import LOCATION, QUEUE
from tests.local_cloud_tasks.receiver import until


class TestRequest:
    def test_method_path_headers_and_body_are_the_tasks_own(self, queue, create_task, receiver):
        create_task(
            path="/a/b?c=d#e",
            http_method="PUT",
            headers={"Content-Type": "application/json", "X-Own": "1"},
            body=b'{"a": 1}',
        )

        (request,) = receiver.wait_for(1)
        assert request.method == "PUT"
        assert request.path == "/a/b?c=d"
        assert request.headers["content-type"] == "application/json"
        assert request.headers["x-own"] == "1"
        assert request.body == b'{"a": 1}'

    @pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS", "PATCH"])
    def test_every_method_is_sent(self, queue, create_task, receiver, stand_in, method):
        create_task(http_method=method)

        assert receiver.wait_for(1)[0].method == method
        assert stand_in.wait_idle(20)
        assert stand_in.attempts[0].outcome.succeeded

    def test_a_url_of_the_host_alone_is_its_root(self, queue, create_task, receiver):
        create_task(url=receiver.url)

        assert receiver.wait_for(1)[0].path == "/"

    def test_what_may_not_stand_in_a_request_line_is_encoded(self, queue, create_task, receiver):
        create_task(path="/ä b%20c")

        assert receiver.wait_for(1)[0].path == "/%C3%A4%20b%20c"

    def test_it_carries_the_headers_of_cloud_tasks(self, queue, create_task, receiver, clock):
        task = create_task("one")

        headers = receiver.wait_for(1)[0].headers
        assert headers["user-agent"] == "Google-Cloud-Tasks"
        assert headers["x-cloudtasks-queuename"] == "q"
        assert headers["x-cloudtasks-taskname"] == "one"
        assert headers["x-cloudtasks-taskretrycount"] == "0"
        assert headers["x-cloudtasks-taskexecutioncount"] == "0"
        eta = float(headers["x-cloudtasks-tasketa"])
        assert abs(eta - task.schedule_time.timestamp()) < 0.001
        assert "x-cloudtasks-taskpreviousresponse" not in headers
        assert "x-cloudtasks-taskretryreason" not in headers
        assert "authorization" not in headers

    def test_headers_that_are_googles_cannot_be_forged(self, queue, create_task, receiver):
        forged = {
            "Host": "elsewhere",
            "User-Agent": "mine",
            "Content-Length": "99",
            "X-CloudTasks-TaskName": "mine",
            "x-google-a": "mine",
            "X-AppEngine-B": "mine",
        }
        create_task("one", headers=forged, body=b"x")

        headers = receiver.wait_for(1)[0].headers
        assert headers["host"] == receiver.url.removeprefix("http://")
        assert headers["user-agent"] == "Google-Cloud-Tasks"
        assert headers["content-length"] == "1"
        assert headers["x-cloudtasks-taskname"] == "one"
        assert "x-google-a" not in headers
        assert "x-appengine-b" not in headers

    def test_connections_are_kept_alive(self, queue, create_task, receiver, stand_in):
        for _ in range(5):
            create_task()
            assert stand_in.wait_idle(20)

        # Not just 1, as one that has been idle for a second is closed.
        assert len(receiver.connections) < 5

    def test_one_that_the_receiver_closed_while_idle_is_not_used(
        self, queue, create_task, stand_in
    ):
        with socket.create_server(("127.0.0.1", 0)) as server:
            is_closed = threading.Event()

            def answer_once_per_connection():
                for _ in range(2):
                    connection, _ = server.accept()
                    with connection:
                        connection.recv(65536)
                        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                        until(lambda: stand_in.attempts)
                    is_closed.set()

            answering = threading.Thread(target=answer_once_per_connection)
            answering.start()
            for _ in range(2):
                create_task(url=f"http://127.0.0.1:{server.getsockname()[1]}/")
                assert is_closed.wait(20)
            answering.join()
            assert stand_in.wait_idle(20)

        assert [attempt.outcome.status_code for attempt in stand_in.attempts] == [200, 200]

    def test_one_that_the_answer_closes_is_replaced(self, queue, create_task, receiver, stand_in):
        for answer in [(200, {}), (200, {"Connection": "close"}), (200, {})]:
            receiver.answers.append(answer)
            create_task()
            assert stand_in.wait_idle(20)

        assert [attempt.outcome.status_code for attempt in stand_in.attempts] == [200] * 3


class TestScheduleTime:
    def test_it_is_kept_to_the_microsecond(self, queue, create_task, clock):
        for microsecond in range(0, 1_000_000, 99_991):
            day = datetime.fromtimestamp(clock(), UTC) + timedelta(days=1)
            at = day.replace(microsecond=microsecond)

            assert create_task(schedule_time=at).schedule_time == at

    def test_a_task_waits_for_its_time(self, queue, create_task, receiver, clock, stand_in):
        later = datetime.fromtimestamp(clock(), UTC) + timedelta(hours=1)
        create_task("later", schedule_time=later)
        create_task("now")
        receiver.wait_for(1)
        assert stand_in.wait_idle(20)
        assert [request.task_id for request in receiver.requests] == ["now"]

        clock.advance(3601)

        assert receiver.wait_for(2)[1].task_id == "later"

    def test_a_task_due_earlier_overtakes(self, create_queue, create_task, receiver, clock):
        create_queue(rate_limits={"max_concurrent_dispatches": 1})
        start = datetime.fromtimestamp(clock(), UTC)
        for name, seconds in [("c", 300), ("a", 100), ("b", 200)]:
            create_task(name, schedule_time=start + timedelta(seconds=seconds))

        clock.advance(301)

        assert [request.task_id for request in receiver.wait_for(3)] == ["a", "b", "c"]

    def test_real_time_is_kept(self, queue, create_task, receiver, clock, stand_in):
        at = datetime.fromtimestamp(clock() + 0.15, UTC)
        create_task(schedule_time=at)

        receiver.wait_for(1)
        until(lambda: stand_in.attempts)
        assert stand_in.attempts[0].dispatched_at >= at.timestamp() - 0.001


class TestAnswers:
    @pytest.mark.parametrize("status", [200, 201, 204, 299])
    def test_2xx_is_done(self, queue, create_task, receiver, stand_in, status):
        receiver.answers.append((status, {}))
        create_task()

        receiver.wait_for(1)
        assert stand_in.wait_idle(20)
        assert stand_in.pending(QUEUE) == []
        assert len(receiver.requests) == 1

    @pytest.mark.parametrize("status", [302, 400, 404, 409, 429, 500, 503])
    def test_anything_else_is_retried(self, queue, create_task, receiver, stand_in, status):
        receiver.answers.append((status, {"Location": "/elsewhere"}))
        create_task()

        assert [request.path for request in receiver.wait_for(2)] == ["/work", "/work"]
        assert stand_in.wait_idle(20)
        assert [attempt.outcome.status_code for attempt in stand_in.attempts] == [status, 204]

    def test_retries_say_what_happened_before(self, queue, create_task, receiver):
        receiver.answers.extend([(404, {}), (503, {}), (204, {})])
        create_task()

        _, second, third = (request.headers for request in receiver.wait_for(3))
        assert second["x-cloudtasks-taskretrycount"] == "1"
        assert second["x-cloudtasks-taskexecutioncount"] == "1"
        assert second["x-cloudtasks-taskpreviousresponse"] == "404"
        assert second["x-cloudtasks-taskretryreason"] == "NOT_FOUND"
        assert third["x-cloudtasks-taskretrycount"] == "2"
        assert third["x-cloudtasks-taskexecutioncount"] == "1", "a 5xx is not an execution"
        assert third["x-cloudtasks-taskpreviousresponse"] == "503"

    def test_no_answer_is_retried(self, queue, create_task, stand_in):
        with socket.create_server(("127.0.0.1", 0)) as server:
            hanging_up = threading.Thread(target=lambda: server.accept()[0].close())
            hanging_up.start()
            create_task(url=f"http://127.0.0.1:{server.getsockname()[1]}/")
            hanging_up.join()
        # The port is closed now, so that further attempts are refused.
        until(lambda: len(stand_in.attempts) > 1)

        first = stand_in.attempts[0]
        assert first.outcome.status_code is None
        assert first.outcome.error.startswith("no answer")
        (task,) = stand_in.pending(QUEUE)
        assert task.response_count == 0

    def test_the_task_tells_its_attempts(self, create_queue, create_task, client, receiver, clock):
        create_queue(min_backoff=timedelta(hours=1), max_backoff=timedelta(hours=1))
        receiver.answers.append((503, {}))
        name = create_task().name
        until(lambda: client.get_task(name=name).response_count == 1)

        task = client.get_task(name=name)

        assert task.dispatch_count == 1
        assert task.first_attempt.dispatch_time == task.last_attempt.dispatch_time
        assert task.last_attempt.response_time >= task.last_attempt.dispatch_time
        assert task.last_attempt.response_status.message == "UNAVAILABLE(14): HTTP status code 503"
        assert task.last_attempt.response_status.code == 14
        assert task.schedule_time > task.last_attempt.response_time + timedelta(minutes=59)

    def test_an_attempt_in_flight_has_no_response(self, queue, create_task, client, receiver):
        receiver.gate.clear()
        name = create_task().name
        receiver.wait_for(1)

        task = client.get_task(name=name)

        assert (task.dispatch_count, task.response_count) == (1, 0)
        assert task.last_attempt.dispatch_time is not None
        assert task.last_attempt.response_time is None

    def test_a_retry_in_flight_has_no_response_either(
        self, create_queue, create_task, client, receiver, clock
    ):
        create_queue(min_backoff=timedelta(hours=1), max_backoff=timedelta(hours=1))
        receiver.answers.append((500, {}))
        name = create_task().name
        until(lambda: client.get_task(name=name).response_count == 1)
        receiver.gate.clear()
        clock.advance(3601)
        receiver.wait_for(2)

        task = client.get_task(name=name)

        assert (task.dispatch_count, task.response_count) == (2, 1)
        assert task.last_attempt.response_time is None


class TestDispatchDeadline:
    def test_an_answer_that_is_late_is_cut_and_retried(
        self, queue, create_task, receiver, clock, stand_in
    ):
        receiver.gate.clear()
        create_task(dispatch_deadline=timedelta(seconds=15))
        receiver.wait_for(1)

        clock.advance(16)

        assert receiver.wait_for(2)[1].headers["x-cloudtasks-taskretryreason"] == (
            "DEADLINE_EXCEEDED"
        )
        receiver.gate.set()
        assert stand_in.wait_idle(20)
        assert [attempt.outcome.status_code for attempt in stand_in.attempts] == [None, 204]

    def test_it_bounds_the_whole_answer_and_not_each_byte(
        self, queue, create_task, clock, stand_in
    ):
        with socket.create_server(("127.0.0.1", 0)) as server:
            has_begun, is_over = threading.Event(), threading.Event()

            def drip():
                connection, _ = server.accept()
                with connection:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    while not is_over.wait(0.01):
                        try:
                            connection.sendall(b"1\r\nx\r\n")
                        except OSError:
                            return
                        has_begun.set()

            dripping = threading.Thread(target=drip)
            dripping.start()
            create_task(url=f"http://127.0.0.1:{server.getsockname()[1]}/")
            assert has_begun.wait(20)
            assert stand_in.attempts == []

            clock.advance(601)

            until(lambda: stand_in.attempts)
            is_over.set()
            dripping.join()
        outcome = stand_in.attempts[0].outcome
        assert outcome.status_code is None
        assert str(outcome).startswith("DEADLINE_EXCEEDED(4): no complete answer")

    def test_before_the_deadline_nothing_is_cut(
        self, queue, create_task, receiver, clock, stand_in
    ):
        receiver.gate.clear()
        create_task()
        receiver.wait_for(1)

        clock.advance(590)
        # Another task's life shows that the watcher has looked.
        create_task(queue=stand_in.create_queue(tasks_v2.Queue(name=f"{LOCATION}/queues/r")).name)
        receiver.wait_for(2)

        assert stand_in.attempts == []
