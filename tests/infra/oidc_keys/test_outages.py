"""Old keys outlive an issuer's outage, and stop serving at last."""

from concurrent.futures import ThreadPoolExecutor

from infra.oidc import OidcVerifier
from tests.infra.oidc_issuer import EMAIL, Clock, LoopbackIssuer, refused
from tests.infra.oidc_keys.verifying import DAY, HOUR, unknown


class TestOutage:
    def test_the_old_keys_serve_for_a_day(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, clock: Clock
    ) -> None:
        verifier.verify(issuer.mint())
        issuer.break_down()

        for clock.seconds in (HOUR, 12 * HOUR, DAY - 1):
            assert verifier.verify(issuer.mint()) == EMAIL
        for clock.seconds in (DAY, DAY + 1):
            assert refused(verifier, issuer.mint()) == "keys_unavailable"
            assert refused(verifier, unknown(issuer)) == "keys_unavailable"

    def test_a_fetch_that_fails_is_repeated_every_ten_seconds(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, clock: Clock
    ) -> None:
        issuer.break_down()

        fetches = []
        for clock.seconds in (0, 1, 9.9, 10, 11, 19.9, 20):
            assert refused(verifier, issuer.mint()) == "keys_unavailable"
            fetches.append(issuer.fetches)

        assert fetches == [1, 1, 1, 2, 2, 2, 3]

    def test_likewise_while_the_old_keys_serve(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, clock: Clock
    ) -> None:
        verifier.verify(issuer.mint())
        issuer.break_down()

        fetches = []
        for seconds in (0, 9, 10, 19, 20):
            clock.seconds = HOUR + seconds
            verifier.verify(issuer.mint())
            fetches.append(issuer.fetches)

        assert fetches == [2, 2, 3, 3, 4]

    def test_ends_with_the_next_fetch(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, clock: Clock
    ) -> None:
        issuer.break_down()
        refused(verifier, issuer.mint())
        issuer.answers = {}
        clock.seconds = 10

        assert verifier.verify(issuer.mint()) == EMAIL

    def test_the_pause_begins_when_the_fetch_has_ended(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, clock: Clock
    ) -> None:
        issuer.break_down()
        issuer.opened.clear()
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(refused, verifier, issuer.mint())
            issuer.asked.acquire()
            clock.seconds = 6
            issuer.opened.set()
            slow.result()

        clock.seconds = 15
        refused(verifier, issuer.mint())

        assert issuer.fetches == 1
