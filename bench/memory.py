"""The resident memory of the API as it answers more and more requests."""

import http.client
import json
import os
from collections.abc import Mapping
from pathlib import Path

from bench.asking import MEETINGS, made, show
from bench.processes import JSON, a_request, free_port, function


def measure_memory(environ: Mapping[str, str]) -> None:
    port = free_port()
    with function("api", environ, port) as process:
        meeting_id = made(port, "m")
        for requests in (1000, 4000):
            connection = http.client.HTTPConnection("127.0.0.1", port)
            for number in range(requests):
                if number % 5:
                    connection.request("GET", f"{MEETINGS}{meeting_id}/")
                else:
                    headers = {"Content-Type": JSON, "Prefer": "respond-async"}
                    body = json.dumps(a_request(f"m{requests}-{number}"))
                    connection.request("POST", MEETINGS, body, headers)
                connection.getresponse().read()
            connection.close()
            show(f"RSS after {requests} more", f"{resident_mib(process.pid):.0f} MiB", "", None)


def resident_mib(group: int) -> float:
    """Return the resident memory of the largest process of a group: the worker."""
    sizes = [0.0]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and os.getpgid(int(entry.name)) == group:
            status = (entry / "status").read_text()
            resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
            sizes.append(int(resident.split()[1]) / 1024)
    return max(sizes)
