"""The fixtures that more than one subject uses."""

import os
from collections.abc import Iterator

import pytest
from google.cloud.firestore_v1.base_query import FieldFilter

from infra.local.firestore_emulator import EmulatorMissing, FirestoreEmulator
from tests.stores.making import firestore_client_of


@pytest.fixture(scope="session")
def firestore_emulator() -> Iterator[str]:
    """The address of a Firestore emulator; under CI there must be one."""
    given = os.environ.get("FIRESTORE_EMULATOR_HOST")
    if given:
        yield given
        return
    try:
        with FirestoreEmulator() as emulator:
            _warm_up(emulator.address)
            yield emulator.address
    except EmulatorMissing as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs the Firestore emulator: {error}")
        pytest.skip(str(error))


def _warm_up(address: str) -> None:
    """Have it do each thing once: the first takes longer than the product waits for any."""
    with firestore_client_of(address) as client:
        client.document("warm/up").set({"at": 1}, timeout=60)
        query = client.collection("warm").where(filter=FieldFilter("at", ">", 0))
        assert [found.id for found in query.get(timeout=60)] == ["up"]
