"""Forged tokens, and an issuer whose keys cannot be had, through the whole app."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.api.caller import MEETINGS
from tests.api.callers.guarded import Guarded
from tests.api.contract import Contract
from tests.api.log import Log
from tests.infra.oidc_issuer import (
    AT_START,
    DISCOVERY,
    EMAIL,
    HANG_UP,
    JWKS,
    LoopbackIssuer,
    encoded,
    loopback_issuer,
    signing_keys,
    token,
)
from tests.infra.oidc_issuer import Answer as Document


def signed_by_nobody(issuer: LoopbackIssuer) -> str:
    return token(encoded({"alg": "none"}), encoded(issuer.claims()), lambda _: b"")


def signed_with_the_public_key(issuer: LoopbackIssuer) -> str:
    form = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    secret = issuer.rsa.private.public_key().public_bytes(*form)
    header = encoded({"alg": "HS256", "kid": issuer.rsa.kid})
    return token(
        header, encoded(issuer.claims()), lambda text: hmac.digest(secret, text, hashlib.sha256)
    )


def with_another_payload(issuer: LoopbackIssuer) -> str:
    header, _, signature = issuer.mint(email="nobody@home.example").split(".")
    return ".".join([header, issuer.mint().split(".")[1], signature])


ATTACKS: dict[str, tuple[Callable[[LoopbackIssuer], str], str]] = {
    "alg none": (signed_by_nobody, "unsupported_algorithm"),
    "public key as secret": (signed_with_the_public_key, "unsupported_algorithm"),
    "other payload": (with_another_payload, "invalid_signature"),
    "key of another": (lambda i: i.mint(signing_keys("theirs", 0)[0]), "invalid_signature"),
    "swapped kid": (lambda i: i.mint(header={"kid": i.ec.kid}), "unknown_key"),
    "unknown kid": (lambda i: i.mint(header={"kid": "../../jwks"}), "unknown_key"),
    "expired": (lambda i: i.mint(exp=AT_START - 60), "expired"),
    "not yet valid": (lambda i: i.mint(nbf=AT_START + 61), "not_yet_valid"),
    "other audience": (lambda i: i.mint(aud="https://other.example"), "wrong_audience"),
    "other issuer": (lambda i: i.mint(iss="https://evil.example"), "unknown_issuer"),
    "unverified": (lambda i: i.mint(email_verified=False), "email_unverified"),
    "verified in words": (lambda i: i.mint(email_verified="true"), "email_unverified"),
    "no email": (lambda i: i.mint(email=None), "missing_claim"),
    "removed signature": (lambda i: i.mint_unsigned(), "signature_removed"),
    "a megabyte": (lambda i: i.mint(more="x" * 2**20), "too_large"),
    "dots": (lambda _: "a.b.c", "malformed"),
    "not ASCII": (lambda _: "é.ñ.ü", "malformed"),
}


class TestAttacks:
    @pytest.mark.parametrize("attack", ATTACKS)
    def test_a_forged_token_proves_nothing_and_leaves_no_trace(
        self, guarded: Guarded, issuer: LoopbackIssuer, log: Log, attack: str
    ) -> None:
        forge, reason = ATTACKS[attack]
        forged = forge(issuer)

        answer = guarded.send(
            "DELETE", f"{MEETINGS}{'f' * 32}/", headers=[("Authorization", f"Bearer {forged}")]
        )

        assert (answer.status, answer.json["code"]) == (401, "invalid_token")
        assert answer.json["reason"] == reason
        assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
        assert guarded.store.asked == []
        told = "".join(log.text) + str(answer.json) + str(answer.headers)
        assert log.only("invalid token")["code"] == reason
        assert [part for part in forged.split(".") if len(part) > 2 and part in told] == []
        assert EMAIL not in told


class TestKeys:
    @pytest.mark.parametrize(
        ("path", "document"),
        [
            (DISCOVERY, Document(b"", 503)),
            (DISCOVERY, Document(b"{}", 200)),
            (JWKS, Document(b"<html>", 200)),
            (JWKS, HANG_UP),
        ],
    )
    def test_where_the_keys_cannot_be_had_nobody_is_known(
        self, contract: Contract, log: Log, path: str, document: Document
    ) -> None:
        with loopback_issuer() as broken:
            guarded = Guarded(contract, broken.url, trusts_removed_signature=False)
            broken.answers = {path: document}

            answer = guarded.bearing(broken.mint())

        assert (answer.status, answer.json["reason"]) == (401, "keys_unavailable")
        assert answer.headers["WWW-Authenticate"]
        assert broken.mint().split(".")[1] not in "".join(log.text)

    def test_an_issuer_that_is_not_there_is_no_error_of_ours(self, contract: Contract) -> None:
        with loopback_issuer() as gone:
            guarded = Guarded(contract, gone.url, trusts_removed_signature=False)

        answer = guarded.bearing(gone.mint())

        assert (answer.status, answer.json["reason"]) == (401, "keys_unavailable")

    def test_once_they_can_be_had_again_callers_are_known(
        self, contract: Contract, issuer: LoopbackIssuer
    ) -> None:
        with loopback_issuer() as other:
            guarded = Guarded(contract, other.url, trusts_removed_signature=False)
            other.break_down()
            broken = guarded.bearing(other.mint()).status
            other.answers = {}
            guarded.seconds += timedelta(minutes=1).total_seconds()

            assert (broken, guarded.bearing(other.mint()).status) == (401, 200)
