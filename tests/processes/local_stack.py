"""The local stack as a process: started on a free port, and what it says."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.processes.running import (
    ROOT,
    STARTS_WITHIN_SECONDS,
    Program,
    environment,
    free_port,
    wait_until,
)


class Stack(Program):
    def __init__(
        self,
        log: Path,
        *options: str,
        port: int | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        command = (sys.executable, "-m", "infra.local", "--port", str(self.port), *options)
        super().__init__(command, environment(**(variables or {})), log)

    def start(self, within_seconds: float = STARTS_WITHIN_SECONDS) -> None:
        self.launch()
        wait_until(self._is_ready, within_seconds, f"ready ({self.errors})")

    @property
    def welcome(self) -> list[str]:
        """What it prints for a person; the log's lines are JSON."""
        return [line for line in self.output.splitlines() if not line.startswith("{")]

    @property
    def curl(self) -> str:
        """The line to paste that makes a meeting."""
        [command] = [line.strip() for line in self.welcome if line.strip().startswith("curl")]
        return command

    def _is_ready(self) -> bool:
        assert self.is_running, self.errors
        return "\nready: " in self.output


def paste(command: str) -> tuple[str, Any]:
    """Run a curl line in a shell, where a person stands who has started the stack."""
    done = subprocess.run(
        command,
        shell=True,
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=40,
    )
    head, _, body = done.stdout.replace("\r\n", "\n").partition("\n\n")
    return head.splitlines()[0], json.loads(body)
