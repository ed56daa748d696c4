"""CreateTask, GetTask, ListTasks, DeleteTask and RunTask through the production client."""

from datetime import UTC, datetime, timedelta

import pytest
from google.api_core import exceptions
from google.cloud import tasks_v2

from tests.local_cloud_tasks.conftest import LOCATION, QUEUE
from tests.local_cloud_tasks.receiver import until


def from_now(clock, **span):
    return datetime.fromtimestamp(clock(), UTC) + timedelta(**span)


class TestCreateTask:
    def test_the_answer_is_the_stored_task_without_its_body(self, queue, create_task, receiver):
        task = create_task("one", body=b"secret")

        assert task.name == f"{QUEUE}/tasks/one"
        assert task.http_request.url == f"{receiver.url}/work"
        assert task.http_request.http_method == tasks_v2.HttpMethod.POST
        assert task.http_request.body == b""
        assert task.dispatch_deadline == timedelta(minutes=10)
        assert task.view == tasks_v2.Task.View.BASIC

    def test_a_task_without_a_name_gets_one_of_its_own(self, queue, create_task):
        names = {create_task().name for _ in range(5)}

        assert len(names) == 5
        assert all(name.startswith(f"{QUEUE}/tasks/") for name in names)

    def test_a_schedule_time_in_the_past_becomes_now(self, queue, create_task, clock):
        before = from_now(clock)

        task = create_task(schedule_time=from_now(clock, days=-1))

        assert task.schedule_time >= before - timedelta(microseconds=1)

    def test_an_unknown_queue_is_not_found(self, create_task):
        with pytest.raises(exceptions.NotFound, match="Queue does not exist"):
            create_task()

    @pytest.mark.parametrize("task_id", ["a/b", "ä", "a" * 501, "a b", "a\n"])
    def test_a_malformed_name_is_refused(self, queue, create_task, task_id):
        with pytest.raises(exceptions.InvalidArgument, match="Task name must be formatted"):
            create_task(task_id)

    def test_a_name_in_another_queue_is_refused(self, queue, client, receiver):
        task = {"name": f"{QUEUE}2/tasks/a", "http_request": {"url": receiver.url}}

        with pytest.raises(exceptions.InvalidArgument, match="must be the same"):
            client.create_task(parent=QUEUE, task=task)

    def test_a_malformed_parent_is_refused(self, client):
        with pytest.raises(exceptions.InvalidArgument, match="Queue name must be formatted"):
            client.create_task(parent="projects/p/queues/q", task={})

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "ftp://host/",
            "http://",
            "http:///path",
            "localhost:80/x",
            "http://host:99999/",
            "http://user@host/",
            "http://" + "h" * 2083,
            "http://host/" + "ä" * 400,
        ],
    )
    def test_a_malformed_url_is_refused(self, queue, create_task, url):
        with pytest.raises(exceptions.InvalidArgument, match=r"HttpRequest\.url"):
            create_task(url=url)

    def test_more_than_30_days_ahead_is_refused(self, queue, create_task, clock):
        create_task(schedule_time=from_now(clock, days=30, minutes=-1))
        with pytest.raises(exceptions.InvalidArgument, match="30 days"):
            create_task(schedule_time=from_now(clock, days=30, minutes=1))

    @pytest.mark.parametrize("seconds", [0, 14.9, 1800.1])
    def test_a_dispatch_deadline_out_of_bounds_is_refused(self, queue, create_task, seconds):
        with pytest.raises(exceptions.InvalidArgument, match="dispatch_deadline"):
            create_task(dispatch_deadline=timedelta(seconds=seconds))

    @pytest.mark.parametrize("seconds", [15, 1800])
    def test_a_dispatch_deadline_at_the_bounds_is_taken(self, queue, create_task, seconds):
        task = create_task(dispatch_deadline=timedelta(seconds=seconds))

        assert task.dispatch_deadline == timedelta(seconds=seconds)

    def test_a_task_above_a_megabyte_is_refused(self, queue, create_task):
        create_task(body=b"x" * 1_000_000)
        with pytest.raises(exceptions.InvalidArgument, match="too large"):
            create_task(body=b"x" * 1_048_577)

    def test_a_body_needs_a_method_that_has_one(self, queue, create_task):
        with pytest.raises(exceptions.InvalidArgument, match="POST, PUT or PATCH"):
            create_task(http_method="GET", body=b"x")

    @pytest.mark.parametrize("headers", [{"A": "b\r\nX: y"}, {"A b": "c"}, {"": "c"}])
    def test_a_header_that_cannot_be_sent_is_refused(self, queue, create_task, headers):
        with pytest.raises(exceptions.InvalidArgument, match="invalid header"):
            create_task(headers=headers)

    def test_headers_above_80_kb_are_refused(self, queue, create_task):
        with pytest.raises(exceptions.InvalidArgument, match="headers must be at most"):
            create_task(headers={"A": "x" * 82_000})

    def test_a_task_needs_a_target(self, queue, client):
        with pytest.raises(exceptions.InvalidArgument, match="http_request is required"):
            client.create_task(parent=QUEUE, task={})

    def test_app_engine_is_unimplemented(self, queue, client):
        task = {"app_engine_http_request": {"relative_uri": "/x"}}

        with pytest.raises(exceptions.MethodNotImplemented, match="no App Engine"):
            client.create_task(parent=QUEUE, task=task)

    def test_oauth_tokens_are_unimplemented(self, queue, client, receiver):
        oauth_token = {"service_account_email": "a@b"}
        task = {"http_request": {"url": receiver.url, "oauth_token": oauth_token}}

        with pytest.raises(exceptions.MethodNotImplemented, match="OAuth"):
            client.create_task(parent=QUEUE, task=task)


class TestNames:
    def test_a_waiting_task_holds_its_name(self, queue, create_task, clock):
        create_task("one", schedule_time=from_now(clock, hours=1))
        with pytest.raises(exceptions.AlreadyExists):
            create_task("one")

    def test_an_executed_task_holds_its_name_for_a_day(self, queue, create_task, clock, stand_in):
        create_task("one")
        assert stand_in.wait_idle(20)

        clock.advance(86_000)
        with pytest.raises(exceptions.AlreadyExists, match="too recently"):
            create_task("one")
        clock.advance(500)
        create_task("one")

    def test_a_deleted_task_holds_its_name(self, queue, create_task, client, clock):
        task = create_task("one", schedule_time=from_now(clock, hours=1))
        client.delete_task(name=task.name)

        with pytest.raises(exceptions.AlreadyExists, match="too recently"):
            create_task("one")

    def test_a_purged_task_holds_its_name(self, queue, create_task, client, clock):
        create_task("one", schedule_time=from_now(clock, hours=1))
        client.purge_queue(name=QUEUE)

        with pytest.raises(exceptions.AlreadyExists, match="too recently"):
            create_task("one")

    def test_queues_do_not_share_names(self, queue, create_queue, create_task):
        other = create_queue(f"{LOCATION}/queues/other").name

        create_task("one")
        create_task("one", queue=other)


class TestGetAndDelete:
    def test_the_full_view_has_the_body(self, queue, create_task, client, clock):
        name = create_task(body=b"secret", schedule_time=from_now(clock, hours=1)).name

        full = client.get_task({"name": name, "response_view": "FULL"})

        assert full.http_request.body == b"secret"
        assert client.get_task(name=name).http_request.body == b""

    def test_an_unknown_task_is_not_found(self, queue, client):
        for rpc in (client.get_task, client.delete_task, client.run_task):
            with pytest.raises(exceptions.NotFound, match="not found"):
                rpc(name=f"{QUEUE}/tasks/none")

    def test_an_executed_task_is_not_found_and_says_why(self, queue, create_task, client, stand_in):
        name = create_task().name
        assert stand_in.wait_idle(20)

        for rpc in (client.get_task, client.delete_task, client.run_task):
            with pytest.raises(exceptions.NotFound, match="existed recently"):
                rpc(name=name)

    def test_a_deleted_task_is_never_sent(self, queue, create_task, client, clock, receiver):
        name = create_task("gone", schedule_time=from_now(clock, hours=1)).name
        create_task("kept", schedule_time=from_now(clock, hours=1))
        client.delete_task(name=name)

        clock.advance(3601)

        receiver.wait_for(1)
        assert [request.task_id for request in receiver.requests] == ["kept"]

    def test_a_task_deleted_in_flight_is_not_retried(
        self, queue, create_task, client, receiver, stand_in
    ):
        receiver.gate.clear()
        receiver.answers.append((500, {}))
        name = create_task().name
        receiver.wait_for(1)
        client.delete_task(name=name)
        receiver.gate.set()

        until(lambda: len(stand_in.attempts) == 1)
        assert stand_in.pending(QUEUE) == []
        assert stand_in.wait_idle(20)
        assert len(receiver.requests) == 1


class TestListTasks:
    def test_pages_hold_every_task_once(self, queue, create_task, client, clock):
        later = from_now(clock, hours=1)
        names = {create_task(schedule_time=later).name for _ in range(7)}

        pages = list(client.list_tasks({"parent": QUEUE, "page_size": 3}).pages)

        assert [len(page.tasks) for page in pages] == [3, 3, 1]
        assert {task.name for page in pages for task in page.tasks} == names

    def test_a_full_last_page_has_no_token(self, queue, create_task, client, clock):
        for _ in range(4):
            create_task(schedule_time=from_now(clock, hours=1))

        pages = list(client.list_tasks({"parent": QUEUE, "page_size": 2}).pages)

        assert [len(page.tasks) for page in pages] == [2, 2]

    def test_an_unknown_queue_is_not_found(self, client):
        with pytest.raises(exceptions.NotFound):
            client.list_tasks(parent=QUEUE)

    def test_a_negative_page_size_is_refused(self, queue, client):
        with pytest.raises(exceptions.InvalidArgument, match="page_size"):
            client.list_tasks({"parent": QUEUE, "page_size": -1})


class TestRunTask:
    def test_it_runs_before_its_time_and_in_a_paused_queue(
        self, queue, create_task, client, clock, receiver, stand_in
    ):
        client.pause_queue(name=QUEUE)
        name = create_task(schedule_time=from_now(clock, hours=1)).name

        task = client.run_task(name=name)

        assert task.dispatch_count == 1
        receiver.wait_for(1)
        until(lambda: stand_in.pending(QUEUE) == [])

    def test_a_failure_reschedules_it_from_now(
        self, queue, create_task, client, clock, receiver, stand_in
    ):
        receiver.answers.append((500, {}))
        name = create_task(schedule_time=from_now(clock, hours=1)).name

        client.run_task(name=name)

        assert len(receiver.wait_for(2)) == 2
        assert stand_in.wait_idle(20)
        assert stand_in.pending(QUEUE) == []


def test_other_rpcs_are_unimplemented_and_say_so(queue, client):
    with pytest.raises(exceptions.MethodNotImplemented, match="stand-in has no GetIamPolicy"):
        client.get_iam_policy({"resource": QUEUE})
