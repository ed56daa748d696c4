"""How the collections are read and written: deadlines, repetition, commits with a lost answer.

The client repeats a commit whose answer was lost, so that the second answer can be a refusal
caused by the first. Every write therefore carries an id of its own, which is looked for before a
refusal is believed.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, TypeAlias

from google.api_core import exceptions
from google.api_core.retry import Retry, if_exception_type
from google.cloud import firestore
from google.cloud.firestore_v1.aggregation import AggregationQuery

from functions.errors import ConcurrentChange
from infra.grpc_errors import FAILURES, translated

CALL_TIMEOUT_SECONDS = 5.0
PING_TIMEOUT_SECONDS = 2.0
RETRY = Retry(
    predicate=if_exception_type(exceptions.ServiceUnavailable, exceptions.ResourceExhausted),
    initial=0.1,
    multiplier=2.0,
    maximum=2.0,
    timeout=4.0,
)
PRECONDITION = (
    exceptions.AlreadyExists,
    exceptions.FailedPrecondition,
    exceptions.Aborted,
    exceptions.NotFound,
)
REFUSED = (
    "Firestore rejects the call: check the database's name and that the service account has"
    " roles/datastore.user."
)
UNAVAILABLE = "Firestore is not responding."

Proof: TypeAlias = Callable[[dict[str, Any] | None], bool]
"""Tells from a document, or its absence, whether a commit was stored."""

Witness: TypeAlias = tuple[firestore.DocumentReference, Proof]
Snapshot: TypeAlias = firestore.DocumentSnapshot[Any]


def client(project: str, database: str) -> firestore.Client:
    """Return a client; it speaks to the emulator where FIRESTORE_EMULATOR_HOST is set."""
    return firestore.Client(project=project, database=database)


def written_as(write_id: str) -> Proof:
    """Return the proof that a document was written under this id."""
    return lambda found: found is not None and found.get("write_id") == write_id


def exists(found: dict[str, Any] | None) -> bool:
    """Prove that a document was made whose id is random: nobody else makes one of that id."""
    return found is not None


def is_gone(found: dict[str, Any] | None) -> bool:
    return found is None


class Database:
    def __init__(self, client: Callable[[], firestore.Client]) -> None:
        self._make_client = client

    def batch(self) -> firestore.WriteBatch:
        return self._client().batch()

    def query(self, collection: str) -> firestore.Query:
        return firestore.Query(self._client().collection(collection))

    def document(self, collection: str, document_id: str) -> firestore.DocumentReference:
        return self._client().collection(collection).document(document_id)

    def unchanged(self, version: Any) -> Any:
        """Return the precondition that a document is as it was read."""
        return self._client().write_option(last_update_time=version)

    def read(self, document: firestore.DocumentReference) -> Snapshot:
        with _translated():
            return document.get(retry=RETRY, timeout=CALL_TIMEOUT_SECONDS)

    def read_all(self, documents: list[firestore.DocumentReference]) -> dict[str, Snapshot]:
        """Read several documents in one call; returns those that are there by their path."""
        with _translated():
            snapshots = self._client().get_all(documents, retry=RETRY, timeout=CALL_TIMEOUT_SECONDS)
            return {snapshot.reference.path: snapshot for snapshot in snapshots if snapshot.exists}

    def run(self, query: firestore.Query) -> list[Snapshot]:
        with _translated():
            return list(query.get(retry=RETRY, timeout=CALL_TIMEOUT_SECONDS))

    def count(self, query: firestore.Query) -> int:
        """Count what fits: a read for each thousand, and none of a document."""
        with _translated():
            counted = AggregationQuery(query).count()
            [[result]] = counted.get(retry=RETRY, timeout=CALL_TIMEOUT_SECONDS)
            return int(result.value)

    def commit(
        self,
        batch: firestore.WriteBatch,
        witness: firestore.DocumentReference,
        is_done: Proof,
    ) -> Any:
        """Commit and return the version that the batch's first document has now.

        After any failure one of them, the witness, is looked at and `is_done` asked: the answer
        to a commit that was stored may be lost, and the refusal may be of the client's own
        repetition.

        Raises:
            ConcurrentChange: a precondition did not hold; nothing is stored.
        """
        with _translated():
            try:
                results = batch.commit(retry=RETRY, timeout=CALL_TIMEOUT_SECONDS)
                return results[0].update_time
            except FAILURES as error:
                snapshot = witness.get(retry=RETRY, timeout=CALL_TIMEOUT_SECONDS)
                if is_done(snapshot.to_dict()):
                    return snapshot.update_time
                if isinstance(error, PRECONDITION):
                    raise ConcurrentChange from error
                raise

    def increment(
        self,
        document: firestore.DocumentReference,
        field: str,
        by: int,
        beside: Mapping[str, Any],
    ) -> int:
        """Add to a counter and return its new value; not idempotent, so it is not repeated."""
        batch = self.batch()
        batch.set(document, {field: firestore.Increment(by), **beside}, merge=True)
        with _translated():
            [result] = batch.commit(retry=None, timeout=CALL_TIMEOUT_SECONDS)
            return int(result.transform_results[0].integer_value)

    def ping(self) -> None:
        with _translated():
            self.document("health", "ping").get(retry=None, timeout=PING_TIMEOUT_SECONDS)

    def _client(self) -> firestore.Client:
        with _translated():
            return self._make_client()


def _translated() -> AbstractContextManager[None]:
    return translated("store", REFUSED, UNAVAILABLE)
