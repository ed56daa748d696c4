"""Keys that are weak, odd or for something else serve nothing and spoil nothing."""

from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from infra.oidc import OidcVerifier
from tests.infra.oidc_issuer import (
    EMAIL,
    LoopbackIssuer,
    SigningKey,
    base64url,
    refused,
    signing_keys,
)


class TestOddKeys:
    ODD: ClassVar[list[Any]] = [
        None,
        "key",
        [],
        {},
        {"kid": "a"},
        {"kid": "a", "kty": ["RSA"]},
        {"kid": "a", "kty": "OKP", "crv": "Ed25519", "x": "A" * 43},
        {"kid": "a", "kty": "RSA"},
        {"kid": "a", "kty": "RSA", "n": 1, "e": None},
        {"kid": "a", "kty": "RSA", "n": "", "e": ""},
        {"kid": "a", "kty": "RSA", "n": "\ud800", "e": "AQAB"},
        {"kid": "a", "kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43},
        {"kid": "a", "kty": "EC", "crv": ["P-256"], "x": "A" * 43, "y": "A" * 43},
    ]

    def test_spoil_nothing(self, issuer: LoopbackIssuer, verifier: OidcVerifier) -> None:
        issuer.more_jwks = [*self.ODD, issuer.rsa.jwk | {"kid": ["a"]}]

        assert verifier.verify(issuer.mint()) == EMAIL
        assert verifier.verify(issuer.mint(issuer.ec)) == EMAIL

    @pytest.mark.parametrize(
        "change", [{"use": "enc"}, {"use": None}, {"alg": "RS512"}, {"alg": "PS256"}, {"kid": None}]
    )
    def test_a_key_for_something_else(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, change: Any
    ) -> None:
        other = SigningKey("other", issuer.rsa.private)
        issuer.more_jwks = [other.jwk | change]

        assert refused(verifier, issuer.mint(other)) == "unknown_key"

    def test_a_weak_key(self, issuer: LoopbackIssuer, verifier: OidcVerifier) -> None:
        weak = SigningKey("weak", rsa.generate_private_key(65537, 1024))
        issuer.more_jwks = [weak.jwk]

        assert refused(verifier, issuer.mint(weak)) == "unknown_key"

    def test_another_curve(self, issuer: LoopbackIssuer, verifier: OidcVerifier) -> None:
        numbers = ec.generate_private_key(ec.SECP256K1()).public_key().public_numbers()
        point = {"x": base64url(numbers.x), "y": base64url(numbers.y)}
        common = {"kid": "curve", "kty": "EC", "crv": "secp256k1"}
        issuer.more_jwks = [common | point]

        signed = issuer.mint(issuer.ec, {"kid": "curve"})

        assert refused(verifier, signed) == "unknown_key"

    def test_a_secret(self, issuer: LoopbackIssuer, verifier: OidcVerifier) -> None:
        issuer.more_jwks = [{"kid": "secret", "kty": "oct", "k": "c2VjcmV0"}]

        signed = issuer.mint(header={"kid": "secret"})

        assert refused(verifier, signed) == "unknown_key"

    def test_a_private_key_serves_by_its_public_half(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier
    ) -> None:
        careless = SigningKey("careless", signing_keys("careless", 0)[0].private)
        issuer.more_jwks = [careless.jwk | {"d": "AQAB"}]

        assert verifier.verify(issuer.mint(careless)) == EMAIL

    def test_keys_without_use_and_alg_serve(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier
    ) -> None:
        plain = [SigningKey("plain", key.private) for key in (issuer.rsa, issuer.ec)]
        issuer.more_jwks = [
            {name: value for name, value in key.jwk.items() if name not in ("use", "alg")}
            for key in plain
        ]

        for key in plain:  # of one name, but of two kinds
            assert verifier.verify(issuer.mint(key)) == EMAIL
