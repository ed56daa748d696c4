"""Programs of the product as processes of their own: started, asked, signalled and ended."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
PORTS = (20_000, 32_000)
"""Below those that Linux gives out by itself."""

STARTS_WITHIN_SECONDS = 30.0
ENDS_WITHIN_SECONDS = 8.0
"""Generous: what the product promises is 5 s on a machine that does nothing else."""


def free_port() -> int:
    """One that no other program gets meanwhile by asking the system for any."""
    while True:
        port = random.randrange(*PORTS)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    give_up_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up_at, f"not within {seconds} s: {what}"
        time.sleep(0.02)


def environment(**variables: str) -> dict[str, str]:
    """Nothing of the caller's own but where programs are found."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **variables}


def self_hosted(**variables: str) -> dict[str, str]:
    """What a function alone starts with: nothing is kept, and nobody takes its tasks."""
    nowhere = "http://127.0.0.1:9/"
    settings = {
        "AUTH": "off",
        "CLOUD_TASKS_EMULATOR_HOST": "127.0.0.1:9",
        "GOOGLE_CLOUD_PROJECT": "clinic",
        "STORE": "embedded",
        "SYNC_CALENDAR_URL": nowhere,
        "SYNC_RECORDING_URL": nowhere,
    }
    return environment(**{**settings, **variables})


class Program:
    """A command in a process group of its own, whose output goes to a file."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], log: Path) -> None:
        self._command = command
        self._environ = environ
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def launch(self) -> None:
        with self._log.open("ab") as log, self._errors.open("ab") as errors:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=errors,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self._log.read_text()

    @property
    def errors(self) -> str:
        return self._errors.read_text()

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def signal(self, number: int, *, to_group: bool = False) -> None:
        (os.killpg if to_group else os.kill)(self._started().pid, number)

    def wait(self, seconds: float = ENDS_WITHIN_SECONDS) -> int:
        """The exit code."""
        return self._started().wait(seconds)

    def leaves_nothing(self) -> bool:
        """Whether its group has no process, once it has ended itself."""
        try:
            os.killpg(self._started().pid, 0)
        except ProcessLookupError:
            return True
        return False

    def kill(self) -> None:
        """End it as a machine's death does, with every process of its group."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    @property
    def _errors(self) -> Path:
        return self._log.with_suffix(".err")

    def _started(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process


class Function(Program):
    """One entry point alone under the real functions-framework, always on the same port."""

    def __init__(self, target: str, environ: Mapping[str, str], log: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        program = str(PROGRAMS / "functions-framework")
        address = ("--host", "127.0.0.1", "--port", str(self.port))
        super().__init__((program, "--target", target, *address), environ, log)

    def start(self) -> None:
        """Start it, also after a kill, and wait until it listens."""
        # A worker may outlive its master by a moment, with the port.
        wait_until(lambda: not listens(self.port), ENDS_WITHIN_SECONDS, "the port free")
        self.launch()
        wait_until(self._is_up, STARTS_WITHIN_SECONDS, f"listening ({self.errors})")

    def _is_up(self) -> bool:
        assert self.is_running, self.errors
        return listens(self.port)
