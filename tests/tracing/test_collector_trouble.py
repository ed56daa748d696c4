"""A function whose collector is away or ill: callers and the end of the process know nothing."""

import json
import secrets
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.cloud_tasks import CloudTasksStandIn
from tests.processes.asking import MEETINGS, Answer, ask
from tests.processes.paused_queue import paused_queue
from tests.processes.running import Function, free_port, self_hosted, wait_until
from tests.tracing.receiver import PATH, Receiver
from tests.values import a_request

SPAN_ID = "00f067aa0ba902b7"
WITHIN_SECONDS = 20.0


@pytest.fixture(scope="module")
def stand_in() -> Iterator[CloudTasksStandIn]:
    with paused_queue() as stand_in:
        yield stand_in


@pytest.fixture
def own_receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def api(stand_in: CloudTasksStandIn, endpoint: str, log: Path) -> Function:
    variables = self_hosted(
        CLOUD_TASKS_EMULATOR_HOST=stand_in.address, OTLP_TRACES_ENDPOINT=endpoint
    )
    return Function("api", variables, log)


def post(function: Function, trace_id: str) -> Answer:
    body = a_request(external_reference=trace_id)
    headers = {"traceparent": f"00-{trace_id}-{SPAN_ID}-01", "Prefer": "respond-async"}
    return ask(function.url, "POST", MEETINGS, body, headers)


def lines(function: Function, message: str) -> list[dict[str, object]]:
    logged = [json.loads(line) for line in function.output.splitlines() if line.startswith("{")]
    return [line for line in logged if line["message"] == message]


def ends(function: Function) -> bool:
    """Whether it does so in time and leaves nothing behind."""
    function.signal(signal.SIGTERM)
    return function.wait() == 0 and function.leaves_nothing()


def test_what_was_not_sent_yet_is_sent_at_the_end(
    stand_in: CloudTasksStandIn, own_receiver: Receiver, tmp_path: Path
) -> None:
    trace_id = secrets.token_hex(16)
    with api(stand_in, own_receiver.url, tmp_path / "log") as function:
        function.start()
        assert post(function, trace_id).status == 202

        assert ends(function)

    assert {span.name for span in own_receiver.of(trace_id)} == {f"POST {MEETINGS}", "CreateTask"}


@pytest.mark.parametrize("status", [None, 400])
def test_a_collector_that_is_away_or_refuses(
    stand_in: CloudTasksStandIn, own_receiver: Receiver, tmp_path: Path, status: int | None
) -> None:
    own_receiver.status = status or 200
    endpoint = own_receiver.url if status else f"http://127.0.0.1:{free_port()}{PATH}"
    with api(stand_in, endpoint, tmp_path / "log") as function:
        function.start()

        assert post(function, secrets.token_hex(16)).status == 202

        wait_until(lambda: bool(lines(function, "spans not sent")), WITHIN_SECONDS, "it is said")
        assert post(function, secrets.token_hex(16)).status == 202
        assert ends(function)
        loggers = {json.loads(line)["logger"] for line in function.output.splitlines()}
        assert {name for name in loggers if not name.startswith(("functions.", "infra."))} == set()
        assert function.errors.count("Traceback") == 0


def test_a_collector_that_never_answers(
    stand_in: CloudTasksStandIn, own_receiver: Receiver, tmp_path: Path
) -> None:
    own_receiver.holding.set()
    with api(stand_in, own_receiver.url, tmp_path / "log") as function:
        function.start()

        for _ in range(20):
            assert post(function, secrets.token_hex(16)).status == 202

        wait_until(lambda: bool(own_receiver.requests), WITHIN_SECONDS, "it is being sent")
        assert post(function, secrets.token_hex(16)).status == 202
        assert ends(function)
