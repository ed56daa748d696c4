"""A clinic for each test, on either store."""

import pytest

from functions.bootstrap import Stores
from functions.models import DueKind
from tests.stores.conftest import firestore_client, stores
from tests.sweep.clinic import Clinic

__all__ = ["firestore_client", "stores"]


@pytest.fixture
def clinic(stores: Stores) -> Clinic:
    return Clinic(stores.meetings)


@pytest.fixture(params=list(DueKind))
def kind(request: pytest.FixtureRequest) -> DueKind:
    return DueKind(request.param)
