"""Each entry point alone, as the cloud runs it: functions-framework, gunicorn, the environment."""

import ast
import json
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from functions.models import new_id
from infra.local.cloud_tasks import CloudTasksStandIn
from tests.processes.asking import JSON, MEETINGS, Answer, Caller, ask, post_meeting
from tests.processes.paused_queue import QUEUE, paused_queue
from tests.processes.running import ROOT, Function, self_hosted, wait_until

PATHS = {"api": MEETINGS}
"""Where an entry point takes a body, if not at its root."""

READ_NO_BODY = {"sweep"}
BIG = b'{"summary": "' + b"x" * 300_000 + b'"}'


def entry_points() -> list[str]:
    """The functions that main.py hands to functions-framework, as it names them."""
    tree = ast.parse((ROOT / "main.py").read_text())
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(d).startswith("functions_framework.") for d in node.decorator_list)
    ]


@pytest.fixture(scope="module")
def stand_in() -> Iterator[CloudTasksStandIn]:
    with paused_queue() as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def environ(stand_in: CloudTasksStandIn) -> dict[str, str]:
    return self_hosted(CLOUD_TASKS_EMULATOR_HOST=stand_in.address)


@pytest.fixture(scope="module", params=entry_points())
def function(
    request: pytest.FixtureRequest,
    environ: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator["Target"]:
    log = tmp_path_factory.mktemp(request.param) / "log"
    with Function(request.param, environ, log) as function:
        function.start()
        yield Target(request.param, function.url)


class Target:
    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self.url = url
        self.path = PATHS.get(name, "/")
        self.reads_body = name not in READ_NO_BODY


def assert_problem(answer: Answer, status: int, code: str | None = None) -> None:
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["request_id"] == answer.headers["x-request-id"]
    if code is not None:
        assert answer.json["code"] == code


def assert_survives(caller: Caller) -> None:
    assert caller.is_open
    assert_problem(caller.ask("GET", "/no/such/path"), 404, "not_found")
    assert caller.is_open


@pytest.fixture
def caller(function: Target) -> Iterator[Caller]:
    """Its connection must still answer after whatever the test has sent."""
    with Caller(function.url) as caller:
        yield caller
        assert_survives(caller)


class TestAnEntryPointAlone:
    def test_answers_a_get(self, function: Target, caller: Caller) -> None:
        answer = caller.ask("GET", function.path)

        if function.name == "api":
            assert (answer.status, answer.json) == (200, {"results": [], "next": None})
        else:
            assert_problem(answer, 405, "method_not_allowed")
            assert "POST" in answer.headers["allow"]

    def test_answers_a_post_with_a_body(self, function: Target, caller: Caller) -> None:
        body = json.dumps({"meeting_id": new_id()}).encode()

        answer = caller.ask("POST", function.path, body, JSON)

        if function.name == "api":
            assert_problem(answer, 400, "invalid_request")
            assert {"pointer": "/meeting_id"}.items() <= answer.json["errors"][-1].items()
        else:
            assert answer.status == 200
            assert answer.headers["content-type"] == "application/json"

    @pytest.mark.parametrize("body", [b"{", b"", b"\xff\xfe", b"[" * 20_000, b'{"a": NaN}'])
    def test_says_what_is_wrong_with_bad_json(
        self, function: Target, caller: Caller, body: bytes
    ) -> None:
        answer = caller.ask("POST", function.path, body, JSON)

        if function.reads_body:
            assert_problem(answer, 400, "invalid_request")
            assert answer.json["errors"][0]["pointer"] == ""
        else:
            assert answer.status == 200

    @pytest.mark.parametrize(
        "body", [lambda: BIG, lambda: iter([BIG[:70_000], BIG[70_000:]])], ids=["length", "chunked"]
    )
    def test_takes_no_300_kb(self, function: Target, body: Callable[[], bytes]) -> None:
        with Caller(function.url) as caller:
            answer = caller.ask("POST", function.path, body(), JSON)

            if function.reads_body:
                assert_problem(answer, 413, "too_large")
            else:
                assert answer.status == 200
            assert_survives(caller)

    def test_knows_no_other_path(self, function: Target, caller: Caller) -> None:
        for path in ("/nowhere", f"{function.path}a/b/c", "/%ff/%00", "/../etc/passwd"):
            assert_problem(caller.ask("GET", path), 404)

    @pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "TRACE", "BREW"])
    def test_answers_other_methods(self, function: Target, caller: Caller, method: str) -> None:
        answer = caller.ask(method, function.path)

        if method == "OPTIONS":
            assert answer.status == 200
            assert "POST" in answer.headers["allow"]
        elif method == "HEAD":
            assert answer.status == (200 if function.name == "api" else 405)
            assert answer.body == b""
        else:
            assert_problem(answer, 405, "method_not_allowed")
            assert "POST" in answer.headers["allow"]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


class TestTheEnd:
    @pytest.mark.parametrize("target", entry_points())
    def test_sigterm_ends_it(self, target: str, environ: dict[str, str], log: Path) -> None:
        with Function(target, environ, log) as function:
            function.start()
            ask(function.url, "GET", "/")

            function.signal(signal.SIGTERM)

            assert function.wait() == 0
            assert function.leaves_nothing()

    def test_a_caller_who_waits_is_still_answered(
        self, environ: dict[str, str], stand_in: CloudTasksStandIn, log: Path
    ) -> None:
        with Function("api", environ, log) as api, ThreadPoolExecutor() as pool:
            api.start()
            waiting = pool.submit(post_meeting, api.url, "wait=3")
            wait_until(lambda: bool(stand_in.pending(QUEUE)), 20, "the task handed over")

            api.signal(signal.SIGTERM)

            answer = waiting.result()
            assert api.wait() == 0
            assert (answer.status, answer.json["meet_link"]) == (202, None)


class TestFaultySettings:
    def test_each_fault_is_named_and_nothing_starts(
        self, environ: dict[str, str], log: Path
    ) -> None:
        faulty = {
            "AUTH": "maybe",
            "THREADS": "x",
            "SYNC_CALENDAR_URL": "",
            "SYNC_RECORDING_URL": "",
            "STORE": "mysql",
        }

        with Function("api", {**environ, **faulty}, log) as function:
            function.launch()

            assert function.wait(20) != 0
            assert all(name in function.errors for name in faulty)
            assert "Traceback" not in function.errors

    def test_everybody_let_in_is_refused_where_google_is_seen(
        self, environ: dict[str, str], log: Path
    ) -> None:
        with Function("api", {**environ, "K_SERVICE": "api"}, log) as function:
            function.launch()

            assert function.wait(20) != 0
            assert "AUTH=off lets anybody in" in function.errors
