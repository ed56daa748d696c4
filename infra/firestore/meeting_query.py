"""A question about meetings in Firestore's words; firestore.indexes.json has an index for each."""

from collections.abc import Iterator

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from functions.models import MeetingQuery, MeetingStatus, Position

DERIVED_FIELDS = ("guest_emails", "participant_emails", "recording_states")
"""What a document has for the sake of queries, beside the meeting itself."""


def build(
    collection: firestore.Query, query: MeetingQuery, after: Position | None
) -> firestore.Query:
    direction = (
        firestore.Query.DESCENDING if query.ordering.is_descending else firestore.Query.ASCENDING
    )
    built = collection
    for condition in _conditions(query):
        built = built.where(filter=condition)
    for field in (*query.order_fields, "__name__"):
        built = built.order_by(field, direction=direction)
    if after is not None:
        values = dict(zip(query.order_fields, after.values, strict=True))
        begin = built.start_after if after.part is None else built.start_at
        built = begin({**values, "__name__": after.id})
    return built


def _conditions(query: MeetingQuery) -> Iterator[FieldFilter]:
    for field, value in {
        "organizer_email": query.organizer_email,
        "external_reference": query.external_reference,
        "calendar.state": query.calendar_state,
    }.items():
        if value is not None:
            yield FieldFilter(field, "==", value)
    for field, email in {
        "participant_emails": query.participant_email,
        "guest_emails": query.guest_email,
    }.items():
        if email is not None:
            yield FieldFilter(field, "array_contains", email)
    # All statuses are no condition, and would be more alternatives than Firestore takes.
    if query.statuses and query.statuses != frozenset(MeetingStatus):
        yield FieldFilter("status", "in", sorted(query.statuses))
    if query.recording_states:
        yield FieldFilter("recording_states", "in", sorted(query.recording_states))
    if query.scheduled_from is not None:
        yield FieldFilter("scheduled_start", ">=", query.scheduled_from)
    if query.scheduled_to is not None:
        yield FieldFilter("scheduled_start", "<", query.scheduled_to)
