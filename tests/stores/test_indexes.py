"""firestore.indexes.json has what every query needs, and no more.

The emulator runs a query without its index; Firestore refuses it. So the queries that the stores
send are taken down, and held against the file by the rules of `index_rules`.
"""

import ast
import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, get_origin

import flask
import pytest
from google.cloud.firestore_v1.types import StructuredQuery

from functions.api.access import within_sight
from functions.api.auth import Caller
from functions.api.schemas.listings import (
    ListMeetings,
    ListParticipants,
    ListRecordings,
    ListUsers,
)
from functions.errors import InvalidRequest, Refused
from functions.models import (
    CalendarState,
    Claim,
    DueKind,
    JournalEntry,
    Meeting,
    MeetingQuery,
    MeetingStatus,
    Ordering,
    RecordingState,
    Role,
    StoredAnswer,
    StoredUser,
    UserRole,
    new_user,
)
from tests.stores.index_rules import (
    Index,
    Need,
    composite_indexes,
    exempt_fields,
    filters_of,
    is_covered,
    need_of,
)
from tests.stores.making import an_admin, firestore_stores
from tests.stores.spying import Spy
from tests.values import NOW

TOP = Path(__file__).parents[2]
FILE = json.loads((TOP / "firestore.indexes.json").read_text())
INDEXES, EXEMPT = composite_indexes(FILE), exempt_fields(FILE)
STATUSES = list(MeetingStatus)
OWN, OTHER = "own@clinica.com", "other@clinica.com"
ASKED: dict[str, list[Any]] = {
    "status": [[], STATUSES[:1], STATUSES[:3], STATUSES],
    "organizer_email": [None, OTHER],
    "participant_email": [None, OTHER],
    "external_reference": [None, "ref"],
    "scheduled_from": [None, NOW],
    "scheduled_to": [None, NOW],
    "has_recording": [None, True, False],
    "calendar_state": [None, CalendarState.FAILED],
    "ordering": list(Ordering),
    "email": [None, OWN, OTHER],
    "state": [None, *RecordingState],
}
ROLES = {ListParticipants: [None, *Role], ListUsers: [None, UserRole.ADMIN, UserRole.SERVICE]}
CALLERS = [Caller(new_user(OWN, NOW, role=role)) for role in (UserRole.SERVICE, UserRole.EXTERNAL)]
QUERYING = {
    ("meetings", "page"),
    ("meetings", "journal"),
    ("meetings", "due"),
    ("meetings", "count_waiting"),
    ("users", "page"),
    ("users", "_admins"),
}


def questions(listing: Any) -> Iterator[Any]:
    """Yield the listing with every combination of what can be asked for."""
    names = [n for n in listing.model_fields if n not in ("page_size", "cursor", "meeting")]
    values = [ROLES[listing] if name == "role" else ASKED[name] for name in names]
    for chosen in product(*values):
        yield listing.model_construct(**dict(zip(names, chosen, strict=True)))


def meeting_queries() -> Iterator[MeetingQuery]:
    """Yield what the listings of meetings, and of what is inside of them, ask the store for."""
    listings = (ListMeetings, ListParticipants, ListRecordings)
    asked = [one for listing in listings for one in questions(listing)]
    with flask.Flask(__name__).app_context():
        for caller, one in product(CALLERS, asked):
            flask.g.caller = caller
            with suppress(InvalidRequest):
                yield within_sight(one.query())


@cache
def queries() -> list[StructuredQuery]:
    """Return every query that the stores send."""
    spy = Spy()
    stores = firestore_stores(spy.client)
    for query in set(meeting_queries()):
        stores.meetings.page(query, 20, None)
    for asked in questions(ListUsers):
        stores.users.page(asked.role, 20, None)
    stores.meetings.journal("a" * 32, 20, None)
    for kind in DueKind:
        assert list(stores.meetings.due(kind, NOW)) == []
    with suppress(ValueError):
        # The spy has no answer, and a count is never without one.
        stores.meetings.count_waiting(NOW)
    assert not stores.users.has_admin()
    with pytest.raises(Refused):
        stores.users.save(StoredUser(an_admin(), NOW), None)
    return spy.queries


@cache
def needs() -> frozenset[Need]:
    return frozenset(need_of(query) for query in queries())


class TestQueries:
    def test_each_is_covered_by_indexes(self) -> None:
        uncovered = [need for need in needs() if not is_covered(need, INDEXES, EXEMPT)]

        assert uncovered == []

    def test_none_has_more_alternatives_than_firestore_takes(self) -> None:
        """https://firebase.google.com/docs/firestore/query-data/queries#limits_on_or_queries."""
        most = max(
            prod(len(one.value.array_value.values) for one in filters_of(q) if one.op.name == "IN")
            for q in queries()
        )

        assert 1 < most <= 30

    def test_none_asks_for_two_arrays(self) -> None:
        """https://firebase.google.com/docs/firestore/query-data/queries#query_limitations."""
        arrays = [sum(is_array for _, is_array in need.compared) for need in needs()]

        assert max(arrays) == 1

    def test_none_skips_what_it_reads(self) -> None:
        assert {query.offset for query in queries()} == {0}
        assert all(query.limit for query in queries())

    def test_all_filters_at_once_are_among_them(self) -> None:
        together = {
            ("status", False),
            ("organizer_email", False),
            ("external_reference", False),
            ("calendar.state", False),
            ("recording_states", False),
            ("participant_emails", True),
        }

        orders = {
            need.order
            for need in needs()
            if need.compared == together and need.ranged == {"scheduled_start"}
        }

        assert orders == {
            (("created_at", "ASCENDING"), ("scheduled_start", "ASCENDING")),
            (("created_at", "DESCENDING"), ("scheduled_start", "DESCENDING")),
            (("scheduled_start", "ASCENDING"),),
            (("scheduled_start", "DESCENDING"),),
        }

    def test_no_part_of_the_code_makes_another(self) -> None:
        """Whoever adds one has `queries` make it."""
        found = {
            (path.stem, function.name)
            for path in (TOP / "infra/firestore").glob("[!d]*.py")
            for function in ast.walk(ast.parse(path.read_text()))
            if isinstance(function, ast.FunctionDef)
            for call in ast.walk(function)
            if isinstance(call, ast.Attribute) and call.attr in ("run", "query")
        }

        assert found == QUERYING


class TestFile:
    @pytest.mark.parametrize(
        "index", INDEXES, ids=lambda index: ",".join(map("-".join, index.fields))
    )
    def test_each_index_is_needed(self, index: Index) -> None:
        others = [other for other in INDEXES if other is not index]

        assert not all(is_covered(need, others, EXEMPT) for need in needs())

    def test_what_expires_is_deleted(self) -> None:
        expiring = {
            (one["collectionGroup"], one["fieldPath"])
            for one in FILE["fieldOverrides"]
            if one.get("ttl") is True
        }

        assert expiring == {
            ("idempotency_keys", "expires_at"),
            ("idempotency_answers", "expires_at"),
            ("allowances", "expires_at"),
        }

    def test_what_is_exempt_is_stored(self) -> None:
        stored = {
            "allowances": {"requests", "expires_at"},
            "events": set(JournalEntry.model_fields),
            "idempotency_answers": set(StoredAnswer.model_fields),
            "idempotency_keys": set(Claim.model_fields),
            "meetings": set(Meeting.model_fields),
        }

        unknown = [(group, field) for group, field in EXEMPT if field not in stored[group]]

        assert unknown == []

    def test_lists_that_no_query_asks_for_are_exempt(self) -> None:
        """Each entry of one would be an index entry, written with every write of its document."""
        asked = {field for need in needs() for field, _ in need.compared}
        lists = {
            name
            for name, field in Meeting.model_fields.items()
            if get_origin(field.annotation) is tuple
        }

        assert {field for group, field in EXEMPT if group == "meetings"} >= lists - asked
        assert "conferences" in lists

    def test_what_is_due_is_found_by_its_single_field(self) -> None:
        due = {need.order for need in needs() if need.ranged and not need.compared}

        assert {((f"{kind}.due_at", "ASCENDING"),) for kind in DueKind} <= due
        assert (
            not {("meetings", f"{kind}{rest}") for kind in DueKind for rest in ("", ".due_at")}
            & EXEMPT
        )

    def test_is_in_firebases_form(self) -> None:
        assert set(FILE) == {"indexes", "fieldOverrides"}
        for one in FILE["indexes"]:
            assert set(one) == {"collectionGroup", "queryScope", "fields"}
            assert one["queryScope"] == "COLLECTION"
            assert len(one["fields"]) > 1
        for one in FILE["fieldOverrides"]:
            assert set(one) - {"ttl"} == {"collectionGroup", "fieldPath", "indexes"}
        assert len(set(INDEXES)) == len(INDEXES)
