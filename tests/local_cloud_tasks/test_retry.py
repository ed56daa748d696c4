"""Back-off, limits and Retry-After: the arithmetic, and a little of it in real time."""

import math
from dataclasses import replace
from datetime import timedelta
from email.utils import formatdate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.cloud_tasks.retry import RetryLimits, retry_after_seconds
from tests.local_cloud_tasks.conftest import QUEUE
from tests.local_cloud_tasks.receiver import until

GOOGLES_EXAMPLE = RetryLimits(
    max_attempts=100,
    max_retry_duration_seconds=0,
    min_backoff_seconds=10,
    max_backoff_seconds=300,
    max_doublings=3,
)

some_limits = st.builds(
    RetryLimits,
    max_attempts=st.integers(1, 1000) | st.just(-1),
    max_retry_duration_seconds=st.floats(0, 1e6),
    min_backoff_seconds=st.floats(0.001, 100),
    max_backoff_seconds=st.floats(100, 10_000),
    max_doublings=st.integers(0, 2**31 - 1),
)

unhurried = settings(deadline=None, database=None)
"""A busy machine may take its time over an example."""


class TestBackoff:
    def test_it_is_googles_example(self):
        pauses = [GOOGLES_EXAMPLE.backoff_seconds(retry) for retry in range(1, 10)]

        assert pauses == [10, 20, 40, 80, 160, 240, 300, 300, 300]

    def test_without_doublings_it_grows_linearly(self):
        limits = replace(GOOGLES_EXAMPLE, max_doublings=0)

        assert [limits.backoff_seconds(retry) for retry in range(1, 5)] == [10, 20, 30, 40]

    @unhurried
    @given(some_limits, st.integers(1, 100_000))
    def test_it_never_shrinks_and_stays_within_its_bounds(self, limits, retry):
        pause = limits.backoff_seconds(retry)

        assert limits.min_backoff_seconds <= pause <= limits.max_backoff_seconds
        assert limits.backoff_seconds(retry + 1) >= pause

    @unhurried
    @given(some_limits, st.integers(1, 60))
    def test_it_doubles_and_then_adds_the_last_interval(self, limits, retry):
        limits = replace(limits, max_backoff_seconds=math.inf)
        before, after = limits.backoff_seconds(retry), limits.backoff_seconds(retry + 1)

        if retry <= limits.max_doublings:
            assert after == 2 * before
        else:
            step = limits.min_backoff_seconds * 2.0**limits.max_doublings
            assert after - before == pytest.approx(step)


class TestExhaustion:
    @pytest.mark.parametrize(
        ("max_attempts", "max_retry_duration_seconds", "attempts", "elapsed_seconds", "is_over"),
        [
            (3, 0, 2, 1e9, False),
            (3, 0, 3, 0, True),
            (3, 60, 3, 59, False),
            (3, 60, 2, 61, False),
            (3, 60, 3, 60, True),
            (3, 60, 9, 61, True),
            (-1, 0, 10**6, 1e9, False),
            (-1, 60, 10**6, 59, False),
            (-1, 60, 1, 60, True),
        ],
    )
    def test_every_limit_that_is_set_must_be_reached(
        self, max_attempts, max_retry_duration_seconds, attempts, elapsed_seconds, is_over
    ):
        limits = replace(
            GOOGLES_EXAMPLE,
            max_attempts=max_attempts,
            max_retry_duration_seconds=max_retry_duration_seconds,
        )

        assert limits.are_exhausted(attempts, elapsed_seconds) is is_over

    @unhurried
    @given(some_limits, st.integers(1, 2000), st.floats(0, 2e6))
    def test_more_attempts_or_time_never_bring_a_task_back(self, limits, attempts, elapsed_seconds):
        if limits.are_exhausted(attempts, elapsed_seconds):
            assert limits.are_exhausted(attempts + 1, elapsed_seconds)
            assert limits.are_exhausted(attempts, elapsed_seconds * 2)

    def test_a_task_is_given_up_after_max_attempts(
        self, create_queue, create_task, receiver, stand_in, caplog
    ):
        create_queue(max_attempts=3)
        receiver.answers.extend([(500, {})] * 5)

        create_task("hopeless")

        assert stand_in.wait_idle(20)
        assert len(receiver.requests) == 3
        assert stand_in.pending(QUEUE) == []
        assert "gave up and deleted" in caplog.text
        assert "tasks/hopeless after 3 attempts: INTERNAL(13)" in caplog.text

    def test_a_task_is_not_given_up_before_max_retry_duration(
        self, create_queue, create_task, receiver, stand_in, clock
    ):
        create_queue(max_attempts=1, max_retry_duration=timedelta(hours=1))
        receiver.answers.extend([(500, {})] * 1000)
        create_task()
        receiver.wait_for(4)

        clock.advance(3601)

        assert stand_in.wait_idle(20)
        assert stand_in.pending(QUEUE) == []

    def test_a_tasks_own_retry_config_overrides_the_queues(
        self, create_queue, create_task, receiver, stand_in
    ):
        create_queue(max_attempts=1)
        receiver.answers.extend([(500, {})] * 5)
        quick = {"min_backoff": timedelta(milliseconds=1), "max_backoff": timedelta(seconds=1)}

        create_task(retry_config={"max_attempts": 2} | quick)

        assert stand_in.wait_idle(20)
        assert len(receiver.requests) == 2


class TestRetryAfter:
    NOW = 1_700_000_000.0

    @pytest.mark.parametrize(
        ("status", "header", "seconds"),
        [
            (429, "120", 120),
            (503, " 7 ", 7),
            (503, formatdate(NOW + 90, usegmt=True), 90),
            (503, formatdate(NOW + 90), 90),
            (503, formatdate(NOW - 90, usegmt=True), 0),
            (503, "soon", 0),
            (503, "-5", 0),
            (503, "", 0),
            (503, None, 0),
            (500, "120", 0),
            (None, None, 0),
            (503, "9" * 400, 30 * 86400),
        ],
    )
    def test_both_forms_are_read_on_429_and_503(self, status, header, seconds):
        assert retry_after_seconds(status, header, self.NOW) == seconds

    @unhurried
    @given(st.text())
    def test_no_header_is_too_strange(self, header):
        assert 0 <= retry_after_seconds(503, header, self.NOW) <= 30 * 86400

    def test_it_postpones_the_next_attempt(self, queue, create_task, receiver, stand_in, clock):
        receiver.answers.append((429, {"Retry-After": "3600"}))
        create_task()
        until(lambda: stand_in.attempts)

        (task,) = stand_in.pending(QUEUE)
        assert task.schedule_time.timestamp() > clock() + 3500

        clock.advance(3601)
        receiver.wait_for(2)


def test_pauses_are_kept_in_real_time(create_queue, create_task, receiver, stand_in):
    create_queue(min_backoff=timedelta(milliseconds=20), max_backoff=timedelta(seconds=1))
    receiver.answers.extend([(500, {})] * 3)

    create_task()

    assert stand_in.wait_idle(20)
    first, second, third, fourth = stand_in.attempts
    for before, after, pause in [
        (first, second, 0.02),
        (second, third, 0.04),
        (third, fourth, 0.08),
    ]:
        assert after.dispatched_at - before.ended_at >= pause - 0.001
