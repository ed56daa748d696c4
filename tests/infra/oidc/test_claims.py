"""Claims that are missing, odd, stale or made for somebody else."""

from typing import Any

import pytest

from infra.oidc import OidcVerifier
from tests.infra.oidc_issuer import (
    ABSENT,
    AT_START,
    AUDIENCE,
    EMAIL,
    Clock,
    LoopbackIssuer,
    refused,
)


class TestClaims:
    @pytest.mark.parametrize("name", ["iss", "aud", "exp", "iat", "email", "email_verified"])
    @pytest.mark.parametrize("absent", [ABSENT, None])
    def test_required(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, name: str, absent: Any
    ) -> None:
        assert refused(verifier, issuer.mint(**{name: absent})) == "missing_claim"

    @pytest.mark.parametrize(
        "change", ["{}/", "{}.", " {}", "https://evil.example", "accounts.google.com", ""]
    )
    def test_another_issuer(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, change: str
    ) -> None:
        iss = change.format(issuer.url)

        assert refused(verifier, issuer.mint(iss=iss)) == "unknown_issuer"

    @pytest.mark.parametrize("iss", [1, ["{}"], {}, True])
    def test_an_odd_issuer(self, issuer: LoopbackIssuer, verifier: OidcVerifier, iss: Any) -> None:
        assert refused(verifier, issuer.mint(iss=iss)) == "unknown_issuer"

    @pytest.mark.parametrize(
        "aud",
        [
            "https://evil.example",
            f"{AUDIENCE}/",
            AUDIENCE.upper(),
            AUDIENCE[:-1],
            "",
            [],
            ["https://evil.example"],
            [AUDIENCE, "https://evil.example"],
            [AUDIENCE, None],
            [[AUDIENCE]],
            {AUDIENCE: True},
            1,
            False,
        ],
    )
    def test_another_audience(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, aud: Any
    ) -> None:
        assert refused(verifier, issuer.mint(aud=aud)) == "wrong_audience"

    def test_without_audiences_nothing_is_accepted(
        self, issuer: LoopbackIssuer, clock: Clock
    ) -> None:
        verifier = OidcVerifier([issuer.url], frozenset(), clock.now, clock.monotonic)

        assert refused(verifier, issuer.mint(aud=[])) == "wrong_audience"

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"exp": AT_START - 59}, None),
            ({"exp": AT_START - 59.5}, None),
            ({"exp": AT_START - 60}, "expired"),
            ({"exp": AT_START - 61}, "expired"),
            ({"exp": 0}, "expired"),
            ({"exp": -(10**400)}, "expired"),
            ({"exp": 10**400}, None),
            ({"iat": AT_START + 59}, None),
            ({"iat": AT_START + 60}, None),
            ({"iat": AT_START + 61}, "not_yet_valid"),
            ({"iat": AT_START + 61, "nbf": AT_START}, "not_yet_valid"),
            ({"iat": 10**400}, "not_yet_valid"),
            ({"nbf": AT_START + 59}, None),
            ({"nbf": AT_START + 61}, "not_yet_valid"),
            ({"nbf": AT_START - 61}, None),
        ],
    )
    def test_times_with_a_minute_of_leeway(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, changes: Any, reason: str | None
    ) -> None:
        signed = issuer.mint(**changes)

        if reason is None:
            assert verifier.verify(signed) == EMAIL
        else:
            assert refused(verifier, signed) == reason

    def test_the_given_clock_alone_counts(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, clock: Clock
    ) -> None:
        signed = issuer.mint(exp=AT_START + 3600)
        clock.seconds = 3600 + 59
        verifier.verify(signed)

        clock.seconds += 1

        assert refused(verifier, signed) == "expired"

    @pytest.mark.parametrize("name", ["exp", "iat", "nbf"])
    @pytest.mark.parametrize(
        "odd", [True, "1893456000", float("nan"), float("inf"), -float("inf"), [], {}, ""]
    )
    def test_an_odd_time(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, name: str, odd: Any
    ) -> None:
        assert refused(verifier, issuer.mint(**{name: odd})) == "malformed"

    def test_an_nbf_of_null(self, issuer: LoopbackIssuer, verifier: OidcVerifier) -> None:
        assert refused(verifier, issuer.mint(nbf=None)) == "malformed"

    @pytest.mark.parametrize("odd", [False, "true", "True", 1, 1.0, [True], {}])
    def test_an_unverified_email(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, odd: Any
    ) -> None:
        assert refused(verifier, issuer.mint(email_verified=odd)) == "email_unverified"

    @pytest.mark.parametrize("odd", ["", 1, True, [EMAIL], {"a": EMAIL}])
    def test_an_odd_email(self, issuer: LoopbackIssuer, verifier: OidcVerifier, odd: Any) -> None:
        assert refused(verifier, issuer.mint(email=odd)) == "malformed"

    def test_an_email_that_lower_case_would_make_anothers(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier
    ) -> None:
        kelvin = "\u212aate@clinic.example"

        assert kelvin.lower() == "kate@clinic.example"
        assert refused(verifier, issuer.mint(email=kelvin)) == "malformed"
