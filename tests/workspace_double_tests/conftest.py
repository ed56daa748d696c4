"""The double and calls to it, as most of its tests need them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from tests.workspace_double import WorkspaceDouble
from tests.workspace_double.clients import calendar_client
from tests.workspace_double_tests.calendar_calls import DOCTOR, Events
from tests.workspace_double_tests.raw_requests import Raw


class Clock:
    def __init__(self) -> None:
        self.instant = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def unjudged_double(clock: Clock) -> Iterator[WorkspaceDouble]:
    """A double whose violations are the test's own business."""
    with WorkspaceDouble(now=clock) as double:
        double.add_user(DOCTOR)
        yield double


@pytest.fixture
def double(unjudged_double: WorkspaceDouble) -> Iterator[WorkspaceDouble]:
    yield unjudged_double
    assert unjudged_double.violations == []


@pytest.fixture
def events(double: WorkspaceDouble) -> Iterator[Events]:
    with calendar_client(double, DOCTOR) as client:
        yield Events(client)


@pytest.fixture
def raw(unjudged_double: WorkspaceDouble) -> Iterator[Raw]:
    with requests.Session() as session:
        yield Raw(unjudged_double, session)
