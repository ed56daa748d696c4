"""Two issuers, and a verifier that knows both."""

from collections.abc import Iterator

import pytest

from infra.oidc import OidcVerifier
from tests.infra.oidc_issuer import AUDIENCE, Clock, LoopbackIssuer, loopback_issuer


@pytest.fixture(scope="module")
def issuer() -> Iterator[LoopbackIssuer]:
    with loopback_issuer() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def other() -> Iterator[LoopbackIssuer]:
    with loopback_issuer("theirs") as other:
        yield other


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verifier(issuer: LoopbackIssuer, other: LoopbackIssuer, clock: Clock) -> OidcVerifier:
    audiences = frozenset({AUDIENCE, "https://other-name.clinic.example"})
    return OidcVerifier([issuer.url, other.url], audiences, clock.now, clock.monotonic)
