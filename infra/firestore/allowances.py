"""What was counted in windows of time: one counter for all instances."""

from datetime import datetime

from infra.firestore.database import Database

ALLOWANCES = "allowances"


class FirestoreAllowanceStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, key: str, window: str, count: int, expires_at: datetime) -> int:
        document = self._database.document(ALLOWANCES, f"{key}-{window}")
        return self._database.increment(document, "requests", count, {"expires_at": expires_at})
