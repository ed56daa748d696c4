"""The meetings in Firestore: one document a meeting, uniqueness by documents named after the value.

The client repeats a commit whose answer was lost, so that the second answer can be a refusal
caused by the first. Every write therefore carries an id of its own, which is looked for before a
refusal is believed.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from google.api_core import exceptions
from google.api_core.retry import Retry, if_exception_type
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter
from pydantic import ValidationError

from functions.errors import (
    ConcurrentChange,
    MeetingNotFound,
    ReferenceTaken,
)
from functions.models import Meeting, Page, Position, StoredMeeting, new_id
from infra.grpc_errors import FAILURES, translated

logger = logging.getLogger(__name__)

CALL_TIMEOUT_SECONDS = 5.0
PING_TIMEOUT_SECONDS = 2.0
DUE_PAGE_SIZE = 100
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
MEETINGS = "meetings"
REFERENCES = "references"


def client(project: str, database: str) -> firestore.Client:
    """Return a client, of the emulator where FIRESTORE_EMULATOR_HOST is set."""
    return firestore.Client(project=project, database=database)


class FirestoreMeetingStore:
    def __init__(self, client: Callable[[], firestore.Client]) -> None:
        self._client = client

    def create(self, meeting: Meeting) -> None:
        batch = self._database().batch()
        batch.create(self._meeting(meeting.id), _document(meeting, new_id()))
        if meeting.external_reference is not None:
            batch.create(self._reference(meeting.external_reference), {"meeting_id": meeting.id})
        try:
            self._commit(batch, meeting.id, None)
        except ConcurrentChange:
            self._refuse_taken(meeting)
            raise

    def get(self, meeting_id: str) -> StoredMeeting:
        with _translated():
            snapshot = self._meeting(meeting_id).get(retry=RETRY, timeout=CALL_TIMEOUT_SECONDS)
        if not snapshot.exists:
            raise MeetingNotFound
        return _stored(snapshot)

    def save(self, stored: StoredMeeting, changed: Meeting) -> StoredMeeting:
        write_id = new_id()
        before, after = stored.meeting.claimed_reference, changed.claimed_reference
        batch = self._database().batch()
        batch.update(
            self._meeting(changed.id),
            _document(changed, write_id),
            option=self._database().write_option(last_update_time=stored.version),
        )
        if before != after and before is not None:
            batch.delete(self._reference(before))
        if before != after and after is not None:
            batch.create(self._reference(after), {"meeting_id": changed.id})
        try:
            version = self._commit(batch, changed.id, write_id)
        except ConcurrentChange:
            if before != after:
                self._refuse_taken(changed)
            raise
        return StoredMeeting(meeting=changed, version=version)

    def newest(self, page_size: int, after: Position | None) -> Page:
        query = (
            self._database()
            .collection(MEETINGS)
            .order_by("created_at", direction=firestore.Query.DESCENDING)
            .order_by("__name__", direction=firestore.Query.DESCENDING)
            .limit(page_size + 1)
        )
        if after is not None:
            query = query.start_after({"created_at": after.created_at, "__name__": after.id})
        snapshots = self._run(query)
        page = snapshots[:page_size]
        following = None
        if len(snapshots) > page_size:
            following = Position(created_at=page[-1].get("created_at"), id=page[-1].id)
        return Page(tuple(stored.meeting for stored in _readable(page)), following)

    def due(self, now: datetime) -> Iterator[StoredMeeting]:
        query = (
            self._database()
            .collection(MEETINGS)
            .where(filter=FieldFilter("calendar.due_at", "<=", now))
            .order_by("calendar.due_at")
            .limit(DUE_PAGE_SIZE)
        )
        page = self._run(query)
        while page:
            yield from _readable(page)
            # After the last one read and not anew: what stays due must not come again.
            page = self._run(query.start_after(page[-1])) if len(page) == DUE_PAGE_SIZE else []

    def ping(self) -> None:
        with _translated():
            self._database().collection("health").document("ping").get(
                retry=None, timeout=PING_TIMEOUT_SECONDS
            )

    def _database(self) -> firestore.Client:
        with _translated():
            return self._client()

    def _meeting(self, meeting_id: str) -> firestore.DocumentReference:
        return self._database().collection(MEETINGS).document(meeting_id)

    def _reference(self, external_reference: str) -> firestore.DocumentReference:
        name = hashlib.sha256(external_reference.encode()).hexdigest()
        return self._database().collection(REFERENCES).document(name)

    def _run(self, query: firestore.Query) -> list[firestore.DocumentSnapshot[Any]]:
        with _translated():
            return list(query.get(retry=RETRY, timeout=CALL_TIMEOUT_SECONDS))

    def _commit(self, batch: firestore.WriteBatch, meeting_id: str, write_id: str | None) -> Any:
        """Commit and return the meeting's new version.

        After any failure the document is looked at: the answer to a commit that was stored may be
        lost, and the refusal may be of the client's own repetition. Without a write id the
        document's being there is proof, since nobody else makes one of this id.

        Raises:
            ConcurrentChange: a precondition did not hold; nothing is stored.
        """
        with _translated():
            try:
                results = batch.commit(retry=RETRY, timeout=CALL_TIMEOUT_SECONDS)
                return results[0].update_time
            except FAILURES as error:
                snapshot = self._meeting(meeting_id).get(retry=RETRY, timeout=CALL_TIMEOUT_SECONDS)
                if snapshot.exists and write_id in (None, snapshot.get("write_id")):
                    return snapshot.update_time
                if isinstance(error, PRECONDITION):
                    raise ConcurrentChange from error
                raise

    def _refuse_taken(self, meeting: Meeting) -> None:
        """Raise ReferenceTaken where another meeting has the reference this one claims."""
        reference = meeting.claimed_reference
        if reference is None:
            return
        with _translated():
            snapshot = self._reference(reference).get(retry=RETRY, timeout=CALL_TIMEOUT_SECONDS)
        owner = snapshot.get("meeting_id") if snapshot.exists else meeting.id
        if owner != meeting.id:
            raise ReferenceTaken(owner)


def _document(meeting: Meeting, write_id: str) -> dict[str, Any]:
    return {**meeting.model_dump(), "write_id": write_id}


def _stored(snapshot: firestore.DocumentSnapshot[Any]) -> StoredMeeting:
    # Not to_dict(): it copies deeply, which is a third of what a list costs.
    return StoredMeeting(
        meeting=Meeting.model_validate(snapshot._data), version=snapshot.update_time
    )


def _readable(
    snapshots: list[firestore.DocumentSnapshot[Any]],
) -> Iterator[StoredMeeting]:
    """Yield the meetings; one that cannot be read must not hide the others."""
    for snapshot in snapshots:
        try:
            yield _stored(snapshot)
        except ValidationError as error:
            fields = [".".join(map(str, e["loc"])) for e in error.errors(include_input=False)]
            logger.error(
                "stored meeting is invalid", extra={"meeting_id": snapshot.id, "fields": fields}
            )


def _translated() -> AbstractContextManager[None]:
    return translated("store", REFUSED, UNAVAILABLE)
