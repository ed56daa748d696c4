"""The world that each of these tests has for itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.recording_follow_ups.world import World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(tmp_path)
    with made.workspace, made.storage:
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(made.open()))
        yield made
        made.close()
        assert made.workspace.violations == []
        assert made.storage.violations == []
