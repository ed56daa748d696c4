"""An issuer's keys are fetched rarely, and a new one is found at once."""

from infra.oidc import OidcVerifier
from tests.infra.oidc_issuer import (
    AUDIENCE,
    DISCOVERY,
    EMAIL,
    JWKS,
    Answer,
    Clock,
    LoopbackIssuer,
    encoded,
    loopback_issuer,
    refused,
)
from tests.infra.oidc_keys.verifying import HOUR, unknown


class TestKept:
    def test_fetched_for_the_first_token_and_no_sooner(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, clock: Clock
    ) -> None:
        assert issuer.heard == []

        for _ in range(5):
            verifier.verify(issuer.mint())
            verifier.verify(issuer.mint(issuer.ec))

        assert issuer.heard == [DISCOVERY, JWKS]

    def test_refreshed_after_an_hour(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, clock: Clock
    ) -> None:
        fetches = []
        for clock.seconds in (0, HOUR - 1, HOUR, 2 * HOUR - 1, 2 * HOUR):
            verifier.verify(issuer.mint())
            fetches.append(issuer.fetches)

        assert fetches == [1, 1, 2, 2, 3]

    def test_a_withdrawn_key_serves_until_the_refresh(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, clock: Clock
    ) -> None:
        old = issuer.mint()
        verifier.verify(old)
        issuer.rotate()

        clock.seconds = HOUR - 1
        assert verifier.verify(old) == EMAIL
        clock.seconds = HOUR
        assert refused(verifier, old) == "unknown_key"

    def test_no_keys_at_all_are_an_answer_too(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, clock: Clock
    ) -> None:
        verifier.verify(issuer.mint())
        issuer.answers = {JWKS: Answer(encoded({"keys": []}))}
        clock.seconds = HOUR

        assert refused(verifier, issuer.mint()) == "unknown_key"


class TestRotation:
    def test_a_new_key_is_found_at_once(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, clock: Clock
    ) -> None:
        verifier.verify(issuer.mint())
        issuer.rotate()
        clock.seconds = 60

        assert verifier.verify(issuer.mint()) == EMAIL
        assert issuer.fetches == 2

    def test_unknown_kids_buy_one_fetch_a_minute(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, clock: Clock
    ) -> None:
        fetches = []
        for clock.seconds in (0, 1, 59, 60, 61, 119, 120):
            for number in range(10):
                assert refused(verifier, unknown(issuer, number)) == "unknown_key"
            fetches.append(issuer.fetches)

        assert fetches == [1, 1, 1, 2, 2, 2, 3]

    def test_so_does_an_issuer_that_fails(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, clock: Clock
    ) -> None:
        verifier.verify(issuer.mint())
        issuer.break_down()

        fetches = []
        for clock.seconds in (60, 70, 119, 120):
            assert refused(verifier, unknown(issuer)) == "unknown_key"
            fetches.append(issuer.fetches)

        assert fetches == [2, 2, 2, 3]

    def test_each_issuer_has_its_own_minute(self, issuer: LoopbackIssuer, clock: Clock) -> None:
        with loopback_issuer("theirs") as other:
            urls = [issuer.url, other.url]
            verifier = OidcVerifier(urls, frozenset({AUDIENCE}), clock.now, clock.monotonic)
            refused(verifier, unknown(issuer))

            assert verifier.verify(other.mint()) == EMAIL
            assert issuer.fetches == other.fetches == 1
