"""What is remembered under Idempotency-Keys."""

from datetime import datetime

from functions.models import Claim, StoredAnswer
from infra.embedded.database import EmbeddedDatabase


class EmbeddedAnswerStore:
    def __init__(self, database: EmbeddedDatabase) -> None:
        self._database = database

    def find(self, claim_id: str, now: datetime) -> tuple[Claim, StoredAnswer | None] | None:
        with self._database.lock:
            claim = self._database.claims.get(claim_id)
            if claim is not None and claim.expires_at <= now:
                del self._database.claims[claim_id]
                self._database.answers.pop(claim_id, None)
                claim = None
            return None if claim is None else (claim, self._database.answers.get(claim_id))

    def claim(self, claim: Claim) -> None:
        with self._database.lock:
            self._database.refuse_taken_key(claim)
            self._database.add_claim(claim)

    def keep(self, claim: Claim, answer: StoredAnswer) -> StoredAnswer:
        with self._database.lock:
            return self._database.answers.setdefault(claim.id, answer)
