"""What one meeting's life takes of Firestore, Cloud Tasks, Google Workspace and the log, counted.

Made with an Idempotency-Key and its link waited for, read, held, looked at until nothing is due
any more, read again with its recording: on the local stack, whose clock is moved.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.costs.firestore import Firestore
from bench.processes import JSON, ROOT, a_request, free_port
from functions.sweep import WRITTEN_WITHIN_SECONDS
from infra.local.cloud_tasks import CloudTasksStandIn
from tests.processes.gate import Gate

API = "/api/v1/meetings/"
CLOCK = "/simulated-clock/"
LOOKS_AT_SECONDS = (-1500 + 1, 31, 121, 7201, 86400)
"""After the end: five minutes after the start, half a minute, two minutes, two hours, a day."""

LIVES = 3
QUIET_SECONDS = WRITTEN_WITHIN_SECONDS + 1.5
"""Longer than a task of a sweep waits: Cloud Tasks is told a whole second, the next one."""

GIVE_UP_AFTER_SECONDS = 30.0


@dataclass(frozen=True)
class Use:
    """What is paid for, or is bound by a quota of Google's."""

    reads: float = 0
    writes: float = 0
    deletes: float = 0
    created_tasks: float = 0
    delivered_tasks: float = 0
    api_requests: float = 0
    sweeps: float = 0
    own_seconds: float = 0
    """Of all requests and tasks, on the machine that it was measured on."""

    calendar_calls: float = 0
    meet_calls: float = 0
    drive_calls: float = 0
    log_lines: float = 0
    log_bytes: float = 0

    def __sub__(self, other: "Use") -> "Use":
        return Use(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(Use)))

    def __mul__(self, factor: float) -> "Use":
        return Use(*(getattr(self, f.name) * factor for f in fields(Use)))


class Stack:
    """The local stack behind gates, its log in a file, and its clock."""

    def __init__(self, firestore: Firestore, tasks: Gate, port: int, log: Path) -> None:
        self._firestore, self._tasks, self._port, self._log = firestore, tasks, port, log
        self._created = 0

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}{path}",
            data,
            {"Content-Type": JSON, **headers},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=40) as answer:
            return json.load(answer)

    def advance_to(self, moment: datetime) -> None:
        now = datetime.fromisoformat(self.ask("GET", CLOCK)["now"])
        seconds = max(1, int((moment - now).total_seconds()) + 1)
        self.ask("POST", CLOCK, {"advance_seconds": seconds})
        self.used()

    def used(self) -> Use:
        """Return all that was used until it is quiet."""
        give_up_at = time.monotonic() + GIVE_UP_AFTER_SECONDS
        size = -1
        while size != (size := self._log.stat().st_size) and time.monotonic() < give_up_at:
            time.sleep(QUIET_SECONDS)
        self._created += self._tasks.take_counts().get("CreateTask", 0)
        return Use(
            **self._firestore.used,
            created_tasks=self._created,
            **read_log(self._log.read_text()),
        )


def read_log(text: str) -> dict[str, float]:
    """Return what the functions say of themselves; the clock of the local stack says it too."""
    used: Counter[str] = Counter()
    for line in text.splitlines():
        if not line.startswith("{"):
            continue
        entry = json.loads(line)
        is_request = entry["message"] == "request"
        if is_request and entry["route"] == "/" and not {"task", "nudged"} & entry.keys():
            continue
        used["log_lines"] += 1
        used["log_bytes"] += len(line.encode())
        if "api" in entry:
            used[f"{entry['api']}_calls"] += 1
        if is_request:
            kind = "delivered_tasks" if "task" in entry else "sweeps"
            used["api_requests" if entry["route"] != "/" else kind] += 1
            used["own_seconds"] += entry["duration_ms"] / 1000
    return dict(used)


def measure(firestore_address: str) -> tuple[Use, Use]:
    """Return what a meeting takes on the average, without its sweeps, and what a sweep takes."""
    stand_in = CloudTasksStandIn(issuer="http://localhost/unused")
    with (
        Firestore(firestore_address) as firestore,
        stand_in,
        Gate(stand_in.address) as tasks,
        started(firestore, tasks) as stack,
    ):
        live(stack, "warm-up")
        before = stack.used()
        for number in range(LIVES):
            live(stack, f"measured-{number}")
        after = stack.used()
        for _ in range(LIVES):
            stack.ask("POST", CLOCK, {"advance_seconds": 1})
        sweep = (stack.used() - after) * (1 / LIVES)
    lives = after - before
    return (lives - sweep * lives.sweeps) * (1 / LIVES), sweep


def live(stack: Stack, reference: str) -> None:
    now = datetime.fromisoformat(stack.ask("GET", CLOCK)["now"]).replace(microsecond=0)
    start = now + timedelta(minutes=10)
    end = start + timedelta(minutes=30)
    times = {"scheduled_start": start.isoformat(), "scheduled_end": end.isoformat()}
    key = {"Idempotency-Key": reference}
    meeting = stack.ask("POST", API, {**a_request(reference), **times}, **key)
    path = f"{API}{meeting['id']}/"
    stack.ask("GET", path)
    for seconds in LOOKS_AT_SECONDS:
        stack.advance_to(end + timedelta(seconds=seconds))
    stack.ask("GET", path)
    stack.ask("GET", f"{path}recording/")


@contextmanager
def started(firestore: Firestore, tasks: Gate) -> Iterator[Stack]:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "infra.local", "--port", str(port)]
                # It is swept when the clock is moved alone.
                + ["--sweep-every", "1000000"],
                env={**os.environ, **environ(firestore, tasks)},
                cwd=ROOT,
                stdout=output,
            )
        try:
            give_up_at = time.monotonic() + GIVE_UP_AFTER_SECONDS
            while "\nready: " not in log.read_text():
                if process.poll() is not None or time.monotonic() > give_up_at:
                    raise SystemExit("the local stack does not start")
                time.sleep(0.1)
            yield Stack(firestore, tasks, port, log)
        finally:
            process.terminate()
            process.wait()


def environ(firestore: Gate, tasks: Gate) -> Mapping[str, str]:
    return {
        "AUTH": "off",
        "CLOUD_TASKS_EMULATOR_HOST": tasks.address,
        "FIRESTORE_EMULATOR_HOST": firestore.address,
        "LOG_LEVEL": "INFO",
    }
