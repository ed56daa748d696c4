"""The meetings and their journal: one document a meeting, one an entry.

An external_reference is unique by a document that is named after it.
"""

import hashlib
import logging
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter
from pydantic import ValidationError

from functions.errors import ConcurrentChange, MeetingNotFound, ReferenceTaken
from functions.models import (
    CalendarState,
    Claim,
    DueKind,
    JournalEntry,
    Meeting,
    MeetingQuery,
    MeetingStatus,
    Page,
    Position,
    StoredMeeting,
    new_id,
    user_id,
)
from infra.firestore import meeting_query
from infra.firestore.answers import add_claim, refuse_taken_key
from infra.firestore.database import Database, Proof, Snapshot, exists, written_as
from infra.firestore.users import USERS

logger = logging.getLogger(__name__)

MEETINGS = "meetings"
REFERENCES = "references"
EVENTS = "events"
DUE_PAGE_SIZE = 100
COUNTED_AT_MOST = 10_000
ORGANIZER_REMEMBERED_SECONDS = 3600.0
MAX_REMEMBERED = 10_000


class FirestoreMeetingStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._organizers: dict[str, float] = {}

    def create(self, meeting: Meeting, entry: JournalEntry, claim: Claim | None = None) -> None:
        batch = self._database.batch()
        batch.create(self._meeting(meeting.id), _document(meeting, new_id()))
        if meeting.claimed_reference is not None:
            batch.create(self._reference(meeting.claimed_reference), {"meeting_id": meeting.id})
        organizer = {"id": user_id(meeting.organizer_email), "email": meeting.organizer_email}
        # Not each time: many meetings of one organizer at once would wait for that one document.
        if self._organizers.get(organizer["id"], 0.0) < time.monotonic():
            # Merged, so that a user who is there already stays as he is, in the same commit.
            batch.set(self._database.document(USERS, organizer["id"]), organizer, merge=True)
        batch.create(self._entry(entry), entry.model_dump())
        witness = self._meeting(meeting.id)
        self._commit(batch, witness, exists, claim, meeting)
        if len(self._organizers) >= MAX_REMEMBERED:
            self._organizers.clear()
        self._organizers[organizer["id"]] = time.monotonic() + ORGANIZER_REMEMBERED_SECONDS

    def get(self, meeting_id: str) -> StoredMeeting:
        snapshot = self._database.read(self._meeting(meeting_id))
        if not snapshot.exists:
            raise MeetingNotFound
        return _stored(snapshot)

    def save(
        self,
        stored: StoredMeeting,
        changed: Meeting,
        entry: JournalEntry | None = None,
        claim: Claim | None = None,
    ) -> StoredMeeting:
        write_id = new_id()
        before, after = stored.meeting.claimed_reference, changed.claimed_reference
        batch = self._database.batch()
        batch.update(
            self._meeting(changed.id),
            _cleared(changed) | _document(changed, write_id),
            option=self._database.unchanged(stored.version),
        )
        if before != after and before is not None:
            batch.delete(self._reference(before))
        if before != after and after is not None:
            batch.create(self._reference(after), {"meeting_id": changed.id})
        # Others may change the meeting before a lost answer is noticed, but never an entry.
        witness = self._meeting(changed.id)
        if entry is not None:
            witness = self._entry(entry)
            batch.create(witness, {**entry.model_dump(), "write_id": write_id})
        claiming = changed if before != after else None
        version = self._commit(batch, witness, written_as(write_id), claim, claiming)
        return StoredMeeting(meeting=changed, version=version)

    def page(self, query: MeetingQuery, page_size: int, after: Position | None) -> Page[Meeting]:
        found = meeting_query.build(self._database.query(MEETINGS), query, after)
        snapshots = self._database.run(found.limit(page_size + 1))
        page = snapshots[:page_size]
        following = None
        if len(snapshots) > page_size:
            values = tuple(page[-1].get(field) for field in query.order_fields)
            following = Position(values, page[-1].id)
        return Page(tuple(stored.meeting for stored in _readable(page)), following)

    def find_active(self, external_reference: str) -> Meeting | None:
        reference = self._database.read(self._reference(external_reference))
        if not reference.exists:
            return None
        try:
            meeting = self.get(reference.get("meeting_id")).meeting
        except MeetingNotFound:
            return None
        return meeting if meeting.claimed_reference == external_reference else None

    def journal(
        self, meeting_id: str, page_size: int, after: Position | None
    ) -> Page[JournalEntry]:
        query = (
            self._database.query(EVENTS)
            .order_by("__name__")
            .start_after({"__name__": after.id if after else f"{meeting_id}-"})
            # The character after the one that the ids of its entries go on with.
            .end_before({"__name__": f"{meeting_id}."})
            .limit(page_size + 1)
        )
        entries = tuple(
            JournalEntry.model_validate(snapshot._data) for snapshot in self._database.run(query)
        )
        page = entries[:page_size]
        following = Position((), page[-1].id) if len(entries) > page_size else None
        return Page(page, following)

    def due(self, kind: DueKind, now: datetime) -> Iterator[StoredMeeting]:
        field = f"{kind}.due_at"
        query = (
            self._database.query(MEETINGS)
            .where(filter=FieldFilter(field, "<=", now))
            .order_by(field)
            .limit(DUE_PAGE_SIZE)
        )
        page = self._database.run(query)
        while page:
            yield from _readable(page)
            is_last = len(page) < DUE_PAGE_SIZE
            # After the last one read and not anew: what stays due must not come again.
            page = [] if is_last else self._database.run(query.start_after(page[-1]))

    def count_waiting(self, asked_before: datetime) -> int:
        return self._database.count(
            self._database.query(MEETINGS)
            .where(filter=FieldFilter("status", "==", MeetingStatus.CREATED))
            .where(filter=FieldFilter("calendar.state", "==", CalendarState.PENDING))
            .where(filter=FieldFilter("created_at", "<", asked_before))
            # In the order of the lists' indexes, which are merged.
            .order_by("created_at", direction=firestore.Query.DESCENDING)
            .limit(COUNTED_AT_MOST)
        )

    def ping(self) -> None:
        self._database.ping()

    def _meeting(self, meeting_id: str) -> firestore.DocumentReference:
        return self._database.document(MEETINGS, meeting_id)

    def _reference(self, external_reference: str) -> firestore.DocumentReference:
        name = hashlib.sha256(external_reference.encode()).hexdigest()
        return self._database.document(REFERENCES, name)

    def _entry(self, entry: JournalEntry) -> firestore.DocumentReference:
        return self._database.document(EVENTS, entry.id)

    def _commit(
        self,
        batch: firestore.WriteBatch,
        witness: firestore.DocumentReference,
        is_done: Proof,
        claim: Claim | None,
        claiming: Meeting | None,
    ) -> Any:
        """Commit with the claim of the key; `claiming` is a meeting that takes its reference."""
        if claim is not None:
            add_claim(self._database, batch, claim)
        try:
            return self._database.commit(batch, witness, is_done)
        except ConcurrentChange:
            if claim is not None:
                refuse_taken_key(self._database, claim)
            if claiming is not None:
                self._refuse_taken(claiming)
            raise

    def _refuse_taken(self, meeting: Meeting) -> None:
        """Raise ReferenceTaken where another meeting has the reference this one claims."""
        reference = meeting.claimed_reference
        if reference is None:
            return
        snapshot = self._database.read(self._reference(reference))
        owner = snapshot.get("meeting_id") if snapshot.exists else meeting.id
        if owner != meeting.id:
            raise ReferenceTaken(owner)


def _document(meeting: Meeting, write_id: str) -> dict[str, Any]:
    # Without what is None: each value costs its time with every read.
    return {
        **meeting.model_dump(exclude_none=True),
        **{field: getattr(meeting, field) for field in meeting_query.DERIVED_FIELDS},
        "write_id": write_id,
    }


def _cleared(meeting: Meeting) -> dict[str, Any]:
    """Return what an update must take out of the document: what is None now."""
    return {name: firestore.DELETE_FIELD for name, value in meeting if value is None}


def _stored(snapshot: Snapshot) -> StoredMeeting:
    # Not to_dict(): it copies deeply, which is a third of what a list costs.
    return StoredMeeting(
        meeting=Meeting.model_validate(snapshot._data), version=snapshot.update_time
    )


def _readable(snapshots: list[Snapshot]) -> Iterator[StoredMeeting]:
    """Yield the meetings; one that cannot be read must not hide the others."""
    for snapshot in snapshots:
        try:
            yield _stored(snapshot)
        except ValidationError as error:
            fields = [".".join(map(str, e["loc"])) for e in error.errors(include_input=False)]
            logger.error(
                "stored meeting is invalid", extra={"meeting_id": snapshot.id, "fields": fields}
            )
