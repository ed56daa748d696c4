"""An issuer, and what its tokens open."""

from collections.abc import Iterator

import pytest

from tests.api.callers.guarded import Guarded
from tests.api.contract import Contract
from tests.infra.oidc_issuer import LoopbackIssuer, loopback_issuer


@pytest.fixture(scope="module")
def issuer() -> Iterator[LoopbackIssuer]:
    with loopback_issuer() as issuer:
        yield issuer


@pytest.fixture
def guarded(contract: Contract, issuer: LoopbackIssuer) -> Guarded:
    return Guarded(contract, issuer.url, trusts_removed_signature=False)


@pytest.fixture
def behind_iam(contract: Contract, issuer: LoopbackIssuer) -> Guarded:
    return Guarded(contract, issuer.url, trusts_removed_signature=True)
