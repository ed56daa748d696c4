"""Requests with a key are sent to an API with steps at which something can happen."""

import pytest

from tests.api.contract import Contract
from tests.api.keyed import KeyedApi


@pytest.fixture
def api(contract: Contract) -> KeyedApi:
    return KeyedApi(contract)
