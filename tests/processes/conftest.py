"""The product in processes of its own, started once for all that need it."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.processes.clinic import Clinic
from tests.processes.local_stack import Stack


@pytest.fixture(scope="session")
def running_clinic(
    firestore_emulator: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Clinic]:
    with ExitStack() as started:
        yield Clinic(started, firestore_emulator, tmp_path_factory.mktemp("clinic"))


@pytest.fixture
def clinic(running_clinic: Clinic) -> Clinic:
    running_clinic.anew()
    return running_clinic


@pytest.fixture(scope="session")
def authenticated_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """AUTH=local, whose clock runs fast."""
    log = tmp_path_factory.mktemp("authenticated-stack") / "log"
    with Stack(log, "--sweep-every", "1", variables={"AUTH": "local"}) as stack:
        stack.start()
        yield stack
