"""When the sweep last went through: one document, written once a minute."""

from datetime import datetime
from typing import Any

from google.cloud import firestore

from infra.firestore.database import Database

SWEEPS = "sweeps"
LAST = "last"


class FirestoreSweepStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, swept_at: datetime) -> None:
        def is_noted(found: dict[str, Any] | None) -> bool:
            return found is not None and found.get("swept_at") == swept_at

        batch = self._database.batch()
        batch.set(self._document(), {"swept_at": swept_at})
        self._database.commit(batch, self._document(), is_noted)

    def last_swept_at(self) -> datetime | None:
        swept_at: datetime | None = (self._database.read(self._document()).to_dict() or {}).get(
            "swept_at"
        )
        return swept_at

    def _document(self) -> firestore.DocumentReference:
        return self._database.document(SWEEPS, LAST)
