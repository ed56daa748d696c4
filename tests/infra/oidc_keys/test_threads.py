"""Many callers at once share one fetch."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from functions.errors import InvalidToken
from infra import oidc_keys
from infra.oidc import OidcVerifier
from tests.infra.oidc_issuer import EMAIL, Clock, LoopbackIssuer, refused
from tests.infra.oidc_keys.verifying import HOUR, warnings


class TestThreads:
    def test_many_at_once_fetch_once(self, issuer: LoopbackIssuer, verifier: OidcVerifier) -> None:
        assert self._all_at_once(issuer, verifier) == {EMAIL}
        assert issuer.fetches == 1

    def test_many_at_once_find_a_new_key_with_one_fetch(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, clock: Clock
    ) -> None:
        verifier.verify(issuer.mint())
        issuer.asked = threading.Semaphore(0)
        issuer.rotate()
        clock.seconds = 60

        assert self._all_at_once(issuer, verifier) == {EMAIL}
        assert issuer.fetches == 2

    def test_many_at_once_fail_with_one_fetch(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier
    ) -> None:
        issuer.break_down()

        assert self._all_at_once(issuer, verifier) == {"keys_unavailable"}
        assert issuer.fetches == 1

    def test_nobody_waits_for_a_refresh_whose_key_is_there(
        self,
        issuer: LoopbackIssuer,
        verifier: OidcVerifier,
        clock: Clock,
        caplog: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(oidc_keys, "TIMEOUT_SECONDS", 0.5)
        verifier.verify(issuer.mint())
        issuer.asked = threading.Semaphore(0)
        issuer.opened.clear()
        clock.seconds = HOUR

        with ThreadPoolExecutor(1) as pool:
            refreshing = pool.submit(verifier.verify, issuer.mint())
            issuer.asked.acquire()
            assert verifier.verify(issuer.mint()) == EMAIL
            issuer.opened.set()
            assert refreshing.result() == EMAIL

        assert issuer.fetches == 2
        assert warnings(caplog) == []  # it did not have to run into its time limit

    def test_nobody_waits_for_ever(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(oidc_keys, "PATIENCE_SECONDS", 0.01)
        issuer.opened.clear()

        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(verifier.verify, issuer.mint())
            issuer.asked.acquire()
            assert refused(verifier, issuer.mint()) == "keys_unavailable"
            issuer.opened.set()
            assert first.result() == EMAIL

    def _all_at_once(self, issuer: LoopbackIssuer, verifier: OidcVerifier) -> set[str]:
        together = threading.Barrier(20)

        def outcome(_: int) -> str:
            together.wait()
            try:
                return verifier.verify(issuer.mint())
            except InvalidToken as error:
                return error.reason

        issuer.opened.clear()
        with ThreadPoolExecutor(20) as pool:
            outcomes = pool.map(outcome, range(20))
            issuer.asked.acquire()
            issuer.asked.acquire(timeout=0.2)  # time for a second fetch, which must not come
            issuer.opened.set()
            return set(outcomes)
