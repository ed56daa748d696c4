"""What a sweep costs as more meetings are stored and the same number is due, and 10,000 due."""

import http.client
import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from google.cloud import firestore
from google.cloud.tasks_v2.types import Queue

from bench.asking import show
from bench.processes import JSON, first_answer, free_port, function
from functions.bootstrap import Once
from functions.models import (
    CalendarState,
    CalendarSync,
    Meeting,
    RecordingSync,
    RecordingSyncState,
    new_id,
)
from functions.sweep import Sweeper
from infra.cloud_tasks import CloudTasksQueue, queue_path
from infra.cloud_tasks import client as tasks_client
from infra.firestore.database import Database, Snapshot, client
from infra.firestore.meetings import MEETINGS, FirestoreMeetingStore, _document
from infra.local.cloud_tasks import CloudTasksStandIn
from tests.values import a_meeting

LOCATION = "europe-west1"
QUEUES = ("sync-calendar", "sync-recording")
DUE = 200
"""Half of them changes, half of them looks."""

DRAINED = 10_000
ROUNDS = 7
BATCH_SIZE = 400
WRITERS = 4
DAY = timedelta(days=1)


def compare_sweeps(environ: Mapping[str, str], stand_in: CloudTasksStandIn, stored: int) -> None:
    """Sweep among a hundredth, a tenth and all of the meetings, in turns."""
    clinics = [
        StoredClinic(f"{environ['GOOGLE_CLOUD_PROJECT']}-{size}", size, stand_in)
        for size in (stored // 100, stored // 10, stored)
    ]
    costs = [[clinic.sweep_again() for clinic in clinics] for _ in range(ROUNDS)]
    medians = [median(column) for column in zip(*costs, strict=True)]
    first = medians[0]
    for clinic, cost in zip(clinics, medians, strict=True):
        reads = f"{cost.queries:.0f} queries, {cost.documents:.0f} documents"
        whole = f"{cost.seconds:.2f} s, {reads}"
        show(f"sweep {DUE} among {clinic.size:,}", whole, "", cost.seconds / first.seconds)
        ratio = cost.reading_seconds / first.reading_seconds
        bare = f"bare {cost.bare_seconds:.2f} s"
        show("… its queries", f"{cost.reading_seconds:.2f} s", bare, ratio)
        ratio = cost.other_seconds / first.other_seconds
        show("… all but the queries", f"{cost.other_seconds:.2f} s", "", ratio)
    drain(environ, stand_in, min(DRAINED, stored // 10))


@dataclass(frozen=True)
class Cost:
    seconds: float
    queries: float
    documents: float
    reading_seconds: float
    bare_seconds: float
    """Of as many queries for a single document: the emulator goes through all that are stored."""

    @property
    def other_seconds(self) -> float:
        return self.seconds - self.reading_seconds


def median(costs: Sequence[Cost]) -> Cost:
    columns = zip(*(vars(cost).values() for cost in costs), strict=True)
    return Cost(*map(statistics.median, columns))


class CountingDatabase(Database):
    """Counts what its queries return, and the time that they take."""

    def __init__(self, make_client: Callable[[], firestore.Client]) -> None:
        super().__init__(make_client)
        self.queries = self.documents = 0
        self.seconds = 0.0

    def run(self, query: firestore.Query) -> list[Snapshot]:
        begun = time.perf_counter()
        found = super().run(query)
        self.seconds += time.perf_counter() - begun
        self.queries += 1
        self.documents += len(found)
        return found

    def count(self, query: firestore.Query) -> int:
        begun = time.perf_counter()
        counted = super().count(query)
        self.seconds += time.perf_counter() - begun
        self.queries += 1
        return counted


class StoredClinic:
    """A project of its own with so many meetings, and those that are due."""

    def __init__(self, project: str, size: int, stand_in: CloudTasksStandIn) -> None:
        self.size = size
        self._client = Once(lambda: client(project, "(default)"))
        self._calendar_queue, self._recording_queue = paused_queues(stand_in, project)
        write(self._client(), islice(not_due(), size))
        due = list(islice(due_now(), DUE))
        write(self._client(), due)
        self._due = [meeting.id for meeting in due]
        self._rounds = 0

    def sweep_again(self) -> Cost:
        """Sweep once, with everything due again, under new names."""
        self._make_due()
        database = CountingDatabase(self._client)
        store = FirestoreMeetingStore(database)
        begun = time.perf_counter()
        swept = Sweeper(store, self._calendar_queue, self._recording_queue, utc_now).sweep()
        seconds = time.perf_counter() - begun
        if (swept.nudged, swept.is_complete) != (DUE, True):
            raise SystemExit(f"{swept} where {DUE} were due")
        bare = CountingDatabase(self._client)
        for _ in range(database.queries):
            bare.run(bare.query(MEETINGS).order_by("recording_sync.due_at").limit(1))
        return Cost(seconds, database.queries, database.documents, database.seconds, bare.seconds)

    def _make_due(self) -> None:
        self._rounds += 1
        database = Database(self._client)
        batch = database.batch()
        for number, meeting_id in enumerate(self._due):
            field = ("calendar.due_at", "recording_sync.due_at")[number % 2]
            due_at = utc_now() - timedelta(seconds=self._rounds + number)
            batch.update(database.document(MEETINGS, meeting_id), {field: due_at})
        batch.commit()


def drain(environ: Mapping[str, str], stand_in: CloudTasksStandIn, count: int) -> None:
    """Have the function, alone in its process, nudge so many that are due at once."""
    project = f"{environ['GOOGLE_CLOUD_PROJECT']}-drained"
    paused_queues(stand_in, project)
    write(client(project, "(default)"), islice(due_now(), count))
    port = free_port()
    with function("sweep", {**environ, "GOOGLE_CLOUD_PROJECT": project}, port):
        first_answer(port, "GET", "/")
        begun = time.perf_counter()
        runs = [sweep(port)]
        while not runs[-1]["is_complete"]:
            runs.append(sweep(port))
        seconds = time.perf_counter() - begun
    nudged = sum(run["nudged"] for run in runs)
    if nudged != count:
        raise SystemExit(f"{nudged} of {count} were nudged")
    show(
        f"sweep {count:,} due",
        f"{seconds:.0f} s in {len(runs)} runs, {count / seconds:.0f}/s",
        "",
        None,
    )


def sweep(port: int) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("POST", "/", "{}", {"Content-Type": JSON})
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def paused_queues(stand_in: CloudTasksStandIn, project: str) -> list[CloudTasksQueue]:
    """Make the queues of a project, which deliver nothing."""
    tasks = Once(lambda: tasks_client(stand_in.address))
    paths = [queue_path(project, LOCATION, name) for name in QUEUES]
    for path in paths:
        stand_in.create_queue(Queue(name=path))
        tasks().pause_queue(name=path)
    return [CloudTasksQueue(tasks, path, "http://127.0.0.1:9/", None, 60) for path in paths]


def not_due() -> Iterator[Meeting]:
    """Yield meetings of which nine in ten are settled, and the tenth is still to come."""
    synced = CalendarSync(state=CalendarState.SYNCED, synced_revision=1)
    settled = RecordingSync(state=RecordingSyncState.ABSENT)
    pattern = a_meeting(calendar=synced)
    while True:
        for number in range(10):
            sync = settled if number else RecordingSync(due_at=utc_now() + DAY)
            yield pattern.replace(id=new_id(), recording_sync=sync)


def due_now() -> Iterator[Meeting]:
    """Yield meetings that have been due for an hour, by turns for a change and for a look."""
    now = utc_now()
    synced = CalendarSync(state=CalendarState.SYNCED, synced_revision=1)
    changed = a_meeting(created_at=now - timedelta(hours=1))
    times = {"scheduled_start": now - DAY, "scheduled_end": now - DAY + timedelta(hours=1)}
    over = a_meeting(calendar=synced, recording_sync=RecordingSync(due_at=now - DAY / 24), **times)
    while True:
        yield changed.replace(id=new_id())
        yield over.replace(id=new_id())


def write(made: firestore.Client, meetings: Iterable[Meeting]) -> None:
    """Write meetings by the hundred, as fast as the emulator takes them."""
    database = Database(lambda: made)
    coming = iter(meetings)
    batches = iter(lambda: tuple(islice(coming, BATCH_SIZE)), ())

    def commit(some: tuple[Meeting, ...]) -> None:
        batch = database.batch()
        for meeting in some:
            batch.create(database.document(MEETINGS, meeting.id), _document(meeting, meeting.id))
        batch.commit()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(commit, batches))


def utc_now() -> datetime:
    return datetime.now(UTC)
