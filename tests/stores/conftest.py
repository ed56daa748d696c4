"""The stores, embedded ones and Firestore's on the real emulator: one contract for both."""

from collections.abc import Iterator

import pytest
from google.cloud import firestore

from functions.bootstrap import Stores, embedded_stores
from functions.ports import AllowanceStore, AnswerStore, MeetingStore, UserStore
from tests.stores.making import firestore_client_of, firestore_stores

KINDS = ["embedded", "firestore"]


@pytest.fixture
def firestore_client(firestore_emulator: str) -> Iterator[firestore.Client]:
    with firestore_client_of(firestore_emulator) as made:
        yield made


@pytest.fixture(params=KINDS)
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "embedded":
        return embedded_stores()
    return firestore_stores(request.getfixturevalue("firestore_client"))


@pytest.fixture
def store(stores: Stores) -> MeetingStore:
    return stores.meetings


@pytest.fixture
def users(stores: Stores) -> UserStore:
    return stores.users


@pytest.fixture
def answers(stores: Stores) -> AnswerStore:
    return stores.answers


@pytest.fixture
def allowances(stores: Stores) -> AllowanceStore:
    return stores.allowances
