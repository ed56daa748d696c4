"""An issuer that says nothing, too much or nonsense."""

import gzip
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra import oidc_keys
from infra.oidc import OidcVerifier
from tests.infra.oidc_issuer import (
    DISCOVERY,
    EMAIL,
    HANG_UP,
    JWKS,
    Answer,
    Clock,
    LoopbackIssuer,
    encoded,
    odd_json,
    refused,
)
from tests.infra.oidc_keys.verifying import page, verifier_of, warnings

BOMB = gzip.compress(b" " * 2**24, mtime=0)


class TestBadAnswers:
    @pytest.mark.parametrize("path", [DISCOVERY, JWKS])
    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            (HANG_UP, "unreachable"),
            (Answer(b"", 302, {"Location": "/elsewhere"}), "unexpected_status"),
            (Answer(b"{}", 203), "unexpected_status"),
            (Answer(b"{}", 500), "unexpected_status"),
            (Answer(b"<html>"), "malformed"),
            (Answer(b""), "malformed"),
            (Answer(b"[]"), "malformed"),
            (Answer(b"[" * 100_000), "malformed"),
            (Answer(b"9" * 10_000), "malformed"),
            (Answer(b"\xff\xfe\xfd"), "malformed"),
            (Answer(b"{" + b" " * 2**20), "too_large"),
            (
                Answer(gzip.compress(b" " * 2**24, mtime=0), 200, {"Content-Encoding": "gzip"}),
                "too_large",
            ),
            (Answer(b"no gzip", 200, {"Content-Encoding": "gzip"}), "unreachable"),
            (Answer(b"{", 200, {"Content-Length": "100"}), "unreachable"),
            (Answer(b"zz\r\n", 200, {"Transfer-Encoding": "chunked"}), "unreachable"),
        ],
        ids=lambda value: repr(value)[:40],
    )
    def test_of_either_document(
        self,
        issuer: LoopbackIssuer,
        verifier: OidcVerifier,
        caplog: pytest.LogCaptureFixture,
        path: str,
        answer: Answer,
        code: str,
    ) -> None:
        issuer.answers = {path: answer}

        assert refused(verifier, issuer.mint()) == "keys_unavailable"
        assert warnings(caplog) == [(issuer.url, code)]
        assert issuer.heard[-1] == path

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"issuer": "https://accounts.google.com"}, "wrong_issuer"),
            ({"issuer": None}, "wrong_issuer"),
            ({"jwks_uri": None}, "insecure_url"),
            ({"jwks_uri": ["http://127.0.0.1/"]}, "insecure_url"),
            ({"jwks_uri": "http://keys.example/jwks"}, "insecure_url"),
            ({"jwks_uri": "http://localhost.evil.example/jwks"}, "insecure_url"),
            ({"jwks_uri": "http://127.0.0.1@evil.example/jwks"}, "insecure_url"),
            ({"jwks_uri": "file:///etc/hostname"}, "insecure_url"),
            ({"jwks_uri": "/jwks"}, "insecure_url"),
            ({"jwks_uri": "http://[/jwks"}, "malformed"),
            ({"jwks_uri": "https://"}, "unreachable"),
        ],
    )
    def test_of_discovery(
        self,
        issuer: LoopbackIssuer,
        verifier: OidcVerifier,
        caplog: pytest.LogCaptureFixture,
        changes: dict[str, Any],
        code: str,
    ) -> None:
        document = {"issuer": issuer.url, "jwks_uri": issuer.url + JWKS} | changes
        issuer.answers = {DISCOVERY: page(document)}

        assert refused(verifier, issuer.mint()) == "keys_unavailable"
        assert warnings(caplog) == [(issuer.url, code)]
        assert issuer.heard == [DISCOVERY]

    @pytest.mark.parametrize("keys", [None, {}, "keys", {"rsa-0": {}}])
    def test_of_the_keys(
        self,
        issuer: LoopbackIssuer,
        verifier: OidcVerifier,
        caplog: pytest.LogCaptureFixture,
        keys: Any,
    ) -> None:
        issuer.answers = {JWKS: page({"keys": keys})}

        assert refused(verifier, issuer.mint()) == "keys_unavailable"
        assert warnings(caplog) == [(issuer.url, "no_keys")]

    def test_the_largest_document(self, issuer: LoopbackIssuer, verifier: OidcVerifier) -> None:
        keys = {"keys": [issuer.rsa.jwk]}
        issuer.answers = {JWKS: page(keys, 2**20 - len(encoded(keys)))}

        assert verifier.verify(issuer.mint()) == EMAIL

    def test_silence(
        self,
        issuer: LoopbackIssuer,
        verifier: OidcVerifier,
        caplog: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(oidc_keys, "TIMEOUT_SECONDS", 0.05)
        issuer.opened.clear()

        assert refused(verifier, issuer.mint()) == "keys_unavailable"
        assert warnings(caplog) == [(issuer.url, "unreachable")]

    def test_nobody_there(
        self, issuer: LoopbackIssuer, caplog: pytest.LogCaptureFixture, clock: Clock
    ) -> None:
        dead = "http://127.0.0.1:1"

        assert refused(verifier_of(dead, clock), issuer.mint(iss=dead)) == "keys_unavailable"
        assert warnings(caplog) == [(dead, "unreachable")]

    @pytest.mark.parametrize("name", ["http://issuer.example", "https://issuer.example"])
    def test_unencrypted_keys_of_an_issuer_elsewhere(
        self,
        issuer: LoopbackIssuer,
        caplog: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
        clock: Clock,
        name: str,
    ) -> None:
        get = requests.get
        monkeypatch.setattr(
            requests, "get", lambda url, **options: get(url.replace(name, issuer.url), **options)
        )
        issuer.answers = {DISCOVERY: page({"issuer": name, "jwks_uri": issuer.url + JWKS})}

        assert refused(verifier_of(name, clock), issuer.mint(iss=name)) == "keys_unavailable"
        assert warnings(caplog) == [(name, "insecure_url")]
        assert issuer.heard == ([] if name.startswith("http:") else [DISCOVERY])

    @settings(
        deadline=None,
        max_examples=100,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(document=odd_json, keys=st.lists(odd_json, max_size=3))
    def test_any_json_raises_nothing_else(
        self, issuer: LoopbackIssuer, document: Any, keys: Any
    ) -> None:
        for answer in (document, {"keys": keys}, {"keys": document}):
            issuer.answers = {JWKS: page(answer)}
            assert refused(verifier_of(issuer.url, Clock()), issuer.mint()) in {
                "keys_unavailable",
                "unknown_key",
            }
