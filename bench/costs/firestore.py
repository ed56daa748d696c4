"""A gate before Firestore that counts what is paid for: documents, not calls."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from google.cloud.firestore_v1.types import (
    BatchGetDocumentsResponse,
    CommitRequest,
    RunAggregationQueryResponse,
    RunQueryResponse,
)

from tests.processes.gate import Gate

EXPIRING = ("idempotency_keys", "idempotency_answers", "allowances")
"""The collections with a TTL, in firestore.indexes.json."""


class Firestore(Gate):
    """Reads what passes."""

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self._counts_by_kind: Counter[str] = Counter()
        self._expiring: set[str] = set()

    @property
    def used(self) -> dict[str, int]:
        """The documents read, written and deleted, also those that will expire."""
        return {**(self._counts_by_kind + Counter(deletes=len(self._expiring)))}

    def _forward(self, method: str, requests: Iterator[bytes], context: Any) -> Iterator[bytes]:
        sent = list(requests)
        received = list(super()._forward(method, iter(sent), context))
        self._note(method.rpartition("/")[2], sent, received)
        return iter(received)

    def _note(self, method: str, sent: list[bytes], received: list[bytes]) -> None:
        reads = 0
        match method:
            case "Commit":
                self._note_writes(CommitRequest.deserialize(sent[0]))
            case "BatchGetDocuments":
                answers = map(BatchGetDocumentsResponse.deserialize, received)
                reads = sum(bool(one.found or one.missing) for one in answers)
            case "RunQuery":
                reads = max(
                    1, sum(bool(RunQueryResponse.deserialize(o).document) for o in received)
                )
            case "RunAggregationQuery":
                reads = max(
                    1, sum(bool(RunAggregationQueryResponse.deserialize(o)) for o in received)
                )
            case _:
                raise SystemExit(f"{method} is not counted")
        self._counts_by_kind["reads"] += reads

    def _note_writes(self, commit: CommitRequest) -> None:
        for write in commit.writes:
            self._counts_by_kind["deletes" if write.delete else "writes"] += 1
            name = write.update.name
            if name and name.rsplit("/", 2)[1] in EXPIRING:
                self._expiring.add(name)
