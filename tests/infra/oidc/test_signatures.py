"""A forged signature, and a key that is borrowed, swapped or unknown."""

import hashlib
import hmac
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.oidc import OidcVerifier
from tests.infra.oidc_issuer import (
    ABSENT,
    LoopbackIssuer,
    SigningKey,
    base64url,
    encoded,
    refused,
    signing_keys,
    token,
)


class TestSignature:
    @pytest.mark.parametrize(
        "alg", ["none", "None", "nOnE", "HS256", "RS512", "PS256", "ES384", "EdDSA", "", ["RS256"]]
    )
    def test_other_algorithms(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, alg: Any
    ) -> None:
        signed = issuer.mint(header={"alg": alg})

        assert refused(verifier, signed) == "unsupported_algorithm"
        assert refused(verifier, signed.rpartition(".")[0] + ".") == "unsupported_algorithm"

    @pytest.mark.parametrize("alg", [None, ABSENT, 256, {"alg": "RS256"}])
    def test_no_algorithm(self, issuer: LoopbackIssuer, verifier: OidcVerifier, alg: Any) -> None:
        assert refused(verifier, issuer.mint(header={"alg": alg})) == "unsupported_algorithm"

    @pytest.mark.parametrize("alg", ["HS256", "RS256"])
    @pytest.mark.parametrize("form", [Encoding.PEM, Encoding.DER, "jwk"])
    def test_the_public_key_as_a_secret(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, alg: str, form: Any
    ) -> None:
        public = issuer.rsa.private.public_key()
        secret = (
            encoded(issuer.rsa.jwk)
            if form == "jwk"
            else public.public_bytes(form, PublicFormat.SubjectPublicKeyInfo)
        )
        header = encoded({"alg": alg, "kid": issuer.rsa.kid})

        forged = token(
            header,
            encoded(issuer.claims()),
            lambda content: hmac.digest(secret, content, hashlib.sha256),
        )

        expected = "unsupported_algorithm" if alg == "HS256" else "invalid_signature"
        assert refused(verifier, forged) == expected

    def test_an_algorithm_of_the_other_kind_of_key(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier
    ) -> None:
        for key, alg in ((issuer.rsa, "ES256"), (issuer.ec, "RS256")):
            assert refused(verifier, issuer.mint(key, {"alg": alg})) == "unknown_key"

    def test_a_key_by_the_name_of_another(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier
    ) -> None:
        impostor = SigningKey(issuer.rsa.kid, signing_keys("stranger", 0)[0].private)
        swapped = SigningKey(issuer.ec.kid, ec.generate_private_key(ec.SECP256R1()))

        for key in (impostor, swapped):
            assert refused(verifier, issuer.mint(key)) == "invalid_signature"

    def test_a_key_of_another_issuer(
        self, issuer: LoopbackIssuer, other: LoopbackIssuer, verifier: OidcVerifier
    ) -> None:
        verifier.verify(other.mint())

        for key in (other.rsa, other.ec):
            assert refused(verifier, issuer.mint(key)) == "invalid_signature"

    def test_a_key_that_only_another_issuer_has(
        self,
        issuer: LoopbackIssuer,
        other: LoopbackIssuer,
        verifier: OidcVerifier,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(other, "generation", 1)
        verifier.verify(other.mint())

        assert refused(verifier, issuer.mint(other.rsa)) == "unknown_key"

    def test_a_key_brought_along(
        self, issuer: LoopbackIssuer, other: LoopbackIssuer, verifier: OidcVerifier
    ) -> None:
        stranger = signing_keys("stranger", 0)[0]
        before = len(other.heard)
        header = {
            "jwk": stranger.jwk,
            "jku": other.url + "/jwks",
            "x5u": other.url + "/x5u",
            "x5c": ["MIIB"],
        }

        known = issuer.mint(SigningKey(issuer.rsa.kid, stranger.private), header)
        unknown = issuer.mint(SigningKey("stranger", stranger.private), header)

        assert refused(verifier, known) == "invalid_signature"
        assert refused(verifier, unknown) == "unknown_key"
        assert len(other.heard) == before

    def test_no_kid(self, issuer: LoopbackIssuer, verifier: OidcVerifier) -> None:
        assert refused(verifier, issuer.mint(header={"kid": ABSENT})) == "unknown_key"

    @pytest.mark.parametrize("kid", [None, 1, ["rsa-0"], {}, True])
    def test_an_odd_kid(self, issuer: LoopbackIssuer, verifier: OidcVerifier, kid: Any) -> None:
        assert refused(verifier, issuer.mint(header={"kid": kid})) == "malformed"

    @pytest.mark.parametrize("kid", ["", "rsa-99", "../../dev/null", "rsa-0' OR 1=1"])
    def test_an_unknown_kid(self, issuer: LoopbackIssuer, verifier: OidcVerifier, kid: str) -> None:
        assert refused(verifier, issuer.mint(header={"kid": kid})) == "unknown_key"

    @pytest.mark.parametrize("crit", [["exp"], ["b64"], [], "b64", None, ["b64", "b64"]])
    def test_critical_extensions(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, crit: Any
    ) -> None:
        for b64 in (True, ABSENT):
            signed = issuer.mint(header={"crit": crit, "b64": b64, "exp": 1})
            assert refused(verifier, signed) == "malformed"

    def test_a_detached_payload(self, issuer: LoopbackIssuer, verifier: OidcVerifier) -> None:
        header, _, signature = issuer.mint(header={"crit": ["b64"], "b64": False}).split(".")

        assert refused(verifier, f"{header}..{signature}") == "malformed"

    def test_changed_claims(self, issuer: LoopbackIssuer, verifier: OidcVerifier) -> None:
        for key in (issuer.rsa, issuer.ec):
            header, _, signature = issuer.mint(key).split(".")
            payload = base64url(encoded(issuer.claims(email="boss@clinic.example")))

            assert refused(verifier, f"{header}.{payload}.{signature}") == "invalid_signature"

    @pytest.mark.parametrize(
        "signature", [b"", b"\0", b"\0" * 63, b"\0" * 64, b"\xff" * 64, b"\0" * 65, b"0" * 256]
    )
    def test_odd_signatures(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier, signature: bytes
    ) -> None:
        for key in (issuer.rsa, issuer.ec):
            signed = issuer.mint(key).rpartition(".")[0]
            assert refused(verifier, f"{signed}.{base64url(signature)}") == "invalid_signature"

    def test_an_ec_signature_in_der(self, issuer: LoopbackIssuer, verifier: OidcVerifier) -> None:
        assert isinstance(issuer.ec.private, ec.EllipticCurvePrivateKey)
        signed = issuer.mint(issuer.ec).rpartition(".")[0]
        der = issuer.ec.private.sign(signed.encode(), ec.ECDSA(hashes.SHA256()))

        assert refused(verifier, f"{signed}.{base64url(der)}") == "invalid_signature"
