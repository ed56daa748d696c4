"""What `make run` runs, as a process: what it says, what it serves, how it ends."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.processes.asking import MEETINGS, Answer, ask, post_meeting
from tests.processes.local_stack import Stack, paste
from tests.processes.running import STARTS_WITHIN_SECONDS, listens, wait_until
from tests.processes.workspace import INSERT, open_clinic
from tests.workspace_double import WorkspaceDouble

EMULATOR_STARTS_WITHIN_SECONDS = 60.0
IN_FLIGHT = {"external_reference": "sim-link-never-1"}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("stack") / "log") as stack:
        stack.start()
        yield stack


class TestWhatItSays:
    def test_it_names_what_it_runs_on_and_ends_with_its_address(self, stack: Stack) -> None:
        said = "\n".join(stack.welcome)

        assert re.search(r"^Firestore +embedded", said, re.M)
        assert re.search(r"^Workspace +mock", said, re.M)
        assert re.search(rf"^Clock .*{stack.url}/simulated-clock/$", said, re.M)
        assert re.search(r"^AUTH +off$", said, re.M)
        assert f"{stack.url}/api/v1/docs/" in said
        assert stack.welcome[-1] == f"ready: {stack.url}"
        assert stack.errors == ""

    def test_the_printed_line_makes_a_meeting(self, stack: Stack) -> None:
        status, meeting = paste(stack.curl)

        assert status.startswith("HTTP/1.1 201")
        assert meeting["meet_link"].startswith(f"{stack.url}/simulated-rooms/")
        assert meeting["external_reference"] == "xoma_appointment_1234"
        assert (meeting["participants_count"], meeting["livemode"]) == (2, False)
        room = ask(stack.url, "GET", meeting["meet_link"].removeprefix(stack.url))
        assert room.status == 200

    def test_swagger_ui_is_there(self, stack: Stack) -> None:
        [address] = [line.split()[-1] for line in stack.welcome if "Swagger UI" in line]

        answer = ask(stack.url, "GET", address.removeprefix(stack.url))

        assert answer.status == 200
        assert answer.headers["content-type"].startswith("text/html")

    def test_a_change_and_a_cancellation_arrive_too(self, stack: Stack) -> None:
        meeting = post_meeting(stack.url, "wait=10", external_reference="moved").json
        path = f"{MEETINGS}{meeting['id']}/"

        for method, body in (("PATCH", {"summary": "Moved"}), ("DELETE", None)):
            changed = ask(stack.url, method, path, body).json
            wait_until(lambda: is_synced(stack.url, path), 10, f"{method} at the mock Workspace")
            assert changed["revision"] == ask(stack.url, "GET", path).json["revision"]

    def test_300_kb_are_refused_and_the_answer_arrives(self, stack: Stack) -> None:
        answer = post_meeting(stack.url, "respond-async", summary="x" * 300_000)

        assert (answer.status, answer.json["code"]) == (413, "too_large")


def is_synced(url: str, path: str) -> bool:
    return bool(ask(url, "GET", path).json["calendar"]["state"] == "SYNCED")


class TestTheEnd:
    @pytest.mark.parametrize("to_group", [False, True], ids=["process", "group"])
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_signal_ends_all_of_it_and_answers_who_waits(
        self, log: Path, number: signal.Signals, to_group: bool
    ) -> None:
        with Stack(log) as stack, ThreadPoolExecutor() as pool:
            stack.start()
            waiting = pool.submit(post_meeting, stack.url, "wait=20", **IN_FLIGHT)
            wait_until(lambda: meetings(stack.url) == 1, 10, "the meeting stored")

            stack.signal(number, to_group=to_group)

            assert stack.wait() == 0
            assert_answered(waiting.result())
            assert_gone(stack)

    def test_a_google_that_does_not_answer_does_not_hold_it(
        self, log: Path, tmp_path: Path
    ) -> None:
        with WorkspaceDouble() as double, ThreadPoolExecutor() as pool:
            settings = open_clinic(double, tmp_path / "key.json")
            double.faults.add(method=INSERT, delay_seconds=60)
            with Stack(log, variables=settings) as stack:
                stack.start()
                waiting = pool.submit(post_meeting, stack.url, "wait=20")
                wait_until(lambda: double.faults.pending == [], 10, "the call to Google")

                stack.signal(signal.SIGTERM)

                assert stack.wait() == 0
                assert_answered(waiting.result())
                assert stack.leaves_nothing()

    def test_a_signal_during_the_start_ends_it_too(self, log: Path) -> None:
        with Stack(log) as stack:
            stack.launch()
            wait_until(lambda: listens(stack.port), STARTS_WITHIN_SECONDS, "listening")

            stack.signal(signal.SIGTERM)

            stack.wait()
            assert "Traceback" not in stack.errors
            assert_gone(stack)


def meetings(url: str) -> int:
    return len(ask(url, "GET", MEETINGS).json["results"])


def assert_answered(answer: Answer) -> None:
    assert (answer.status, answer.json["meet_link"]) == (202, None)


def assert_gone(stack: Stack) -> None:
    assert stack.leaves_nothing()
    assert stack.errors == ""
    # The port can be listened on again at once.
    socket.create_server(("127.0.0.1", stack.port)).close()


class TestFaultyStarts:
    def test_a_taken_port_is_one_plain_line(self, log: Path) -> None:
        with (
            contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken,
            Stack(log, port=taken.getsockname()[1]) as stack,
        ):
            stack.launch()

            assert stack.wait(STARTS_WITHIN_SECONDS) == 1
            [line] = stack.errors.splitlines()
            assert str(stack.port) in line
            assert stack.output == ""

    @pytest.mark.parametrize(
        ("variables", "said"),
        [
            ({"THREADS": "x"}, "THREADS is 'x'"),
            ({"WORKSPACE_DOMAINS": "clinica.com"}, "WORKSPACE_DELEGATE is missing"),
            ({"K_SERVICE": "api"}, "AUTH=off lets anybody in"),
            ({"K_SERVICE": "api", "AUTH": "local"}, "AUTH=local lets anybody in"),
            ({"AUTH": "oidc"}, "OIDC_ISSUERS is missing"),
            ({"AUTH": "iam"}, "AUTH=iam trusts Google's front end"),
            (
                {"AUTH": "local", "CLOUD_TASKS_EMULATOR_HOST": "localhost:8123"},
                "CLOUD_TASKS_EMULATOR_HOST is for AUTH=off here",
            ),
            (
                {"AUTH": "local", "OIDC_ISSUERS": "https://accounts.google.com"},
                "an issuer on loopback alone",
            ),
        ],
    )
    def test_faulty_settings_are_told_and_nothing_starts(
        self, log: Path, variables: dict[str, str], said: str
    ) -> None:
        with Stack(log, variables=variables) as stack:
            stack.launch()

            assert stack.wait(STARTS_WITHIN_SECONDS) != 0
            assert said in stack.errors
            assert "Traceback" not in stack.errors
            assert "ready:" not in stack.output
            assert stack.leaves_nothing()


class TestGooglesEmulator:
    def test_it_runs_on_the_emulator_and_takes_it_along(
        self, firestore_emulator: str, log: Path
    ) -> None:
        # The fixture says whether there is an emulator; the stack starts one of its own.
        with Stack(log, "--firestore", "emulator") as stack, ThreadPoolExecutor() as pool:
            stack.start(EMULATOR_STARTS_WITHIN_SECONDS)
            [firestore] = [line for line in stack.welcome if line.startswith("Firestore")]
            address = firestore.split()[-1]
            try:
                assert address != firestore_emulator
                made = post_meeting(stack.url, "wait=10").json
                assert made["meet_link"] is not None
                assert made["id"] in documents(address)
                waiting = pool.submit(post_meeting, stack.url, "wait=20", **IN_FLIGHT)
                wait_until(lambda: meetings(stack.url) == 2, 10, "the meeting stored")

                stack.signal(signal.SIGINT, to_group=True)

                assert stack.wait() == 0
                assert_answered(waiting.result())
                assert_gone(stack)
                assert not listens(int(address.rpartition(":")[2]))
                assert commands_with(address) == []
            finally:
                end(commands_with(address))


def documents(address: str) -> str:
    """What the emulator has of the local project's meetings, over its REST API."""
    url = f"http://{address}/v1/projects/local/databases/(default)/documents/meetings"
    with urllib.request.urlopen(url, timeout=10) as response:
        return str(response.read().decode())


def commands_with(address: str) -> list[int]:
    """The processes that were started for this address: gcloud's, and Java."""
    table = subprocess.run(["ps", "-A", "-o", "pid=,args="], capture_output=True, text=True)
    port = address.rpartition(":")[2]
    lines = [line for line in table.stdout.splitlines() if "firestore" in line.lower()]
    return [int(line.split()[0]) for line in lines if re.search(rf"\b{port}\b", line)]


def end(pids: list[int]) -> None:
    """Nothing of a failed test stays behind."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
