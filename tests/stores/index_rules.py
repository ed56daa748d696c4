"""Which of Firestore's indexes a query needs, and whether they are there (Standard edition).

* Every field has single-field indexes, ascending, descending and of what its array contains,
  unless an override exempts it: an exempted one can still be part of a composite index. Those of
  fields compared with `==` are merged: no composite index is needed without an order or a range.
* An index serves a query where its fields are some of those that the query compares with `==`,
  `in` or `array-contains`, and then the fields it is ordered by, each in that direction, and no
  others. The id comes last in each by itself, in the direction of the last field.
* Several of them are merged, if each ends with all that the query is ordered by, into one that
  begins with the compared fields of all: see "Use index merging".
  https://firebase.google.com/docs/firestore/query-data/index-overview
  https://cloud.google.com/datastore/docs/concepts/optimize-indexes
* A range is read off the fields that the query is ordered by, of which it need not be the first.
  https://firebase.google.com/docs/firestore/query-data/multiple-range-fields
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from google.cloud.firestore_v1.types import StructuredQuery

ASCENDING, DESCENDING, CONTAINS = "ASCENDING", "DESCENDING", "CONTAINS"
Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Index:
    collection: str
    fields: Fields
    """Each with its direction, or CONTAINS."""


@dataclass(frozen=True)
class Need:
    """What a query needs of its indexes."""

    collection: str
    compared: frozenset[tuple[str, bool]]
    """Each field, and whether it is an array that contains what is asked for."""
    ranged: frozenset[str]
    order: Fields
    """Without the id."""


def filters_of(query: StructuredQuery) -> list[StructuredQuery.FieldFilter]:
    where = query.where
    if "composite_filter" in where:
        assert where.composite_filter.op.name == "AND"
        return [one.field_filter for one in where.composite_filter.filters]
    return [where.field_filter] if "field_filter" in where else []


def need_of(query: StructuredQuery) -> Need:
    compared, ranged = set(), set()
    for one in filters_of(query):
        if one.op.name in ("EQUAL", "IN", "ARRAY_CONTAINS"):
            compared.add((one.field.field_path, one.op.name == "ARRAY_CONTAINS"))
        else:
            ranged.add(one.field.field_path)
    order = [(one.field.field_path, one.direction.name) for one in query.order_by]
    if order and order[-1][0] == "__name__":
        _, direction = order.pop()
        assert direction == (order[-1][1] if order else ASCENDING), "the id has no such order"
    assert ranged <= {field for field, _ in order}, "a range is of what is ordered by"
    [collection] = [one.collection_id for one in query.from_]
    return Need(collection, frozenset(compared), frozenset(ranged), tuple(order))


def is_covered(need: Need, composite: Iterable[Index], exempt: set[tuple[str, str]]) -> bool:
    """Return whether one index, or several that are merged, are all that the query needs."""
    if not need.compared and not need.order:
        return True
    begins = [
        begin
        for index in (*composite, *_single(need, exempt))
        if (begin := _beginning(index, need)) is not None
    ]
    return bool(begins) and frozenset().union(*begins) == need.compared


def _single(need: Need, exempt: set[tuple[str, str]]) -> Iterator[Index]:
    fields = {field for field, _ in (*need.compared, *need.order)}
    for field in fields:
        if (need.collection, field) not in exempt:
            for mode in (ASCENDING, DESCENDING, CONTAINS):
                yield Index(need.collection, ((field, mode),))


def _beginning(index: Index, need: Need) -> frozenset[tuple[str, bool]] | None:
    """Return the compared fields that the index begins with; None: it does not serve the query."""
    size = len(index.fields) - len(need.order)
    if index.collection != need.collection or size < 0 or index.fields[size:] != need.order:
        return None
    begin = frozenset((field, mode == CONTAINS) for field, mode in index.fields[:size])
    return begin if begin <= need.compared else None


def composite_indexes(file: dict[str, Any]) -> list[Index]:
    return [
        Index(
            one["collectionGroup"],
            tuple((f["fieldPath"], f.get("order") or f["arrayConfig"]) for f in one["fields"]),
        )
        for one in file["indexes"]
    ]


def exempt_fields(file: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (one["collectionGroup"], one["fieldPath"])
        for one in file["fieldOverrides"]
        if one["indexes"] == []
    }
