"""Random sequences of changes, deliveries, faults and deaths, in one process, against a model."""

import os

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync_calendar.stateful.machine import Machine


def test_whatever_happens_nothing_is_lost_and_nothing_doubled() -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=180,
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=os.environ.get("CI") == "true",
            suppress_health_check=list(HealthCheck),
        ),
    )
