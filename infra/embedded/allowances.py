"""What was counted in windows of time."""

from datetime import datetime

from infra.embedded.database import EmbeddedDatabase


class EmbeddedAllowanceStore:
    def __init__(self, database: EmbeddedDatabase) -> None:
        self._database = database

    def take(self, key: str, window: str, count: int, expires_at: datetime) -> int:
        with self._database.lock:
            counted = self._database.allowances
            counted[key, window] = counted.get((key, window), 0) + count
            return counted[key, window]
