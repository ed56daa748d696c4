"""The clinic."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.doctor.clinic import Clinic


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    with ExitStack() as started:
        clinic = Clinic(started, tmp_path)
        # The bucket is asked as the service itself, whose credentials Google's library finds.
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(clinic.storage_key_file))
        yield clinic
        assert clinic.workspace.violations == []
        assert clinic.storage.violations == []
