"""Many callers wait at once: the function stays alive, and nobody misses their link."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median

from tests.processes.asking import Answer, ask
from tests.processes.clinic import THREADS, Clinic
from tests.processes.running import wait_until
from tests.processes.workspace import INSERT

CALLERS = 40
GOOGLE_TAKES_SECONDS = 1.0
HEALTH_WITHIN_SECONDS = 2.0


class HealthWatch:
    """Asks for health/ all the time, each time on a new connection, until it is left."""

    def __init__(self, url: str) -> None:
        self.seconds: list[float] = []
        self.statuses: set[int] = set()
        self._url = url
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "HealthWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._left.wait(0.02):
            asked_at = time.monotonic()
            self.statuses.add(ask(self._url, "GET", "/api/v1/health/").status)
            self.seconds.append(time.monotonic() - asked_at)


def test_forty_wait_while_health_is_asked_for(clinic: Clinic) -> None:
    clinic.double.faults.add(
        method=INSERT, delay_answer_seconds=GOOGLE_TAKES_SECONDS, times=CALLERS
    )

    with HealthWatch(clinic.api.url) as health, ThreadPoolExecutor(CALLERS) as pool:
        answers = list(pool.map(lambda _: clinic.post("wait=10"), range(CALLERS)))

    at_once = [answer for answer in answers if answer.status == 201]
    later = [answer for answer in answers if answer.status == 202]
    print(
        f"{CALLERS} callers, {THREADS} threads: {len(at_once)} × 201, {len(later)} × 202;"
        f" health/ asked {len(health.seconds)} times: median {median(health.seconds):.3f} s,"
        f" slowest {max(health.seconds):.3f} s"
    )
    assert len(at_once) + len(later) == CALLERS
    assert at_once
    assert all(answer.json["meet_link"] for answer in at_once)
    assert health.statuses == {200}
    assert max(health.seconds) < HEALTH_WITHIN_SECONDS
    for answer in later:
        assert answer.headers["retry-after"]
        wait_until(partial(has_link, clinic, answer), 20, "the link")
    clinic.settle()


def has_link(clinic: Clinic, answer: Answer) -> bool:
    path = answer.headers["location"].removeprefix(clinic.api.url)
    return ask(clinic.api.url, "GET", path).json["meet_link"] is not None
