"""Whatever is sent for a token, nothing but a refusal is raised."""

from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.errors import InvalidToken
from infra.oidc import OidcVerifier
from tests.infra.oidc_issuer import (
    AT_START,
    AUDIENCE,
    EMAIL,
    REMOVED,
    Clock,
    LoopbackIssuer,
    encoded,
    odd_json,
    refused,
    token,
)

odd_headers = st.dictionaries(
    st.sampled_from(["alg", "kid", "crit", "b64", "typ", "jwk"]),
    st.sampled_from(["RS256", "ES256", "rsa-0", "ec-0"]) | odd_json,
)
odd_claims = st.dictionaries(
    st.sampled_from(["iss", "aud", "exp", "iat", "nbf", "email", "email_verified", "sub"]),
    odd_json | st.integers(AT_START - 100, AT_START + 100),
)
patient = settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class TestNothingElseIsRaised:
    @patient
    @given(odd=st.text() | st.text("ey.-_=A0", max_size=40))
    def test_by_any_text(self, verifier: OidcVerifier, odd: str) -> None:
        refused(verifier, odd)

    @patient
    @given(header=odd_json, payload=odd_json, signature=st.binary(max_size=70))
    def test_by_any_json(
        self, verifier: OidcVerifier, header: Any, payload: Any, signature: bytes
    ) -> None:
        refused(verifier, token(encoded(header), encoded(payload), lambda _: signature))

    @patient
    @given(header=odd_headers, claims=odd_claims, is_ec=st.booleans(), is_removed=st.booleans())
    def test_by_any_signed_header_and_claims(
        self, issuer: LoopbackIssuer, header: Any, claims: Any, is_ec: bool, is_removed: bool
    ) -> None:
        clock = Clock()
        verifier = OidcVerifier(
            [issuer.url], frozenset({AUDIENCE}), clock.now, trusts_removed_signature=True
        )
        key = issuer.ec if is_ec else issuer.rsa
        signed = issuer.mint(key, header, **claims)
        if is_removed:
            signed = f"{signed.rpartition('.')[0]}.{REMOVED}"

        with suppress(InvalidToken):
            assert verifier.verify(signed) == claims.get("email", EMAIL).lower()
