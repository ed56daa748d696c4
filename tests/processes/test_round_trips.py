"""How many calls each operation makes: what it costs, on whatever machine."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.round_trips import API, MEETINGS, OPERATIONS, USERS, Counts, Operation, Product
from functions.api.routes import ANYBODY, ROUTES
from functions.models import user_id
from infra.firestore.database import Database, client
from infra.firestore.meetings import FirestoreMeetingStore
from tests.infra.oidc_issuer import AUDIENCE, EMAIL, LoopbackIssuer, loopback_issuer
from tests.processes.clinic import PROJECT, THREADS, Clinic
from tests.processes.running import Function, environment

READ = {"BatchGetDocuments": 1}
QUERY = {"RunQuery": 1}
WRITE = {"BatchGetDocuments": 1, "Commit": 1}
CHANGE = {"BatchGetDocuments": 1, "Commit": 1, "CreateTask": 1}

COSTS: dict[str, tuple[int, Counts]] = {
    "create": (202, {"Commit": 1, "CreateTask": 1}),
    "create, no reference": (202, {"Commit": 1, "CreateTask": 1}),
    "create, same reference": (200, {"Commit": 1, "BatchGetDocuments": 3}),
    "create, Idempotency-Key": (202, {"BatchGetDocuments": 1, "Commit": 2, "CreateTask": 1}),
    "create, replayed": (202, READ),
    "create, validate_only": (204, READ),
    "create 2 at once": (200, {"Commit": 2, "CreateTask": 2}),
    "cancel 2 at once": (200, {"BatchGetDocuments": 2, "Commit": 2, "CreateTask": 2}),
    "read": (200, READ),
    "list": (200, QUERY),
    "list, filtered": (200, QUERY),
    "change": (200, CHANGE),
    "change, changes nothing": (200, READ),
    "change, Idempotency-Key": (200, {"BatchGetDocuments": 2, "Commit": 2, "CreateTask": 1}),
    "change, validate_only": (204, READ),
    "retry": (200, CHANGE),
    "timeline": (200, QUERY),
    "read attendance": (200, READ),
    "add participant": (201, CHANGE),
    "list participants of one": (200, READ),
    "read participant": (200, READ),
    "change participant": (200, CHANGE),
    "change participant's kind": (200, WRITE),
    "remove participant": (204, CHANGE),
    "list participants": (200, QUERY),
    "register recording": (201, WRITE),
    "list recordings of one": (200, READ),
    "read newest recording": (200, READ),
    "read recording": (200, READ),
    "change recording": (200, WRITE),
    "remove recording": (204, WRITE),
    "list recordings": (200, QUERY),
    "sync recordings of one": (202, CHANGE),
    "sync recordings of a window of one": (202, {**QUERY, **CHANGE}),
    "cancel": (200, CHANGE),
    "cancel, again": (200, READ),
    "create user": (201, {"Commit": 1}),
    "list users": (200, QUERY),
    "list users, by email": (200, READ),
    "read user": (200, READ),
    "change user": (200, WRITE),
    "remove user": (204, WRITE),
    "read who calls": (200, {}),
    "examine": (200, {"BatchGetDocuments": 2, "GetQueue": 2}),
}
"""The status, and the calls: with AUTH=off nobody calls."""


def open_store(clinic: Clinic) -> FirestoreMeetingStore:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRESTORE_EMULATOR_HOST", clinic.firestore_gate.address)
        made = client(PROJECT, "(default)")
    return FirestoreMeetingStore(Database(lambda: made))


@pytest.fixture(scope="module")
def counted(running_clinic: Clinic) -> dict[str, tuple[int, Counts]]:
    running_clinic.anew()
    running_clinic.pause_queue()
    gates = (running_clinic.firestore_gate, running_clinic.tasks_gate)
    product = Product(running_clinic.api.url, gates, {})
    return {
        operation.name: (answer.status, counts)
        for operation, answer, counts in product.count_each(open_store(running_clinic))
    }


class TestEachOperation:
    @pytest.mark.parametrize("name", COSTS)
    def test_makes_these_calls_and_no_more(
        self, name: str, counted: dict[str, tuple[int, Counts]]
    ) -> None:
        assert counted[name] == COSTS[name]

    def test_is_counted(self) -> None:
        asked = {(operation.method, _shape(operation.path)) for operation in OPERATIONS}
        routes = {
            (route.method, _shape(route.path)) for route in ROUTES if route.roles is not ANYBODY
        }

        assert asked == routes
        assert [operation.name for operation in OPERATIONS] == list(COSTS)


class Callers:
    """An `api` of its own that identifies who calls, and a user for each of its tests."""

    def __init__(self, clinic: Clinic, issuer: LoopbackIssuer, function: Function) -> None:
        self._clinic = clinic
        self._issuer = issuer
        self._function = function

    def make_user(self, email: str, role: str = "admin") -> None:
        off = Product(self._clinic.api.url, (), {})
        assert off.ask("POST", USERS, {"email": email, "role": role}).status == 201

    def product(self, email: str) -> Product:
        now = int(time.time())
        token = self._issuer.mint(email=email, iat=now, exp=now + 3600)
        gates = (self._clinic.firestore_gate, self._clinic.tasks_gate)
        return Product(self._function.url, gates, {"Authorization": f"Bearer {token}"})


@pytest.fixture(scope="module")
def issuer() -> Iterator[LoopbackIssuer]:
    with loopback_issuer() as issuer:
        yield issuer


StartCallers = Callable[..., Callers]


@pytest.fixture
def start_callers(clinic: Clinic, issuer: LoopbackIssuer, tmp_path: Path) -> Iterator[StartCallers]:
    started: list[Function] = []

    def start(**settings: str) -> Callers:
        clinic.pause_queue()
        environ = environment(
            GOOGLE_CLOUD_PROJECT=PROJECT,
            AUTH="oidc",
            OIDC_ISSUERS=issuer.url,
            OIDC_AUDIENCES=AUDIENCE,
            TASKS_INVOKER_EMAIL="tasks@clinic.iam.gserviceaccount.com",
            SCHEDULER_INVOKER_EMAIL="scheduler@clinic.iam.gserviceaccount.com",
            SWEEP_URL="http://127.0.0.1:9/",
            THREADS=str(THREADS),
            FIRESTORE_EMULATOR_HOST=clinic.firestore_gate.address,
            CLOUD_TASKS_EMULATOR_HOST=clinic.tasks_gate.address,
            SYNC_CALENDAR_URL="http://127.0.0.1:9/",
            SYNC_RECORDING_URL="http://127.0.0.1:9/",
            **settings,
        )
        function = Function("api", environ, tmp_path / "api.log")
        started.append(function)
        function.start()
        return Callers(clinic, issuer, function)

    yield start
    for function in started:
        function.kill()


class TestWhoCalls:
    def test_is_read_once_and_known_after_that(self, start_callers: StartCallers) -> None:
        callers = start_callers()
        callers.make_user(EMAIL)
        product = callers.product(EMAIL)
        listing = Operation("list", "GET", MEETINGS)

        first = product.count(listing, {})
        second = product.count(listing, {})

        assert [answer.status for answer, _ in (first, second)] == [200, 200]
        assert first[1] == {"BatchGetDocuments": 1, "RunQuery": 1}
        assert second[1] == {"RunQuery": 1}

    def test_is_told_without_another_read(self, start_callers: StartCallers) -> None:
        callers = start_callers()
        callers.make_user(EMAIL)
        product = callers.product(EMAIL)
        me = Operation("read who calls", "GET", f"{USERS}me/")

        assert product.count(me, {})[1] == READ
        assert product.count(me, {})[1] == {}

    def test_a_refusal_costs_the_read_alone(self, start_callers: StartCallers) -> None:
        callers = start_callers()
        callers.make_user(EMAIL, "external")
        product = callers.product(EMAIL)
        create_user = Operation("create user", "POST", USERS, {"email": "x@y.com", "role": "admin"})

        answer, counts = product.count(create_user, {})

        assert (answer.status, counts) == (403, READ)

    def test_keys_are_fetched_once_for_all_tokens(
        self, start_callers: StartCallers, issuer: LoopbackIssuer
    ) -> None:
        callers = start_callers()
        callers.make_user(EMAIL)
        before = issuer.fetches

        for _ in range(3):
            assert callers.product(EMAIL).ask("GET", f"{API}users/me/").status == 200

        assert issuer.fetches == before + 1

    def test_requests_are_counted_by_one_commit_for_each_tenth_of_the_allowance(
        self, start_callers: StartCallers
    ) -> None:
        callers = start_callers(RATE_LIMIT_PER_MINUTE="30")
        me = Operation("read who calls", "GET", f"{USERS}me/")
        counts: list[Counts] = []

        for email in ("one@clinica.com", "two@clinica.com", "three@clinica.com"):
            callers.make_user(email)
            product = callers.product(email)
            minute = time.time() // 60
            counts = [product.count(me, {})[1] for _ in range(7)]
            # Where another minute began meanwhile, so did another allowance.
            if time.time() // 60 == minute:
                break

        assert counts == [
            {"BatchGetDocuments": 1, "Commit": 1},
            {},
            {},
            {"Commit": 1},
            {},
            {},
            {"Commit": 1},
        ]


def _shape(path: str) -> str:
    """A path with every name in it made the same."""
    parts = path.replace("<", "{").replace(">", "}").split("/")
    ids = {user_id("user@clinica.com")}
    return "/".join("{}" if part.startswith("{") or part in ids else part for part in parts)
