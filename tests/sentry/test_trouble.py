"""A Sentry that is away, slow or broken costs nobody an answer, and the process still ends."""

import base64
import json
import logging
import signal
import time
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
from blinker import Signal

from infra import sentry
from tests.processes.asking import MEETINGS, ask
from tests.processes.running import Function, wait_until
from tests.sentry.conftest import function_of
from tests.sentry.receiver import KEY, Receiver

AWAY = f"http://{KEY}@127.0.0.1:9/42"
MORE_THAN_WAIT = 60
"""Requests with two events each: a hundred wait at most, and what comes then is dropped.

https://github.com/getsentry/sentry-python/blob/master/sentry_sdk/consts.py
"""

SWEEP_URL = "https://sweep-1.europe-west1.run.app"
CLOUD = {
    "K_SERVICE": "meet-sweep",
    "K_REVISION": "meet-sweep-00007-abc",
    "AUTH": "oidc",
    "STORE": "firestore",
    "CLOUD_TASKS_EMULATOR_HOST": "",
    "SYNC_CALENDAR_URL": "https://sync-calendar-1.europe-west1.run.app",
    "SYNC_RECORDING_URL": "https://sync-recording-1.europe-west1.run.app",
    "SWEEP_URL": SWEEP_URL,
    "OIDC_ISSUERS": "https://accounts.google.com",
    "OIDC_AUDIENCES": "https://api-1.europe-west1.run.app",
    "TASKS_INVOKER_EMAIL": "tasks@clinic.iam.gserviceaccount.com",
    "SCHEDULER_INVOKER_EMAIL": "scheduler@clinic.iam.gserviceaccount.com",
}


def schedulers_token() -> str:
    """As Google's front end hands it on: checked, and without its signature."""
    claims = {
        "iss": "https://accounts.google.com",
        "aud": SWEEP_URL,
        "iat": time.time() - 60,
        "exp": time.time() + 600,
        "sub": "1",
        "email": CLOUD["SCHEDULER_INVOKER_EMAIL"],
        "email_verified": True,
    }
    parts = [{"alg": "RS256", "kid": "1", "typ": "JWT"}, claims]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()) for part in parts]
    return (
        b".".join(part.rstrip(b"=") for part in encoded).decode() + ".SIGNATURE_REMOVED_BY_GOOGLE"
    )


def assert_fails_as_ever(function: Function, path: str = MEETINGS) -> None:
    headers = {"Authorization": f"Bearer {schedulers_token()}"}
    answer = ask(function.url, "POST", path, {}, headers)
    assert (answer.status, answer.json["code"]) == (500, "internal_error")


def assert_ends(function: Function) -> None:
    function.signal(signal.SIGTERM)
    assert function.wait() == 0
    assert KEY not in function.output + function.errors
    assert "sentry" not in function.errors


@pytest.mark.parametrize("trouble", ["away", "slow", "refuses"])
def test_answers_are_as_ever_and_the_process_ends(
    receiver: Receiver, tmp_path: Path, trouble: str
) -> None:
    if trouble == "slow":
        receiver.opened.clear()
    elif trouble == "refuses":
        receiver.status = 500
    dsn = AWAY if trouble == "away" else receiver.dsn

    with function_of("broken_source.py", "api", tmp_path / "log", SENTRY_DSN=dsn) as api:
        api.start()
        for _ in range(MORE_THAN_WAIT if trouble == "slow" else 5):
            assert_fails_as_ever(api)
        assert_ends(api)


class TestInTheCloud:
    @pytest.fixture
    def sweep(self, receiver: Receiver, tmp_path: Path) -> Function:
        settings = {**CLOUD, "SENTRY_DSN": receiver.dsn}
        return function_of("broken_source.py", "sweep", tmp_path / "log", **settings)

    def test_an_error_is_sent_before_the_answer(self, receiver: Receiver, sweep: Function) -> None:
        receiver.answers_after_seconds = 0.3
        with sweep:
            sweep.start()
            assert_fails_as_ever(sweep, "/")
            answered_at = time.monotonic()

        assert receiver.answered_at and receiver.answered_at[0] <= answered_at
        assert receiver.events[0]["release"] == "meet-sweep-00007-abc"

    def test_a_slow_one_is_not_waited_for_for_ever(
        self, receiver: Receiver, sweep: Function
    ) -> None:
        receiver.opened.clear()
        with sweep:
            sweep.start()
            assert_fails_as_ever(sweep, "/")
            wait_until(lambda: bool(receiver.envelopes), 10, "the event on its way")
            assert_ends(sweep)


def test_after_a_wait_in_vain_nobody_waits_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock:
        now = 1000.0

        def monotonic(self) -> float:
            return self.now

    clock = Clock()
    waits: list[float] = []

    def flush(_: Any, seconds: float) -> None:
        waits.append(seconds)
        clock.now += seconds

    monkeypatch.setattr(sentry, "time", clock)
    monkeypatch.setattr(sentry_sdk.Client, "flush", flush)
    handler = sentry.SentryHandler(AWAY, "clinic", None)

    def fail_and_wait() -> None:
        handler.emit(logging.makeLogRecord({"name": "functions", "msg": "x"}))
        handler.wait()

    fail_and_wait()
    handler.wait()
    fail_and_wait()
    assert len(waits) == 1

    clock.now += 60
    fail_and_wait()
    assert len(waits) == 2


@pytest.mark.parametrize("in_cloud", [True, False])
def test_no_answer_waits_where_the_process_goes_on_after_it(
    monkeypatch: pytest.MonkeyPatch, in_cloud: bool
) -> None:
    answered = Signal()
    monkeypatch.setattr(sentry, "request_finished", answered)
    monkeypatch.setattr(sentry, "OURS", frozenset())

    sentry.configure_sentry(AWAY, "clinic", None, in_cloud)

    assert bool(answered.receivers) is in_cloud


def test_what_goes_wrong_with_telling_is_nobodys_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(sentry_sdk.Client, "capture_event", fail)

    sentry.SentryHandler(AWAY, "clinic", None).emit(logging.makeLogRecord({"msg": "x"}))


@pytest.mark.parametrize(
    "dsn",
    [f"https://sentry.example/{KEY}", f"http://{KEY}@sentry.example/42", f"https://{KEY}@h/x", KEY],
)
def test_a_faulty_dsn_ends_the_process_and_is_not_printed(tmp_path: Path, dsn: str) -> None:
    with function_of("broken_source.py", "api", tmp_path / "log", SENTRY_DSN=dsn) as function:
        function.launch()

        assert function.wait(20) != 0
        assert "SENTRY_DSN" in function.errors
        assert KEY not in function.errors + function.output
        assert "Traceback" not in function.errors
