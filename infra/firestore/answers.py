"""What is remembered under Idempotency-Keys: the claim of each, and beside it the first answer.

Two documents, so that the answer is the first one by being created. Firestore's TTL deletes them
by `expires_at`, late: whoever reads checks.
"""

import zlib
from contextlib import suppress
from datetime import datetime
from typing import Any

from google.cloud import firestore

from functions.errors import ConcurrentChange, KeyTaken
from functions.models import Claim, StoredAnswer, new_id
from infra.firestore.database import Database, Snapshot, Witness, is_gone, written_as

CLAIMS = "idempotency_keys"
ANSWERS = "idempotency_answers"


def add_claim(database: Database, batch: firestore.WriteBatch, claim: Claim) -> Witness:
    """Have the commit fail where the key was used before; returns what proves that it did not."""
    write_id = new_id()
    document = database.document(CLAIMS, claim.id)
    batch.create(document, {**claim.model_dump(), "write_id": write_id})
    return document, written_as(write_id)


def refuse_taken_key(database: Database, claim: Claim) -> None:
    """Raise KeyTaken where somebody has the key."""
    if database.read(database.document(CLAIMS, claim.id)).exists:
        raise KeyTaken


class FirestoreAnswerStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, claim_id: str, now: datetime) -> tuple[Claim, StoredAnswer | None] | None:
        claimed, answered = self._claimed(claim_id), self._answered(claim_id)
        found = self._database.read_all([claimed, answered])
        if claimed.path not in found:
            # An answer that outlived its claim would be given to whatever uses the key next.
            self._forget(found)
            return None
        claim = Claim.model_validate(found[claimed.path]._data)
        if claim.expires_at <= now:
            self._forget(found)
            return None
        answer = found.get(answered.path)
        return claim, _unpacked(answer) if answer else None

    def claim(self, claim: Claim) -> None:
        batch = self._database.batch()
        witness, is_done = add_claim(self._database, batch, claim)
        try:
            self._database.commit(batch, witness, is_done)
        except ConcurrentChange:
            raise KeyTaken from None

    def keep(self, claim: Claim, answer: StoredAnswer) -> StoredAnswer:
        answered = self._answered(claim.id)
        write_id = new_id()
        batch = self._database.batch()
        batch.create(answered, {**_packed(answer), "write_id": write_id})
        try:
            self._database.commit(batch, answered, written_as(write_id))
        except ConcurrentChange:
            return _unpacked(self._database.read(answered))
        return answer

    def _claimed(self, claim_id: str) -> firestore.DocumentReference:
        return self._database.document(CLAIMS, claim_id)

    def _answered(self, claim_id: str) -> firestore.DocumentReference:
        return self._database.document(ANSWERS, claim_id)

    def _forget(self, found: dict[str, Snapshot]) -> None:
        """Delete what expired, unless it is new meanwhile."""
        if not found:
            return
        batch = self._database.batch()
        for snapshot in found.values():
            unchanged = self._database.unchanged(snapshot.update_time)
            batch.delete(snapshot.reference, option=unchanged)
        with suppress(ConcurrentChange):
            self._database.commit(batch, next(iter(found.values())).reference, is_gone)


def _packed(answer: StoredAnswer) -> dict[str, Any]:
    # A document holds 1 MiB, which the answer to a batch can exceed.
    return {**answer.model_dump(), "body": zlib.compress(answer.body.encode())}


def _unpacked(snapshot: Snapshot) -> StoredAnswer:
    stored = snapshot._data
    return StoredAnswer.model_validate({**stored, "body": zlib.decompress(stored["body"]).decode()})
