"""Rate and concurrency of a queue."""

from google.cloud import tasks_v2
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.cloud_tasks.token_bucket import TokenBucket
from tests.local_cloud_tasks.conftest import LOCATION, QUEUE

unhurried = settings(deadline=None, database=None)
"""A busy machine may take its time over an example."""


class TestTokenBucket:
    @unhurried
    @given(
        rate_per_second=st.floats(0.01, 500),
        burst=st.integers(1, 100),
        waits=st.lists(st.floats(0, 10), min_size=1, max_size=200),
    )
    def test_no_span_of_time_sees_more_than_burst_and_rate_allow(
        self, rate_per_second, burst, waits
    ):
        bucket = TokenBucket(rate_per_second, burst, now=1000.0)
        now = 1000.0
        taken: list[float] = []
        for wait in waits:
            now += wait
            if bucket.ready_at(now) <= now:
                bucket.take(now)
                taken.append(now)

        for first, start in enumerate(taken):
            for last in range(first, len(taken)):
                allowed = burst + (taken[last] - start) * rate_per_second
                assert last - first + 1 <= allowed + 1e-3

    @unhurried
    @given(rate_per_second=st.floats(0.01, 500), burst=st.integers(1, 100))
    def test_the_burst_is_there_at_once_and_the_next_when_promised(self, rate_per_second, burst):
        bucket = TokenBucket(rate_per_second, burst, now=0.0)
        for _ in range(burst):
            assert bucket.ready_at(0.0) == 0.0
            bucket.take(0.0)

        ready_at = bucket.ready_at(0.0)

        assert ready_at > 0
        assert bucket.ready_at(ready_at / 2) > ready_at / 2
        assert bucket.ready_at(ready_at) == ready_at

    def test_a_clock_that_steps_back_takes_nothing_away(self):
        bucket = TokenBucket(rate_per_second=1, burst=2, now=100.0)
        bucket.take(100.0)

        assert bucket.ready_at(50.0) == 50.0


class TestRate:
    def test_a_queue_sends_its_burst_and_then_waits(
        self, create_queue, create_task, client, receiver, clock, stand_in
    ):
        create_queue(rate_limits={"max_dispatches_per_second": 0.01})
        for _ in range(12):
            create_task()
        receiver.wait_for(10)
        # Each call has the watcher look again.
        client.resume_queue(name=QUEUE)
        assert len(stand_in.pending(QUEUE)) >= 2

        clock.advance(101)
        receiver.wait_for(11)
        client.resume_queue(name=QUEUE)
        assert len(stand_in.pending(QUEUE)) >= 1

        clock.advance(100)
        receiver.wait_for(12)

    def test_one_queues_limit_does_not_hold_up_another(
        self, create_queue, create_task, client, receiver
    ):
        create_queue(rate_limits={"max_dispatches_per_second": 0.001})
        for _ in range(12):
            create_task()
        other = create_queue(f"{LOCATION}/queues/other").name
        create_task("other", queue=other)

        requests = receiver.wait_for(11)
        assert "other" in {request.task_id for request in requests}


class TestConcurrency:
    def test_no_more_are_in_flight_than_allowed(
        self, create_queue, create_task, receiver, stand_in
    ):
        create_queue(rate_limits={"max_concurrent_dispatches": 3})
        receiver.gate.clear()
        for _ in range(20):
            create_task()
        receiver.wait_for(3)
        assert sum(task.dispatch_count for task in stand_in.pending(QUEUE)) == 3

        receiver.gate.set()

        receiver.wait_for(20)
        assert stand_in.wait_idle(20)
        assert receiver.most_in_progress == 3

    def test_an_update_of_the_limit_holds_at_once(
        self, create_queue, create_task, client, receiver
    ):
        create_queue(rate_limits={"max_concurrent_dispatches": 1})
        receiver.gate.clear()
        for _ in range(4):
            create_task()
        receiver.wait_for(1)

        limits = tasks_v2.RateLimits(max_concurrent_dispatches=4)
        client.update_queue(
            queue={"name": QUEUE, "rate_limits": limits}, update_mask={"paths": ["rate_limits"]}
        )

        receiver.wait_for(4)


def test_hundreds_of_tasks_all_arrive_once(queue, create_task, receiver, stand_in):
    names = {create_task().name.rpartition("/")[2] for _ in range(400)}

    requests = receiver.wait_for(400)

    assert stand_in.wait_idle(20)
    assert sorted(request.task_id for request in requests) == sorted(names)
    assert len(receiver.requests) == 400
