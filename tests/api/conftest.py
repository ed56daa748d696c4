"""The fixtures of the API's tests."""

import logging
from collections.abc import Iterator
from typing import NoReturn

import pytest

from functions.api import api_app
from functions.models import UserRole
from tests.api.accounts import BOSS
from tests.api.caller import Api
from tests.api.contract import Contract
from tests.api.log import Log
from tests.api.worker import Worker


@pytest.fixture(scope="session")
def contract() -> Contract:
    def unused() -> NoReturn:
        raise AssertionError

    return Contract(api_app(unused))


@pytest.fixture
def api(contract: Contract) -> Api:
    return Api(contract)


@pytest.fixture
def admin(api: Api) -> Api:
    """The API as the one administrator calls it."""
    api.identify(UserRole.ADMIN, BOSS)
    return api


@pytest.fixture
def log() -> Iterator[Log]:
    handler = Log()
    ours = [logging.getLogger(name) for name in ("functions", "infra")]
    levels = [logger.level for logger in ours]
    for logger in ours:
        logger.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    for logger, level in zip(ours, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture
def worker() -> Worker:
    return Worker()
