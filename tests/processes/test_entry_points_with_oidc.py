"""Each entry point alone with AUTH=oidc, as the cloud runs it, and an issuer on loopback."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.models import new_id
from tests.infra.oidc_issuer import LoopbackIssuer, loopback_issuer
from tests.processes.asking import MEETINGS, Answer, ask
from tests.processes.running import Function, environment
from tests.processes.test_entry_points import entry_points
from tests.processes.tokens import ME, ask_as, refusal

API = "https://api.clinic.example"
SYNC_CALENDAR = "https://sync-calendar.clinic.example"
SYNC_RECORDING = "https://sync-recording.clinic.example"
SWEEP = "https://sweep.clinic.example"
ADMIN = "admin@clinica.com"
INVOKER = "tasks@clinic.iam.gserviceaccount.com"
SCHEDULER = "scheduler@clinic.iam.gserviceaccount.com"
INTERNAL = {
    "sync_calendar": (INVOKER, SYNC_CALENDAR),
    "sync_recording": (INVOKER, SYNC_RECORDING),
    "sweep": (SCHEDULER, SWEEP),
}


def invalid(reason: str) -> tuple[int, str, str, str]:
    return 401, 'Bearer error="invalid_token"', "invalid_token", reason


@pytest.fixture(scope="module")
def callers() -> Iterator[LoopbackIssuer]:
    with loopback_issuer("callers") as issuer:
        yield issuer


@pytest.fixture(scope="module")
def google() -> Iterator[LoopbackIssuer]:
    """Who issues the tokens of Cloud Tasks and Cloud Scheduler."""
    with loopback_issuer("google") as issuer:
        yield issuer


@pytest.fixture(scope="module")
def environ(callers: LoopbackIssuer, google: LoopbackIssuer) -> dict[str, str]:
    return environment(
        GOOGLE_CLOUD_PROJECT="entry-points",
        AUTH="oidc",
        OIDC_ISSUERS=callers.url,
        OIDC_AUDIENCES=API,
        FIRST_ADMIN_EMAIL=ADMIN,
        INVOKER_ISSUER=google.url,
        TASKS_INVOKER_EMAIL=INVOKER,
        SCHEDULER_INVOKER_EMAIL=SCHEDULER,
        SYNC_CALENDAR_URL=SYNC_CALENDAR,
        SYNC_RECORDING_URL=SYNC_RECORDING,
        SWEEP_URL=SWEEP,
        CLOUD_TASKS_EMULATOR_HOST="127.0.0.1:9",
        STORE="embedded",
    )


def mint(issuer: LoopbackIssuer, email: str, audience: str, **changes: Any) -> str:
    now = int(time.time())
    claims = {"email": email, "aud": audience, "iat": now, "exp": now + 600, **changes}
    return issuer.mint(**claims)


@pytest.fixture(scope="module")
def api(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Function]:
    with Function("api", environ, tmp_path_factory.mktemp("api") / "log") as function:
        function.start()
        yield function


class TestTheApi:
    def test_nobody_is_let_in_without_a_token(self, api: Function) -> None:
        assert refusal(ask(api.url, "GET", MEETINGS)) == (401, "Bearer", "unauthenticated", None)

    def test_the_first_admin_is_let_in(self, api: Function, callers: LoopbackIssuer) -> None:
        answer = ask_as(mint(callers, ADMIN, API), api.url, "GET", ME)

        assert (answer.status, answer.json["role"]) == (200, "admin")

    def test_a_token_in_googles_own_header_counts(
        self, api: Function, callers: LoopbackIssuer
    ) -> None:
        token = mint(callers, ADMIN, API)

        answer = ask(api.url, "GET", ME, headers={"X-Serverless-Authorization": f"Bearer {token}"})

        assert (answer.status, answer.json["email"]) == (200, ADMIN)

    def test_nobody_else_is_known_yet(self, api: Function, callers: LoopbackIssuer) -> None:
        answer = ask_as(mint(callers, "xoma@clinica.com", API), api.url, "GET", ME)

        assert (answer.status, answer.json["code"]) == (403, "unknown_caller")

    def test_another_audience_or_issuer_is_refused(
        self, api: Function, callers: LoopbackIssuer, google: LoopbackIssuer
    ) -> None:
        elsewhere = mint(callers, ADMIN, SYNC_CALENDAR)
        of_google = mint(google, ADMIN, API)

        refused = [refusal(ask_as(t, api.url, "GET", ME)) for t in (elsewhere, of_google)]

        assert refused == [invalid("wrong_audience"), invalid("unknown_issuer")]

    def test_a_removed_signature_proves_nothing_here(
        self, api: Function, callers: LoopbackIssuer
    ) -> None:
        content = mint(callers, ADMIN, API).rpartition(".")[0]

        answer = ask_as(f"{content}.SIGNATURE_REMOVED_BY_GOOGLE", api.url, "GET", ME)

        assert refusal(answer) == invalid("signature_removed")

    def test_an_issuer_that_is_down_is_no_fault_of_the_function(
        self, environ: dict[str, str], tmp_path: Path
    ) -> None:
        with loopback_issuer("down") as issuer:
            issuer.break_down()
            down = {**environ, "OIDC_ISSUERS": issuer.url}
            with Function("api", down, tmp_path / "log") as function:
                function.start()
                answer = ask_as(mint(issuer, ADMIN, API), function.url, "GET", ME)
                health = ask(function.url, "GET", "/api/v1/health/")

        assert refusal(answer) == invalid("keys_unavailable")
        assert health.status == 200


@pytest.fixture(scope="module", params=sorted(INTERNAL))
def internal(
    request: pytest.FixtureRequest,
    environ: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator["Internal"]:
    log = tmp_path_factory.mktemp(request.param) / "log"
    with Function(request.param, environ, log) as function:
        function.start()
        yield Internal(function.url, *INTERNAL[request.param])


class Internal:
    def __init__(self, url: str, email: str, audience: str) -> None:
        self.url = url
        self.email = email
        self.audience = audience

    def call(self, token: str) -> Answer:
        return ask_as(token, self.url, "POST", "/", {"meeting_id": new_id()})


def test_all_but_the_api_are_internal() -> None:
    assert set(entry_points()) == {"api", *INTERNAL}


class TestAnInternalFunction:
    def test_nobody_is_let_in_without_a_token(self, internal: Internal) -> None:
        answer = ask(internal.url, "POST", "/", {"meeting_id": new_id()})

        assert refusal(answer) == (401, "Bearer", "unauthenticated", None)

    def test_its_one_caller_is_let_in(self, internal: Internal, google: LoopbackIssuer) -> None:
        answer = internal.call(mint(google, internal.email, internal.audience))

        assert answer.status == 200

    def test_any_other_account_is_refused(self, internal: Internal, google: LoopbackIssuer) -> None:
        others = {ADMIN, INVOKER, SCHEDULER} - {internal.email}

        answers = [internal.call(mint(google, email, internal.audience)) for email in others]

        assert [(a.status, a.json["code"]) for a in answers] == [(403, "forbidden")] * 2

    def test_a_token_for_another_function_is_refused(
        self, internal: Internal, google: LoopbackIssuer
    ) -> None:
        others = {API, SYNC_CALENDAR, SYNC_RECORDING, SWEEP} - {internal.audience}

        answers = [internal.call(mint(google, internal.email, audience)) for audience in others]

        assert [refusal(a) for a in answers] == [invalid("wrong_audience")] * 3

    def test_the_callers_issuer_does_not_speak_for_google(
        self, internal: Internal, callers: LoopbackIssuer
    ) -> None:
        answer = internal.call(mint(callers, internal.email, internal.audience))

        assert refusal(answer) == invalid("unknown_issuer")
