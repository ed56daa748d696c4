"""A closed load from 16 connections, in a process of its own: python -m bench.load."""

import http.client
import itertools
import json
import os
import sys
import threading
import time
from collections import Counter
from typing import Any

from bench.processes import JSON, a_request

CONNECTIONS = 16


def run(port: int, kind: str, paths: list[str], seconds: float) -> dict[str, Any]:
    """Send requests for some seconds; returns the answers a second and how they spread."""
    numbers = itertools.count()
    durations: list[float] = []
    counts: list[Counter[str]] = []
    end_at = time.perf_counter() + seconds
    token = os.environ.get("TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    def one_connection() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        mine = []
        mine_by_status: Counter[str] = Counter()
        while (begun := time.perf_counter()) < end_at:
            number = next(numbers)
            if kind == "POST":
                body = json.dumps(a_request(f"bench-{port}-{begun}-{number}"))
                more = {"Content-Type": JSON, "Prefer": "respond-async"}
                connection.request("POST", paths[0], body, {**headers, **more})
            else:
                connection.request("GET", paths[number % len(paths)], headers=headers)
            answer = connection.getresponse()
            answer.read()
            mine.append(time.perf_counter() - begun)
            mine_by_status[str(answer.status)] += 1
        durations.extend(mine)
        counts.append(mine_by_status)
        connection.close()

    threads = [threading.Thread(target=one_connection) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    durations.sort()
    return {
        "per_second": round(len(durations) / seconds),
        "p50_ms": round(durations[len(durations) // 2] * 1000, 1),
        "p99_ms": round(durations[len(durations) * 99 // 100] * 1000, 1),
        "statuses": dict(sum(counts, Counter())),
    }


if __name__ == "__main__":
    port, kind, seconds, *paths = sys.argv[1:]
    print(json.dumps(run(int(port), kind, paths, float(seconds))))
