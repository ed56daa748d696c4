"""When the sweep last went through."""

from datetime import datetime

from infra.embedded.database import EmbeddedDatabase


class EmbeddedSweepStore:
    def __init__(self, database: EmbeddedDatabase) -> None:
        self._database = database

    def note(self, swept_at: datetime) -> None:
        with self._database.lock:
            self._database.last_swept_at = swept_at

    def last_swept_at(self) -> datetime | None:
        with self._database.lock:
            return self._database.last_swept_at
