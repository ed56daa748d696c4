"""Random sequences of requests by several callers, each answer foretold by a model of the API."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.api.contract import Contract
from tests.api.stateful.machine import Machine


# A failure is made shorter for five minutes at most; without Phase.explain that suffices.
@pytest.mark.timeout(400)
def test_whatever_callers_ask_for_in_whatever_order_each_answer_is_foretold(
    contract: Contract,
) -> None:
    class MachineOfContract(Machine):
        def __init__(self) -> None:
            super().__init__(contract)

    run_state_machine_as_test(
        MachineOfContract,
        settings=settings(
            max_examples=80,
            stateful_step_count=35,
            deadline=None,
            database=None,
            phases=[phase for phase in Phase if phase is not Phase.explain],
            derandomize=os.environ.get("CI") == "true",
            suppress_health_check=list(HealthCheck),
        ),
    )
