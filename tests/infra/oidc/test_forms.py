"""Tokens that are too large, cut off, odd or none."""

import pytest

from infra.oidc import OidcVerifier
from tests.infra.oidc_issuer import EMAIL, LoopbackIssuer, encoded, refused, token


class TestForm:
    def test_a_large_token_is_not_even_parsed(
        self, verifier: OidcVerifier, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("jwt.decode_complete", pytest.fail)

        assert refused(verifier, "a" * 2**20) == "too_large"

    def test_the_largest_token(self, issuer: LoopbackIssuer, verifier: OidcVerifier) -> None:
        spare = (8192 - len(issuer.mint())) * 3 // 4
        made = [
            issuer.mint(header={"more": "x" * more}, filler="x" * (spare - less))
            for more in range(4)
            for less in range(40)
        ]
        by_length = {len(signed): signed for signed in made}

        assert verifier.verify(by_length[8192]) == EMAIL
        assert refused(verifier, by_length[8193]) == "too_large"

    def test_every_truncation(self, issuer: LoopbackIssuer, verifier: OidcVerifier) -> None:
        for key in (issuer.rsa, issuer.ec):
            signed = issuer.mint(key)
            for length in range(len(signed)):
                assert refused(verifier, signed[:length]) in {"malformed", "invalid_signature"}

    @pytest.mark.parametrize(
        "odd", ["", ".", "..", "...", "a.b.c", "\ud800.\ud800.\ud800", "e30.e30.", "é.é.é", "\0"]
    )
    def test_what_is_no_token(self, verifier: OidcVerifier, odd: str) -> None:
        assert refused(verifier, odd) in {"malformed", "unsupported_algorithm"}

    @pytest.mark.parametrize("change", ["{}.e30", "{} ", " {}", "{}\n", "Bearer {}", "{}.{}"])
    def test_more_than_the_token(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, change: str
    ) -> None:
        signed = issuer.mint()

        assert refused(verifier, change.format(signed, signed)) == "malformed"

    @pytest.mark.parametrize(
        "document",
        [b"[" * 4000, b'{"a":' * 900, b"9" * 5000, b"[]", b"null", b'"x"', b"\xff\xfe", b"{", b""],
        ids=lambda document: repr(document[:6]),
    )
    def test_odd_documents(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, document: bytes
    ) -> None:
        header = encoded({"alg": "RS256", "kid": issuer.rsa.kid})
        payload = encoded(issuer.claims())

        assert refused(verifier, token(document, payload, issuer.rsa.sign)) == "malformed"
        assert refused(verifier, token(header, document, issuer.rsa.sign)) == "malformed"

    def test_of_a_repeated_member_the_last_counts(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier
    ) -> None:
        """RFC 7519, section 4."""
        payload = encoded(issuer.claims())
        twice = payload[:-1] + b', "email": "last@clinic.example"}'
        header = b'{"alg": "none", "kid": "rsa-0", "alg": "RS256"}'
        none_last = b'{"alg": "RS256", "kid": "rsa-0", "alg": "none"}'

        assert verifier.verify(token(header, twice, issuer.rsa.sign)) == "last@clinic.example"
        forged = token(none_last, payload, lambda _: b"")
        assert refused(verifier, forged) == "unsupported_algorithm"
