"""The RPCs on queues through the production client."""

from datetime import timedelta

import pytest
from google.api_core import exceptions
from google.cloud import tasks_v2

from tests.local_cloud_tasks.conftest import LOCATION, QUEUE
from tests.local_cloud_tasks.receiver import until

State = tasks_v2.Queue.State


class TestCreateQueue:
    def test_what_is_not_set_is_as_google_picks_it(self, client):
        queue = client.create_queue(parent=LOCATION, queue={"name": QUEUE})

        assert queue.state == State.RUNNING
        assert queue.rate_limits.max_dispatches_per_second == 500
        assert queue.rate_limits.max_burst_size == 100
        assert queue.rate_limits.max_concurrent_dispatches == 1000
        assert queue.retry_config.max_attempts == 100
        assert queue.retry_config.max_retry_duration == timedelta(0)
        assert queue.retry_config.min_backoff == timedelta(milliseconds=100)
        assert queue.retry_config.max_backoff == timedelta(hours=1)
        assert queue.retry_config.max_doublings == 16

    def test_what_is_set_holds(self, create_queue, client):
        create_queue(rate_limits={"max_dispatches_per_second": 7}, max_attempts=-1)

        queue = client.get_queue(name=QUEUE)

        assert queue.rate_limits.max_dispatches_per_second == 7
        assert queue.rate_limits.max_burst_size == 10
        assert queue.retry_config.max_attempts == -1

    def test_a_taken_name_exists_already(self, queue, create_queue):
        with pytest.raises(exceptions.AlreadyExists):
            create_queue()

    def test_a_deleted_name_is_free_after_seven_days(self, queue, create_queue, client, clock):
        client.delete_queue(name=QUEUE)

        with pytest.raises(exceptions.FailedPrecondition, match="too recently"):
            create_queue()
        clock.advance(7 * 86400 + 1)
        create_queue()

    @pytest.mark.parametrize("name", [f"{LOCATION}/queues/a_b", f"{LOCATION}/queues/", "q"])
    def test_a_malformed_name_is_refused(self, client, name):
        with pytest.raises(exceptions.InvalidArgument, match="Queue name must be formatted"):
            client.create_queue(parent=LOCATION, queue={"name": name})

    def test_a_queue_of_another_location_is_refused(self, client):
        with pytest.raises(exceptions.InvalidArgument, match="is not in location"):
            client.create_queue(parent="projects/p/locations/m", queue={"name": QUEUE})

    @pytest.mark.parametrize(
        "settings",
        [
            {"rate_limits": {"max_dispatches_per_second": 501}},
            {"rate_limits": {"max_dispatches_per_second": -1}},
            {"rate_limits": {"max_concurrent_dispatches": 5001}},
            {"retry_config": {"max_attempts": -2}},
            {"retry_config": {"max_doublings": -1}},
            {"retry_config": {"min_backoff": timedelta(hours=2)}},
        ],
    )
    def test_settings_out_of_bounds_are_refused(self, client, settings):
        with pytest.raises(exceptions.InvalidArgument):
            client.create_queue(parent=LOCATION, queue={"name": QUEUE} | settings)

    def test_a_target_for_the_whole_queue_is_unimplemented(self, client):
        queue = {"name": QUEUE, "http_target": {"http_method": "GET"}}

        with pytest.raises(exceptions.MethodNotImplemented, match="http_target"):
            client.create_queue(parent=LOCATION, queue=queue)


class TestUpdateQueue:
    def test_the_mask_keeps_the_other_settings(self, create_queue, client):
        create_queue(rate_limits={"max_dispatches_per_second": 7}, max_attempts=5)

        update = {"name": QUEUE, "retry_config": {"max_attempts": 9}}
        mask = {"paths": ["retry_config.max_attempts"]}
        queue = client.update_queue(queue=update, update_mask=mask)

        assert queue.retry_config.max_attempts == 9
        assert queue.retry_config.min_backoff == timedelta(milliseconds=2)
        assert queue.rate_limits.max_dispatches_per_second == 7

    def test_without_a_mask_everything_is_replaced(self, create_queue, client):
        create_queue(max_attempts=5)
        client.pause_queue(name=QUEUE)

        queue = client.update_queue(queue={"name": QUEUE})

        assert queue.retry_config.max_attempts == 100
        assert queue.state == State.PAUSED

    def test_it_creates_what_is_not_there(self, client):
        client.update_queue(queue={"name": QUEUE})

        assert client.get_queue(name=QUEUE).name == QUEUE

    def test_an_unknown_field_in_the_mask_is_refused(self, queue, client):
        with pytest.raises(exceptions.InvalidArgument, match="update_mask"):
            client.update_queue(queue={"name": QUEUE}, update_mask={"paths": ["nonsense"]})


class TestListQueues:
    def test_pages_hold_every_queue_of_the_location_once(self, create_queue, client):
        names = {create_queue(f"{LOCATION}/queues/q{number}").name for number in range(5)}
        create_queue_elsewhere = {"name": "projects/p/locations/m/queues/q"}
        client.create_queue(parent="projects/p/locations/m", queue=create_queue_elsewhere)

        pages = list(client.list_queues({"parent": LOCATION, "page_size": 2}).pages)

        assert [len(page.queues) for page in pages] == [2, 2, 1]
        assert {queue.name for page in pages for queue in page.queues} == names


class TestDeleteQueue:
    def test_its_tasks_are_never_sent(self, queue, create_task, client, stand_in, receiver):
        client.pause_queue(name=QUEUE)
        create_task()

        client.delete_queue(name=QUEUE)

        assert stand_in.wait_idle(20)
        assert receiver.requests == []

    def test_what_asks_for_it_is_told_that_it_existed(self, queue, create_task, client):
        client.delete_queue(name=QUEUE)

        with pytest.raises(exceptions.FailedPrecondition, match="existed recently"):
            create_task()
        with pytest.raises(exceptions.FailedPrecondition, match="existed recently"):
            client.get_queue(name=QUEUE)

    def test_an_unknown_queue_is_not_found(self, client):
        rpcs = (
            client.get_queue,
            client.delete_queue,
            client.purge_queue,
            client.pause_queue,
            client.resume_queue,
        )
        for rpc in rpcs:
            with pytest.raises(exceptions.NotFound):
                rpc(name=QUEUE)


class TestPurgeQueue:
    def test_it_deletes_all_tasks_and_says_when(self, queue, create_task, client, stand_in):
        client.pause_queue(name=QUEUE)
        create_task()
        create_task()

        purged = client.purge_queue(name=QUEUE)

        assert purged.purge_time is not None
        assert stand_in.pending(QUEUE) == []


class TestPause:
    def test_nothing_is_sent_until_it_is_resumed(
        self, queue, create_queue, create_task, client, receiver
    ):
        paused = create_queue(f"{LOCATION}/queues/paused").name
        assert client.pause_queue(name=paused).state == State.PAUSED
        create_task("held", queue=paused)
        create_task("sent")
        receiver.wait_for(1)

        until(lambda: list(client.list_tasks(parent=QUEUE)) == [])
        assert [request.task_id for request in receiver.requests] == ["sent"]

        assert client.resume_queue(name=paused).state == State.RUNNING
        assert receiver.wait_for(2)[1].task_id == "held"
