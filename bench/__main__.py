"""`make bench`: what the product costs beside the same calls without it, in one run.

These machines are noisy: only the ratios of medians mean something.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bench.asking import MEETINGS, load, made, per_second, show
from bench.auth import compare_auth
from bench.cold import compare_cold
from bench.costs import show as show_costs
from bench.memory import measure_memory
from bench.pages import compare_pages
from bench.processes import BARE, a_request, first_answer, free_port, function
from bench.round_trips import Product
from bench.sweeps import LOCATION, QUEUES, compare_sweeps
from functions.bootstrap import Once
from infra.cloud_tasks import queue_path
from infra.firestore.database import Database, client
from infra.firestore.meetings import FirestoreMeetingStore
from infra.local.cloud_tasks import CloudTasksStandIn
from infra.local.firestore_emulator import FirestoreEmulator
from tests.processes.gate import Gate

PROJECT = "bench"
PARTS = ("calls", "cold", "throughput", "auth", "memory", "pages", "sweeps", "costs")
QUEUE, RECORDING_QUEUE = (queue_path(PROJECT, LOCATION, name) for name in QUEUES)


class Bench:
    """The functions as processes, on one emulator and one stand-in."""

    def __init__(self, emulator: str, stand_in: CloudTasksStandIn, worker_port: int) -> None:
        self.stand_in = stand_in
        self.worker_port = worker_port
        self.environ = {
            "GOOGLE_CLOUD_PROJECT": PROJECT,
            "AUTH": "off",
            "FIRESTORE_EMULATOR_HOST": emulator,
            "CLOUD_TASKS_EMULATOR_HOST": stand_in.address,
            "SYNC_CALENDAR_URL": f"http://127.0.0.1:{worker_port}/",
            "SYNC_RECORDING_URL": "http://127.0.0.1:9/",
            "THREADS": "16",
            "LOG_LEVEL": "WARNING",
            "QUEUE": QUEUE,
        }

    def throughput(self, seconds: float) -> None:
        environ = {**self.environ, "WORKERS": "2", "THREADS": "8"}
        port, bare_port = free_port(), free_port()
        with function("api", environ, port):
            ids = [made(port, f"t{number}") for number in range(50)]
            paths = [f"{MEETINGS}{meeting_id}/" for meeting_id in ids]
            got = load(port, "GET", seconds, *paths)
            listed = load(port, "GET", seconds, f"{MEETINGS}?page_size=20")
            posted = load(port, "POST", seconds, MEETINGS)
            with self.paused_queue():
                queued = load(port, "POST", seconds, MEETINGS)
        with function("read", environ, bare_port, BARE):
            first_answer(bare_port, "GET", f"/{ids[0]}")
            bare_got = load(bare_port, "GET", seconds, *(f"/{meeting_id}" for meeting_id in ids))
        bare_port = free_port()
        with function("create", environ, bare_port, BARE), self.paused_queue():
            first_answer(bare_port, "POST", "/", a_request("b"))
            bare_posted = load(bare_port, "POST", seconds, "/")
        bare = bare_got["per_second"]
        show("GET detail", per_second(got), f"bare {bare}/s", got["per_second"] / bare)
        show("GET list of 20", per_second(listed), "", None)
        show("POST, worker busy too", per_second(posted), "", None)
        bare = bare_posted["per_second"]
        show(
            "POST, queue paused", per_second(queued), f"bare {bare}/s", queued["per_second"] / bare
        )

    @contextmanager
    def paused_queue(self) -> Iterator[None]:
        from infra.cloud_tasks import client

        tasks = client(self.stand_in.address)
        tasks.pause_queue(name=QUEUE)
        try:
            yield
        finally:
            tasks.purge_queue(name=QUEUE)
            tasks.resume_queue(name=QUEUE)

    def round_trips(self, firestore: Gate, tasks: Gate) -> None:
        """Print the table that tests/processes/test_round_trips.py holds to."""
        port = free_port()
        counted = {
            **self.environ,
            "FIRESTORE_EMULATOR_HOST": firestore.address,
            "CLOUD_TASKS_EMULATOR_HOST": tasks.address,
        }
        with function("api", counted, port), self.paused_queue():
            first_answer(port, "GET", "/api/v1/health/")
            product = Product(f"http://127.0.0.1:{port}", (firestore, tasks), {})
            store = FirestoreMeetingStore(Database(Once(lambda: client(PROJECT, "(default)"))))
            for operation, answer, counts in product.count_each(store):
                calls = ", ".join(f"{n} {call}" for call, n in counts.items()) or "none"
                show(f"calls of {operation.name}", calls, f"{answer.status}", None)


def main() -> None:
    parser = argparse.ArgumentParser("make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="cold starts of each kind")
    parser.add_argument("--seconds", type=float, default=8, help="of load of each kind")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--meetings", type=int, default=20_000, help="stored for the deep page")
    parser.add_argument("--stored", type=int, default=100_000, help="at most, beside what is due")
    options = parser.parse_args()
    from google.cloud.tasks_v2.types import Queue

    with ExitStack() as started:
        emulator = started.enter_context(FirestoreEmulator())
        stand_in = CloudTasksStandIn(issuer="http://localhost/unused")
        for name in (QUEUE, RECORDING_QUEUE):
            stand_in.create_queue(Queue(name=name))
        started.enter_context(stand_in)
        # The clients of this process speak to the emulator too.
        os.environ["FIRESTORE_EMULATOR_HOST"] = emulator.address
        bench = Bench(emulator.address, stand_in, free_port())
        started.enter_context(function("sync_calendar", bench.environ, bench.worker_port))
        first_answer(bench.worker_port, "GET", "/")
        if options.only in (None, "calls"):
            firestore = started.enter_context(Gate(emulator.address))
            tasks = started.enter_context(Gate(stand_in.address))
            bench.round_trips(firestore, tasks)
        if options.only in (None, "cold"):
            compare_cold(bench.environ, options.rounds)
        if options.only in (None, "throughput"):
            bench.throughput(options.seconds)
        if options.only in (None, "auth"):
            compare_auth(bench.environ, options.seconds)
        if options.only in (None, "memory"):
            measure_memory(bench.environ)
        if options.only in (None, "pages"):
            compare_pages(bench.environ, options.meetings)
        if options.only in (None, "sweeps"):
            compare_sweeps(bench.environ, stand_in, options.stored)
        if options.only in (None, "costs"):
            show_costs(emulator.address)


if __name__ == "__main__":
    main()
