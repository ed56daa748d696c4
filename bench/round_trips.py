"""What each operation costs: its calls to Firestore and Cloud Tasks, counted at a gate."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.processes import a_request
from functions.models import CalendarState, CalendarSync, user_id
from functions.ports import MeetingStore
from tests.processes.asking import Answer, ask
from tests.processes.gate import Gate
from tests.values import a_meeting, put

API = "/api/v1/"
MEETINGS = f"{API}meetings/"
USERS = f"{API}users/"
Counts = dict[str, int]


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str
    """With the names of what `Prepared` has made, in braces."""

    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""


def of_meeting(reference: str) -> dict[str, Any]:
    return {**a_request(reference), "organizer_email": f"{reference}@clinica.com"}


KEY = {"Idempotency-Key": "round-trips"}
GUEST = {"email": "interprete@correo.com"}
FILE = {"drive_file_id": "drive-file-2"}
ONE = f"{MEETINGS}{{meeting}}/"
PARTICIPANT = f"{ONE}participants/{{participant}}/"
RECORDING = f"{ONE}recordings/{{recording}}/"
SYNC = f"{API}recordings/sync/"
HELD_ON = datetime(2020, 1, 2, tzinfo=UTC)
WINDOW = {"scheduled_from": "2020-01-02T00:00:00Z", "scheduled_to": "2020-01-03T00:00:00Z"}
USER = f"{USERS}{user_id('user@clinica.com')}/"

OPERATIONS: Sequence[Operation] = (
    Operation("create", "POST", MEETINGS, of_meeting("new")),
    Operation(
        "create, no reference",
        "POST",
        MEETINGS,
        {**of_meeting("x"), **{"external_reference": None}},
    ),
    Operation("create, same reference", "POST", MEETINGS, of_meeting("new")),
    Operation("create, Idempotency-Key", "POST", MEETINGS, of_meeting("keyed"), KEY),
    Operation("create, replayed", "POST", MEETINGS, of_meeting("keyed"), KEY),
    Operation(
        "create, validate_only", "POST", MEETINGS, of_meeting("dry"), query="?validate_only=true"
    ),
    Operation(
        "create 2 at once",
        "POST",
        f"{API}meetings:batchCreate/",
        {"meetings": [of_meeting("b1"), of_meeting("b2")]},
    ),
    Operation(
        "cancel 2 at once", "POST", f"{API}meetings:batchCancel/", {"ids": ["{first}", "{second}"]}
    ),
    Operation("read", "GET", ONE),
    Operation("list", "GET", MEETINGS),
    Operation(
        "list, filtered",
        "GET",
        MEETINGS,
        query="?status=CREATED&participant_email=paciente@correo.com&scheduled_from=2026-01-01T00:00:00Z&has_recording=false",
    ),
    Operation("change", "PATCH", ONE, {"summary": "Moved"}),
    Operation("change, changes nothing", "PATCH", ONE, {"summary": "Moved"}),
    Operation(
        "change, Idempotency-Key", "PATCH", ONE, {"summary": "Again"}, {"Idempotency-Key": "change"}
    ),
    Operation(
        "change, validate_only", "PATCH", ONE, {"summary": "Dry"}, query="?validate_only=true"
    ),
    Operation("retry", "POST", f"{MEETINGS}{{failed}}/retry/"),
    Operation("timeline", "GET", f"{ONE}timeline/"),
    Operation("read attendance", "GET", f"{ONE}attendance/"),
    Operation("add participant", "POST", f"{ONE}participants/", GUEST),
    Operation("list participants of one", "GET", f"{ONE}participants/"),
    Operation("read participant", "GET", PARTICIPANT),
    Operation("change participant", "PATCH", PARTICIPANT, {"email": "other@correo.com"}),
    Operation("change participant's kind", "PATCH", PARTICIPANT, {"kind": "patient"}),
    Operation("remove participant", "DELETE", PARTICIPANT),
    Operation("list participants", "GET", f"{API}participants/"),
    Operation("register recording", "POST", f"{ONE}recordings/", FILE),
    Operation("list recordings of one", "GET", f"{ONE}recordings/"),
    Operation("read newest recording", "GET", f"{ONE}recording/"),
    Operation("read recording", "GET", RECORDING),
    Operation("change recording", "PATCH", RECORDING, {"state": "MISSING"}),
    Operation("remove recording", "DELETE", RECORDING),
    Operation("list recordings", "GET", f"{API}recordings/"),
    Operation("sync recordings of one", "POST", SYNC, {"meeting": "{held}"}),
    Operation("sync recordings of a window of one", "POST", SYNC, WINDOW),
    Operation("cancel", "DELETE", ONE),
    Operation("cancel, again", "DELETE", ONE),
    Operation("create user", "POST", USERS, {"email": "user@clinica.com", "role": "service"}),
    Operation("list users", "GET", USERS),
    Operation("list users, by email", "GET", USERS, query="?email=user@clinica.com"),
    Operation("read user", "GET", USER),
    Operation("change user", "PATCH", USER, {"active": False}),
    Operation("remove user", "DELETE", USER),
    Operation("read who calls", "GET", f"{USERS}me/"),
    Operation("examine", "GET", f"{API}doctor/"),
)
"""In this order: some go on with what others made."""


class Product:
    """An `api` that answers at a URL, behind gates that count."""

    def __init__(self, url: str, gates: Sequence[Gate], headers: Mapping[str, str]) -> None:
        self._url = url
        self._gates = gates
        self._headers = {"Prefer": "respond-async", **headers}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        return ask(self._url, method, path, body, {**self._headers, **headers})

    def count(self, operation: Operation, names: Mapping[str, str]) -> tuple[Answer, Counts]:
        """Do what is asked, and return its answer and its calls."""
        path = operation.path.format(**names) + operation.query
        body = operation.body
        if body and "ids" in body:
            body = {"ids": [one.format(**names) for one in body["ids"]]}
        if body and "meeting" in body:
            body = {"meeting": body["meeting"].format(**names)}
        for gate in self._gates:
            gate.take_counts()
        answer = self.ask(operation.method, path, body, **operation.headers)
        if answer.status >= 500:
            raise RuntimeError(f"{operation.name}: {answer.status} {answer.body!r}")
        counts = {name: n for gate in self._gates for name, n in gate.take_counts().items()}
        return answer, counts

    def count_each(self, store: MeetingStore) -> Iterator[tuple[Operation, Answer, Counts]]:
        names = self._prepare(store)
        for operation in OPERATIONS:
            yield operation, *self.count(operation, names)

    def _prepare(self, store: MeetingStore) -> dict[str, str]:
        """Make what the operations need, and return the ids."""
        calendar = CalendarSync(state=CalendarState.FAILED)
        failed = a_meeting(calendar=calendar, livemode=False, journal_length=1)
        put(store, failed)
        held = a_meeting(
            livemode=False,
            scheduled_start=HELD_ON,
            scheduled_end=HELD_ON + timedelta(hours=1),
            meeting_code="abc-defg-hij",
            journal_length=1,
        )
        put(store, held)
        made = self.ask("POST", MEETINGS, of_meeting("old")).json
        path = f"{MEETINGS}{made['id']}/"
        added = self.ask("POST", f"{path}participants/", {"email": "companion@correo.com"}).json
        recording = self.ask("POST", f"{path}recordings/", {"drive_file_id": "drive-file-1"}).json
        several = [self.ask("POST", MEETINGS, of_meeting(name)).json["id"] for name in ("c1", "c2")]
        return {
            "meeting": made["id"],
            "participant": added["id"],
            "recording": recording["id"],
            "failed": failed.id,
            "held": held.id,
            "first": several[0],
            "second": several[1],
        }
