"""How long the first answer of a new process takes, beside a function without the product."""

import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.asking import MEETINGS, show
from bench.processes import BARE, ROOT, a_request, first_answer, free_port, function

OBSERVED = {
    "OTLP_TRACES_ENDPOINT": "http://127.0.0.1:9/v1/traces",
    "PROMETHEUS": "on",
    "SENTRY_DSN": "http://key@127.0.0.1:9/1",
}
"""Nobody is there: what is measured is what is loaded."""

Ask = Callable[[int], tuple[int, bytes]]


def compare_cold(environ: Mapping[str, str], rounds: int) -> None:
    main = ROOT / "main.py"
    numbers = iter(range(10_000))

    def post(path: str) -> Ask:
        return lambda port: first_answer(port, "POST", path, a_request(f"c{next(numbers)}"))

    def get(path: str) -> Ask:
        return lambda port: first_answer(port, "GET", path)

    def compare(
        name: str, ours: Callable[[], float], kind: str, other: Callable[[], float]
    ) -> None:
        times = [(ours(), other()) for _ in range(rounds)]
        mine, theirs = (statistics.median(column) for column in zip(*times, strict=True))
        show(name, f"{mine * 1000:.0f} ms", f"{kind} {theirs * 1000:.0f} ms", mine / theirs)

    def health(variables: Mapping[str, str]) -> float:
        return cold({**environ, **variables}, "api", main, get("/api/v1/health/"))

    compare(
        "cold GET health",
        lambda: health({}),
        "bare",
        lambda: cold(environ, "hello", BARE, get("/")),
    )
    compare(
        "cold POST 201",
        lambda: cold(environ, "api", main, post(MEETINGS)),
        "bare",
        lambda: cold(environ, "create", BARE, post("/")),
    )
    compare(
        "cold GET health, all that observes",
        lambda: health(OBSERVED),
        "off",
        lambda: health({}),
    )


def cold(environ: Mapping[str, str], target: str, source: Path, ask: Ask) -> float:
    """Return the seconds from the start of a process to its first answer."""
    port = free_port()
    begun = time.perf_counter()
    with function(target, environ, port, source):
        status, body = ask(port)
        seconds = time.perf_counter() - begun
    if status not in (200, 201):
        raise SystemExit(f"{target} answered {status}: {body!r}")
    return seconds
