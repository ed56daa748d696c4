"""An issuer of each test's own, and a verifier that knows it."""

from collections.abc import Iterator

import pytest

from infra.oidc import OidcVerifier
from tests.infra.oidc_issuer import Clock, LoopbackIssuer, loopback_issuer
from tests.infra.oidc_keys.verifying import verifier_of


@pytest.fixture
def issuer() -> Iterator[LoopbackIssuer]:
    with loopback_issuer() as issuer:
        yield issuer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verifier(issuer: LoopbackIssuer, clock: Clock) -> OidcVerifier:
    return verifier_of(issuer.url, clock)
