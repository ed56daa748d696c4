"""The smoke test of a deployment, on the local stack, and on a deployment that is broken."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.processes.asking import MEETINGS
from tests.processes.local_stack import Stack
from tests.processes.running import ROOT, environment
from tests.processes.tokens import SERVICE, ask_as, token_for

HEALTHY: dict[tuple[str, str], tuple[int, Any]] = {
    ("GET", "health/"): (200, {}),
    ("GET", "ready/"): (200, {}),
    ("GET", "meetings/"): (401, {}),
    ("POST", "meetings/"): (201, {"id": "a", "livemode": False, "meet_link": "x"}),
    ("DELETE", "meetings/a/"): (200, {"status": "CANCELLED"}),
}


def smoke_test(url: str, token: str, livemode: bool) -> tuple[int, str]:
    command = [sys.executable, "-m", "tests.deployment.smoke", url, f"--livemode={livemode}"]
    done = subprocess.run(
        [*command, "--ready-within-seconds=0"],
        cwd=ROOT,
        env=environment(ID_TOKEN=token),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


class Deployment:
    """Answers what it is told to, and notes what it is asked."""

    def __init__(self) -> None:
        self.answers = dict(HEALTHY)
        self.asked: list[tuple[str, str]] = []
        deployment = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                asked = (self.command, self.path.removeprefix("/api/v1/"))
                deployment.asked.append(asked)
                status, body = deployment.answers[asked]
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            do_GET = do_POST = do_DELETE = answer

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def deployment() -> Iterator[Deployment]:
    deployment = Deployment()
    with deployment.server as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield deployment
        server.shutdown()
        thread.join()


def test_the_local_stack_passes_and_its_meeting_is_cancelled(tmp_path: Path) -> None:
    with Stack(tmp_path / "log", variables={"AUTH": "local"}) as stack:
        stack.start()
        token = token_for(stack.url, "service", SERVICE)

        assert smoke_test(stack.url, token, livemode=False) == (0, "smoke test: passed\n")

        [meeting] = ask_as(token, stack.url, "GET", MEETINGS).json["results"]
        assert (meeting["status"], meeting["created_by"]) == ("CANCELLED", SERVICE)


def test_at_google_no_meeting_is_made(deployment: Deployment) -> None:
    assert smoke_test(deployment.url, "token", livemode=True) == (0, "smoke test: passed\n")
    assert {method for method, _ in deployment.asked} == {"GET"}


@pytest.mark.parametrize(
    ("asked", "answer", "said"),
    [
        (("GET", "health/"), (500, None), "health/ answers 500"),
        (("GET", "ready/"), (503, {"ready": False}), "ready/ answers 503: {'ready': False}"),
        (("GET", "meetings/"), (200, {}), "meetings/ answers 200 to a caller without a token"),
        (("POST", "meetings/"), (403, {"code": "unknown_caller"}), "unknown_caller"),
        (
            ("POST", "meetings/"),
            (202, {"id": "a", "livemode": False, "meet_link": None, "calendar": "PENDING"}),
            "a meeting has no link after 30 s: PENDING",
        ),
        (
            ("POST", "meetings/"),
            (201, {"id": "a", "livemode": True, "meet_link": "x"}),
            "it should be the mock",
        ),
        (("DELETE", "meetings/a/"), (503, None), "cancelling a meeting is answered with 503"),
    ],
)
def test_what_is_broken_fails_it_and_is_named(
    deployment: Deployment, asked: tuple[str, str], answer: tuple[int, Any], said: str
) -> None:
    deployment.answers[asked] = answer

    code, output = smoke_test(deployment.url, "token", livemode=False)

    assert code == 1 and said in output


def test_a_queue_that_somebody_paused_is_no_fault_of_a_deployment(deployment: Deployment) -> None:
    paused = {"ok": False, "code": "queue_paused"}
    checks = {"firestore": {"ok": True}, "cloud_tasks": paused}
    deployment.answers["GET", "ready/"] = (503, {"ready": False, "checks": checks})
    assert smoke_test(deployment.url, "token", livemode=True) == (0, "smoke test: passed\n")

    checks["firestore"] = {"ok": False, "code": "store_refuses"}
    assert smoke_test(deployment.url, "token", livemode=True)[0] == 1


def test_a_meeting_that_was_made_is_cancelled_whatever_is_wrong_with_it(
    deployment: Deployment,
) -> None:
    at_google = {"id": "a", "livemode": True, "meet_link": None}
    deployment.answers["POST", "meetings/"] = (201, at_google)

    smoke_test(deployment.url, "token", livemode=False)

    assert ("DELETE", "meetings/a/") in deployment.asked
