"""What happens to meetings on the local stack is what its metrics show."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.monitoring.scraping import Metrics
from tests.processes.asking import MEETINGS, Answer, ask, post_meeting
from tests.processes.clock import advance, now
from tests.processes.local_stack import Stack
from tests.processes.running import wait_until

SEEN_WITHIN_SECONDS = 20.0


@pytest.fixture
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One whose sweeps come when the clock is moved, and that logs errors alone."""
    log = tmp_path_factory.mktemp("metrics") / "log"
    with Stack(log, "--sweep-every", "3600", variables={"LOG_LEVEL": "ERROR"}) as stack:
        stack.start()
        yield stack.url


def shown(url: str, holds: Callable[[Metrics], bool], what: str) -> Metrics:
    wait_until(lambda: holds(Metrics(url)), SEEN_WITHIN_SECONDS, what)
    return Metrics(url)


def post(url: str, reference: str, prefer: str = "wait=10", **changes: Any) -> Answer:
    return post_meeting(url, prefer, external_reference=reference, **changes)


def pass_time(url: str, delay: timedelta) -> None:
    assert advance(url, int(delay.total_seconds())).status == 200


class TestLinks:
    def test_one_that_comes_is_counted_and_timed_once(self, url: str) -> None:
        start = now(url) + timedelta(days=1)
        times = {
            "scheduled_start": start.isoformat(),
            "scheduled_end": (start + timedelta(minutes=30)).isoformat(),
        }
        assert post(url, "xoma_1", **times).status == 201
        assert post(url, "xoma_1", **times).status == 200

        metrics = Metrics(url)
        assert metrics.value("links_requested_total") == 1
        assert metrics.value("links_ready_total", in_time="yes") == 1
        assert metrics.value("time_to_link_seconds_count") == 1
        assert 0 < metrics.value("time_to_link_seconds_sum") < SEEN_WITHIN_SECONDS

    def test_a_change_is_not_another_link(self, url: str) -> None:
        meeting = post(url, "xoma_1").json
        ask(url, "PATCH", f"{MEETINGS}{meeting['id']}/", {"summary": "Renamed"})

        metrics = shown(
            url,
            lambda m: m.value("google_calls_total", method="events.patch", outcome="ok") == 1,
            "the change",
        )
        assert metrics.value("time_to_link_seconds_count") == 1

    def test_one_that_comes_late_is_not_in_time(self, url: str) -> None:
        meeting = post(url, "sim-fail-organizer_unusable-1").json
        shown(url, lambda m: m.value("meetings_failed_total", code="organizer_unusable") == 1, "it")
        pass_time(url, timedelta(seconds=11))
        ask(url, "PATCH", f"{MEETINGS}{meeting['id']}/", {"external_reference": "xoma_1"})

        metrics = shown(url, lambda m: m.value("links_ready_total", in_time="no") == 1, "the link")
        assert metrics.value("links_ready_total", in_time="yes") == 0
        assert metrics.value("links_requested_total") == 1
        assert metrics.value("time_to_link_seconds_bucket", le="10.0") == 0

    def test_those_that_wait_are_counted_by_the_sweep(self, url: str) -> None:
        post(url, "sim-link-never-1", "respond-async")
        post(url, "sim-link-never-2", "respond-async")
        post(url, "xoma_1")
        pass_time(url, timedelta(minutes=5))

        metrics = shown(url, lambda m: m.value("sweeps_total") == 1, "a sweep")
        assert metrics.value("links_waiting") == 2
        # A minute after the request they were due.
        assert 230 < metrics.value("oldest_due_seconds", kind="calendar") < 300
        assert metrics.value("oldest_due_seconds", kind="recording_sync") == 0


class TestGoogle:
    def test_calls_are_counted_by_outcome_and_timed(self, url: str) -> None:
        assert post(url, "sim-transient-2-1", "wait=20").status == 201

        metrics = Metrics(url)
        # The second try looks first for what the first may have made.
        for method in ("events.insert", "events.get"):
            failed = {"method": method, "outcome": "google_unavailable"}
            assert metrics.value("google_calls_total", **failed) == 1
        assert metrics.value("google_calls_total", method="events.get", outcome="ok") == 1
        assert metrics.value("google_call_seconds_count", method="events.get") == 2
        assert metrics.value("tasks_retried_total", function="sync_calendar") == 2

    def test_a_missing_delegation_shows_until_it_is_there(self, url: str) -> None:
        def is_delegated(state: int) -> Callable[[Metrics], bool]:
            calls = "google_calls_total"
            outcome = "ok" if state else "delegation_missing"
            return lambda m: m.value(calls, method="events.insert", outcome=outcome) > 0

        post(url, "sim-fail-delegation_missing-1")
        metrics = shown(url, is_delegated(0), "the refusal")
        assert metrics.labels["delegation_state"] == {"api"}
        assert metrics.value("delegation_state", api="calendar") == 0

        post(url, "xoma_1")
        metrics = shown(url, is_delegated(1), "the link")
        assert metrics.value("delegation_state", api="calendar") == 1


class TestRecordings:
    def test_what_came_of_a_meeting_is_counted_once_by_state(self, url: str) -> None:
        self._appointment(url, "sim-not-held-1")
        pass_time(url, timedelta(hours=3))
        shown(
            url,
            lambda m: m.value("recording_states_total", state="ABSENT", reason="never_held") == 1,
            "nobody came",
        )
        pass_time(url, timedelta(days=2))

        metrics = shown(url, lambda m: m.value("sweeps_total") == 2, "another sweep")
        assert metrics.value("recording_states_total", state="ABSENT", reason="never_held") == 1

    def test_records_that_vanish_soon_are_told(self, url: str) -> None:
        self._appointment(url, "sim-never-ready-1")
        pass_time(url, timedelta(minutes=5))
        pending = {"state": "PENDING", "reason": "still_processing"}
        metrics = shown(
            url, lambda m: m.value("recording_states_total", **pending) == 1, "the first look"
        )
        assert metrics.value("records_expiring_total") == 0
        pass_time(url, timedelta(days=26))

        shown(url, lambda m: m.value("records_expiring_total") == 1, "the warning")

    @staticmethod
    def _appointment(url: str, reference: str) -> None:
        start = now(url).replace(microsecond=0) + timedelta(seconds=2)
        times = {"scheduled_start": start, "scheduled_end": start + timedelta(seconds=10)}
        made = post(url, reference, **{name: at.isoformat() for name, at in times.items()})
        assert made.status == 201
