"""How many requests each caller has made in a window of time."""

from datetime import datetime

from infra.embedded.database import EmbeddedDatabase


class EmbeddedAllowanceStore:
    def __init__(self, database: EmbeddedDatabase) -> None:
        self._database = database

    def take(self, caller_id: str, window: str, count: int, expires_at: datetime) -> int:
        with self._database.lock:
            key = (caller_id, window)
            self._database.allowances[key] = self._database.allowances.get(key, 0) + count
            return self._database.allowances[key]
