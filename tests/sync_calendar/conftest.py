"""The world that each of these tests has for itself."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from functions import measurements
from tests.sync_calendar.world import World
from tests.values import NOW
from tests.workspace_double.double import WorkspaceDouble


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with WorkspaceDouble(now=lambda: NOW) as double:
        made = World(double, tmp_path / "key.json")
        yield made
        made.mailboxes.close()
        assert double.violations == []


@pytest.fixture
def measured(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What was measured of meetings so far."""
    caplog.set_level(logging.INFO, measurements.__name__)
    wanted = {"link ready", "meeting failed"}
    return lambda: [r.getMessage() for r in caplog.records if r.getMessage() in wanted]
