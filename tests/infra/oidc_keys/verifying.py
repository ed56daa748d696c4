"""A verifier of one issuer, what it is sent, and what it warns of."""

import logging
from typing import Any

import pytest

from infra.oidc import OidcVerifier
from tests.infra.oidc_issuer import AUDIENCE, Answer, Clock, LoopbackIssuer, encoded

HOUR = 3600
DAY = 24 * HOUR


def verifier_of(issuer: str, clock: Clock) -> OidcVerifier:
    return OidcVerifier([issuer], frozenset({AUDIENCE}), clock.now, clock.monotonic)


def unknown(issuer: LoopbackIssuer, number: int = 0) -> str:
    return issuer.mint(header={"kid": f"unknown-{number}"})


def page(document: Any, padding: int = 0) -> Answer:
    return Answer(encoded(document) + b" " * padding)


def warnings(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [
        (vars(record)["issuer"], vars(record)["code"])
        for record in caplog.records
        if record.name == "infra.oidc_keys" and record.levelno == logging.WARNING
    ]
