"""A clinic whose database is in memory, and one for each kind of database."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from functions.models import new_id
from infra.embedded.database import EmbeddedDatabase
from tests.reconcile.clinic import Clinic
from tests.reconcile.databases import Database, Embedded, OnEmulator
from tests.values import NOW
from tests.workspace_double.double import WorkspaceDouble


@contextmanager
def clinic_on(database: Database, folder: Path) -> Iterator[Clinic]:
    with WorkspaceDouble(now=lambda: NOW) as double:
        made = Clinic(double, folder / "key.json", database)
        yield made
        made.mailboxes.close()
        assert double.violations == []


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with clinic_on(Embedded(EmbeddedDatabase()), tmp_path) as made:
        yield made


@pytest.fixture(params=["embedded", "firestore"])
def any_clinic(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Clinic]:
    with ExitStack() as closing:
        database: Database = Embedded(EmbeddedDatabase())
        if request.param == "firestore":
            emulator = request.getfixturevalue("firestore_emulator")
            database = OnEmulator(emulator, f"test-{new_id()[:12]}", closing, "(default)")
        yield closing.enter_context(clinic_on(database, tmp_path))
