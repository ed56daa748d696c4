"""The fixtures that more than one subject uses."""

import os
from collections.abc import Iterator

import pytest

from infra.local.firestore_emulator import EmulatorMissing, FirestoreEmulator


@pytest.fixture(scope="session")
def firestore_emulator() -> Iterator[str]:
    """The address of a Firestore emulator; under CI there must be one."""
    given = os.environ.get("FIRESTORE_EMULATOR_HOST")
    if given:
        yield given
        return
    try:
        with FirestoreEmulator() as emulator:
            yield emulator.address
    except EmulatorMissing as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs the Firestore emulator: {error}")
        pytest.skip(str(error))
