"""How the functions are asked and loaded, and how a figure is shown."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from bench.processes import JSON, ROOT, a_request, first_answer

MEETINGS = "/api/v1/meetings/"


def ask(
    port: int,
    method: str,
    path: str,
    body: Mapping[str, Any] | None,
    token: str | None = None,
) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": JSON, "Prefer": "respond-async"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    connection.request(method, path, json.dumps(body) if body else None, headers)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def made(port: int, reference: str) -> str:
    first_answer(port, "GET", "/api/v1/health/")
    return str(ask(port, "POST", MEETINGS, a_request(reference))["id"])


def load(
    port: int, kind: str, seconds: float, *paths: str, token: str | None = None
) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.load", str(port), kind, str(seconds), *paths]
    environ = {**os.environ, **({"TOKEN": token} if token else {})}
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def per_second(result: Mapping[str, Any]) -> str:
    spread = f"p50 {result['p50_ms']} ms, p99 {result['p99_ms']} ms"
    return f"{result['per_second']}/s ({spread}, {result['statuses']})"


def show(name: str, ours: str, other: str, ratio: float | None) -> None:
    print(f"{name:36} {ours:60} {other:16} {f'{ratio:.2f} ×' if ratio else ''}", flush=True)
