"""The processes that are measured, and the parts of Google's that they need."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
BARE = ROOT / "bench" / "bare_function.py"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def function(
    target: str, environ: Mapping[str, str], port: int, source: Path = ROOT / "main.py"
) -> Iterator[subprocess.Popen[bytes]]:
    """Run one function under functions-framework, alone in a process group of its own."""
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("functions-framework")), "--target", target]
        + ["--source", str(source), "--port", str(port), "--host", "127.0.0.1"],
        env={**os.environ, **environ},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def first_answer(
    port: int, method: str, path: str, body: Mapping[str, Any] | None = None
) -> tuple[int, bytes]:
    """Ask again and again until the server listens, and return the first answer."""
    give_up_at = time.monotonic() + 30
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request(
                method, path, json.dumps(body) if body else None, {"Content-Type": JSON}
            )
            answer = connection.getresponse()
            return answer.status, answer.read()
        except ConnectionRefusedError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.002)
        finally:
            connection.close()


JSON = "application/json"


def a_request(reference: str) -> dict[str, Any]:
    """The requirements' own request, tomorrow."""
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    return {
        "organizer_email": "doctor@clinica.com",
        "invited_emails": ["paciente@correo.com"],
        "scheduled_start": start.isoformat(),
        "scheduled_end": (start + timedelta(hours=1)).isoformat(),
        "external_reference": reference,
    }
