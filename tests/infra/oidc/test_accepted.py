"""Whom a good ID token is about, and what a refused one leaves behind."""

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from functions.errors import InvalidToken
from infra.oidc import OidcVerifier
from tests.infra.oidc_issuer import (
    AUDIENCE,
    DISCOVERY,
    EMAIL,
    Answer,
    Clock,
    LoopbackIssuer,
    encoded,
)

GOOGLE = "https://accounts.google.com"


class TestAccepted:
    def test_both_algorithms(self, issuer: LoopbackIssuer, verifier: OidcVerifier) -> None:
        for key in (issuer.rsa, issuer.ec):
            assert verifier.verify(issuer.mint(key)) == EMAIL

    def test_each_of_several_issuers(self, other: LoopbackIssuer, verifier: OidcVerifier) -> None:
        assert verifier.verify(other.mint()) == EMAIL

    def test_the_email_is_in_lower_case(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier
    ) -> None:
        assert verifier.verify(issuer.mint(email="Xoma@Clinic.Example")) == "xoma@clinic.example"

    def test_several_audiences_that_are_all_ours(
        self, issuer: LoopbackIssuer, verifier: OidcVerifier
    ) -> None:
        ours = [AUDIENCE, "https://other-name.clinic.example"]

        assert verifier.verify(issuer.mint(aud=ours)) == EMAIL

    @pytest.mark.parametrize("iss", [GOOGLE, "accounts.google.com"])
    def test_googles_issuer_by_both_names(
        self, issuer: LoopbackIssuer, monkeypatch: pytest.MonkeyPatch, clock: Clock, iss: str
    ) -> None:
        get = requests.get

        def loopback(url: str, **options: Any) -> Any:
            return get(url.replace(GOOGLE, issuer.url), **options)

        monkeypatch.setattr(requests, "get", loopback)
        answer = encoded({"issuer": GOOGLE, "jwks_uri": f"{GOOGLE}/jwks"})
        monkeypatch.setattr(issuer, "answers", {DISCOVERY: Answer(answer)})
        verifier = OidcVerifier([GOOGLE], frozenset({AUDIENCE}), clock.now, clock.monotonic)

        assert verifier.verify(issuer.mint(iss=iss)) == EMAIL


def test_a_refused_token_leaves_no_trace(
    issuer: LoopbackIssuer, verifier: OidcVerifier, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for forged in (issuer.mint()[:-8], issuer.mint(email=["a@clinic.example"]), "x.y.z"):
            with pytest.raises(InvalidToken) as raised:
                verifier.verify(forged)
            assert raised.value.__suppress_context__ or raised.value.__context__ is None
            assert str(raised.value) == raised.value.reason

    assert not [record for record in caplog.records if record.name.startswith("infra")]


def test_what_verifies_nothing_loads_nothing() -> None:
    script = (
        "import sys; from datetime import datetime; from infra.oidc import OidcVerifier;"
        "OidcVerifier(['https://accounts.google.com'], frozenset(), datetime.now);"
        "print([m for m in ('jwt', 'requests', 'cryptography') if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[3], capture_output=True
    )

    assert done.stdout.strip() == b"[]", done.stderr
