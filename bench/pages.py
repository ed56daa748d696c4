"""What a page deep in a listing costs beside the first one, and what filters add."""

import http.client
import json
import statistics
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.asking import MEETINGS, show
from bench.processes import first_answer, free_port, function
from functions.bootstrap import Once
from functions.models import new_id
from infra.firestore.database import Database, client
from infra.firestore.meetings import MEETINGS as COLLECTION
from infra.firestore.meetings import _document
from tests.values import GUEST, a_meeting

PAGE_SIZE = 20
LONG_PAGE_SIZE = 100
BATCH_SIZE = 400
ROUNDS = 15


def compare_pages(environ: Mapping[str, str], meetings: int) -> None:
    project = f"{environ['GOOGLE_CLOUD_PROJECT']}-pages"
    store(project, meetings)
    port = free_port()
    with function("api", {**environ, "GOOGLE_CLOUD_PROJECT": project}, port):
        first_answer(port, "GET", "/api/v1/health/")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        first = f"{MEETINGS}?page_size={PAGE_SIZE}"
        number, deep = last_page(connection, meetings)
        filters = {
            "status": "CREATED",
            "participant_email": GUEST,
            "has_recording": "false",
            "scheduled_from": "2026-01-01T00:00:00Z",
        }
        compare(connection, f"page {number:,} of {PAGE_SIZE}", deep, first)
        compare(connection, "filtered, page 1", f"{first}&{urlencode(filters)}", first)
        connection.close()


def store(project: str, meetings: int) -> None:
    """Write meetings by the hundred, as fast as the emulator takes them."""
    database = Database(Once(lambda: client(project, "(default)")))
    begun = datetime.now(UTC).replace(microsecond=0)
    pattern = _document(a_meeting(), "")
    for first in range(0, meetings, BATCH_SIZE):
        batch = database.batch()
        for number in range(first, min(first + BATCH_SIZE, meetings)):
            meeting_id = new_id()
            start = begun + timedelta(minutes=number)
            times = {"scheduled_start": start, "scheduled_end": start + timedelta(hours=1)}
            created_at = begun - timedelta(seconds=number)
            values = {"id": meeting_id, "created_at": created_at, "write_id": meeting_id, **times}
            batch.create(database.document(COLLECTION, meeting_id), {**pattern, **values})
        batch.commit()


def last_page(connection: http.client.HTTPConnection, meetings: int) -> tuple[int, str]:
    """Walk to the last page, by long pages as far as they go; returns its number and its URL."""
    path = f"{MEETINGS}?page_size={LONG_PAGE_SIZE}"
    passed = 0
    while passed + LONG_PAGE_SIZE < meetings:
        path = following(get(connection, path), LONG_PAGE_SIZE)
        passed += LONG_PAGE_SIZE
    path = path.replace(f"page_size={LONG_PAGE_SIZE}", f"page_size={PAGE_SIZE}")
    while passed + PAGE_SIZE < meetings:
        path = following(get(connection, path), PAGE_SIZE)
        passed += PAGE_SIZE
    return passed // PAGE_SIZE + 1, path


def following(answer: Any, size: int) -> str:
    if len(answer["results"]) != size:
        raise SystemExit(f"a page of {len(answer['results'])} where {size} were asked for")
    url = urlsplit(answer["next"])
    return f"{url.path}?{url.query}"


def compare(connection: http.client.HTTPConnection, name: str, path: str, other: str) -> None:
    times = [(timed(connection, path), timed(connection, other)) for _ in range(ROUNDS)]
    mine, theirs = (statistics.median(column) * 1000 for column in zip(*times, strict=True))
    show(name, f"{mine:.1f} ms", f"page 1 {theirs:.1f} ms", mine / theirs)


def timed(connection: http.client.HTTPConnection, path: str) -> float:
    begun = time.perf_counter()
    found = get(connection, path)
    seconds = time.perf_counter() - begun
    if not found["results"]:
        raise SystemExit(f"nothing is listed at {path}")
    return seconds


def get(connection: http.client.HTTPConnection, path: str) -> Any:
    connection.request("GET", path)
    answer = connection.getresponse()
    body = json.loads(answer.read())
    if answer.status != 200:
        raise SystemExit(f"GET {path}: {answer.status} {body}")
    return body
