"""A token whose signature Google's front end has checked and removed."""

from typing import Any

import pytest

from infra.oidc import OidcVerifier
from tests.infra.oidc_issuer import (
    ABSENT,
    AT_START,
    AUDIENCE,
    EMAIL,
    REMOVED,
    Clock,
    LoopbackIssuer,
    SigningKey,
    refused,
    signing_keys,
)


class TestRemovedSignature:
    @pytest.fixture
    def trusting(self, issuer: LoopbackIssuer, clock: Clock) -> OidcVerifier:
        return OidcVerifier(
            [issuer.url], frozenset({AUDIENCE}), clock.now, trusts_removed_signature=True
        )

    def test_is_refused_unless_trusted(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier
    ) -> None:
        assert refused(verifier, issuer.mint_unsigned()) == "signature_removed"

    def test_is_accepted_on_the_claims_alone(
        self, issuer: LoopbackIssuer, trusting: OidcVerifier
    ) -> None:
        before = issuer.fetches

        assert trusting.verify(issuer.mint_unsigned()) == EMAIL
        assert issuer.fetches == before

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"iss": "https://evil.example"}, "unknown_issuer"),
            ({"aud": "https://evil.example"}, "wrong_audience"),
            ({"exp": AT_START - 61}, "expired"),
            ({"iat": AT_START + 61}, "not_yet_valid"),
            ({"email": ABSENT}, "missing_claim"),
            ({"email_verified": False}, "email_unverified"),
            ({"header": {"alg": "none"}}, "unsupported_algorithm"),
            ({"header": {"crit": ["b64"], "b64": True}}, "malformed"),
        ],
    )
    def test_the_claims_are_checked(
        self, issuer: LoopbackIssuer, trusting: OidcVerifier, changes: Any, reason: str
    ) -> None:
        assert refused(trusting, issuer.mint_unsigned(**changes)) == reason

    @pytest.mark.parametrize(
        "signature", [REMOVED.lower(), REMOVED + "AAAA", "AAAA" + REMOVED, REMOVED + "=", ""]
    )
    def test_anything_else_is_a_signature(
        self, issuer: LoopbackIssuer, trusting: OidcVerifier, signature: str
    ) -> None:
        forged = issuer.mint_unsigned().replace(REMOVED, signature)

        assert refused(trusting, forged) in {"invalid_signature", "malformed"}

    def test_a_signature_that_is_there_is_verified(
        self, issuer: LoopbackIssuer, trusting: OidcVerifier
    ) -> None:
        impostor = SigningKey(issuer.rsa.kid, signing_keys("stranger", 0)[0].private)

        assert trusting.verify(issuer.mint()) == EMAIL
        assert refused(trusting, issuer.mint(impostor)) == "invalid_signature"
