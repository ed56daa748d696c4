"""The internal functions admit the one account that calls them, and nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from functions.bearer import OnlyCaller
from infra.oidc import OidcVerifier
from tests.api.caller import Answer
from tests.api.log import Log
from tests.api.worker import Worker
from tests.infra.oidc_issuer import AUDIENCE, START, LoopbackIssuer, signing_keys

INVOKER = "invoker@project.iam.gserviceaccount.com"


class GuardedWorker(Worker):
    """The internal functions as they are deployed: each admits one account."""

    def __init__(self, issuer: str, trusts_removed_signature: bool = False) -> None:
        verifier = OidcVerifier(
            [issuer],
            frozenset({AUDIENCE}),
            lambda: START,
            trusts_removed_signature=trusts_removed_signature,
        )
        super().__init__(OnlyCaller(verifier, INVOKER))
        self.meeting_id = self.a_meeting()

    def app(self, function: str) -> Flask:
        apps = {"sync_calendar": self.sync_calendar, "sync_recording": self.sync_recording}
        return apps.get(function, self.sweeper)

    def call(self, function: str, *headers: tuple[str, str], **request: Any) -> Answer:
        body = {"meeting_id": self.meeting_id}
        return self.send(self.app(function), **({"json": body, "headers": list(headers)} | request))

    def bearing(self, function: str, token: str) -> Answer:
        return self.call(function, ("Authorization", f"Bearer {token}"))

    def is_untouched(self) -> bool:
        return self.store.asked == [] and self.queue.names == []


@pytest.fixture
def worker(issuer: LoopbackIssuer) -> GuardedWorker:
    return GuardedWorker(issuer.url)


class TestAdmitted:
    @pytest.mark.parametrize("header", ["Authorization", "X-Serverless-Authorization"])
    def test_a_task_of_the_queues_account_is_done(
        self, worker: GuardedWorker, issuer: LoopbackIssuer, header: str
    ) -> None:
        token = issuer.mint(email=INVOKER)

        answer = worker.call("sync_calendar", (header, f"Bearer {token}"))

        assert (answer.status, answer.json["outcome"]) == (200, "SYNCED")
        assert worker.is_synced(worker.meeting_id)

    def test_a_look_of_the_queues_account_is_done(
        self, worker: GuardedWorker, issuer: LoopbackIssuer
    ) -> None:
        worker.meeting_id = worker.a_past_meeting()

        answer = worker.bearing("sync_recording", issuer.mint(email=INVOKER))

        assert (answer.status, answer.json["outcome"]) == (200, "AVAILABLE")

    def test_a_sweep_of_the_schedulers_account_is_done(
        self, worker: GuardedWorker, issuer: LoopbackIssuer
    ) -> None:
        worker.time += timedelta(hours=1)

        answer = worker.bearing("sweep", issuer.mint(email=INVOKER))

        assert (answer.status, answer.json["nudged"]) == (200, 1)
        assert len(worker.queue.names) == 1

    def test_in_the_cloud_the_signature_is_taken_off(self, issuer: LoopbackIssuer) -> None:
        worker = GuardedWorker(issuer.url, trusts_removed_signature=True)
        token = issuer.mint_unsigned(email=INVOKER)

        assert worker.bearing("sync_calendar", token).json["outcome"] == "SYNCED"


@pytest.mark.parametrize("function", ["sync_calendar", "sync_recording", "sweep"])
class TestRefused:
    @pytest.mark.parametrize(
        "email",
        [
            "other@project.iam.gserviceaccount.com",
            "invoker@project.example",
            f"x{INVOKER}",
            INVOKER[1:],
        ],
    )
    def test_any_other_account(
        self, worker: GuardedWorker, issuer: LoopbackIssuer, function: str, email: str
    ) -> None:
        worker.time += timedelta(hours=1)

        answer = worker.bearing(function, issuer.mint(email=email))

        assert (answer.status, answer.json["code"]) == (403, "forbidden")
        assert worker.is_untouched()

    @pytest.mark.parametrize("value", [None, "", "Bearer ", "Basic dXNlcjpwYXNz"])
    def test_whoever_brings_no_token(
        self, worker: GuardedWorker, function: str, value: str | None
    ) -> None:
        worker.time += timedelta(hours=1)

        answer = worker.call(function, *([("Authorization", value)] if value is not None else []))

        assert (answer.status, answer.json["code"]) == (401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert worker.is_untouched()

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"aud": "https://sweep.example"}, "wrong_audience"),
            ({"iss": "https://evil.example"}, "unknown_issuer"),
            ({"exp": int(START.timestamp()) - 60}, "expired"),
            ({"email_verified": False}, "email_unverified"),
            ({"key": signing_keys("theirs", 0)[0]}, "invalid_signature"),
        ],
    )
    def test_a_token_that_proves_nothing(
        self,
        worker: GuardedWorker,
        issuer: LoopbackIssuer,
        log: Log,
        function: str,
        changes: dict[str, Any],
        reason: str,
    ) -> None:
        worker.time += timedelta(hours=1)
        token = issuer.mint(**{"email": INVOKER, **changes})

        answer = worker.bearing(function, token)

        assert (answer.status, answer.json["reason"]) == (401, reason)
        assert worker.is_untouched()
        assert token.split(".")[1] not in "".join(log.text)

    def test_a_removed_signature_where_anybody_could_write_it(
        self, worker: GuardedWorker, issuer: LoopbackIssuer, function: str
    ) -> None:
        token = issuer.mint_unsigned(email=INVOKER)

        answer = worker.bearing(function, token)

        assert (answer.status, answer.json["reason"]) == (401, "signature_removed")
        assert worker.is_untouched()

    def test_the_headers_of_a_task_are_no_proof(self, worker: GuardedWorker, function: str) -> None:
        worker.time += timedelta(hours=1)
        said = [("X-CloudTasks-TaskName", "t"), ("X-CloudTasks-QueueName", "calendar")]

        assert worker.call(function, *said, ("X-CloudScheduler", "true")).status == 401
        assert worker.is_untouched()

    @pytest.mark.parametrize(("method", "path"), [("POST", "/x"), ("GET", "/"), ("DELETE", "/x")])
    def test_a_stranger_learns_nothing_of_its_paths(
        self, worker: GuardedWorker, function: str, method: str, path: str
    ) -> None:
        assert worker.send(worker.app(function), method, path).status == 401

    def test_a_bad_body_is_not_even_read(self, worker: GuardedWorker, function: str) -> None:
        answer = worker.call(function, data=b"{", content_type="application/json", json=None)

        assert answer.status == 401
