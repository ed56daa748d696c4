"""The world that each of these tests has for itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync_recording.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "key.json")
    yield made
    made.close()
    assert made.double.violations == []
