"""A database of each kind that can be backed up: the copy is what is restored."""

from contextlib import ExitStack
from typing import Protocol

import pytest

from functions.models import new_id
from functions.ports import MeetingStore, UserStore
from infra.embedded.database import EmbeddedDatabase
from infra.embedded.meetings import EmbeddedMeetingStore
from infra.embedded.users import EmbeddedUserStore
from infra.firestore.database import client
from tests.stores.making import firestore_stores


class Database(Protocol):
    meetings: MeetingStore
    users: UserStore

    def copy(self) -> "Database":
        """Return a new database with what is in this one now."""


class Embedded:
    def __init__(self, database: EmbeddedDatabase) -> None:
        self._database = database
        self.meetings: MeetingStore = EmbeddedMeetingStore(database)
        self.users: UserStore = EmbeddedUserStore(database)

    def copy(self) -> "Embedded":
        copied = EmbeddedDatabase()
        copied.meetings.update(self._database.meetings)
        copied.references.update(self._database.references)
        copied.journals.update({k: list(v) for k, v in self._database.journals.items()})
        copied.users.update(self._database.users)
        return Embedded(copied)


class OnEmulator:
    """Firestore; a backup is restored to a new database of the same project."""

    def __init__(self, emulator: str, project: str, closing: ExitStack, name: str) -> None:
        self._emulator, self._closing = emulator, closing
        self.name = name
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("FIRESTORE_EMULATOR_HOST", emulator)
            self.client = client(project, name)
        closing.callback(self.client.close)
        stores = firestore_stores(self.client)
        self.meetings: MeetingStore = stores.meetings
        self.users: UserStore = stores.users

    def copy(self) -> "OnEmulator":
        restored = f"restored-{new_id()[:12]}"
        copied = OnEmulator(self._emulator, self.client.project, self._closing, restored)
        for collection in self.client.collections():
            for snapshot in collection.stream():
                target = copied.client.collection(collection.id).document(snapshot.id)
                target.set(snapshot.to_dict() or {})
        return copied
