"""The world that each of these tests has for itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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
