"""Every filter, and filters together, in every order, held against plain Python."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import pytest

from functions.bootstrap import embedded_stores
from functions.models import Meeting, MeetingQuery, MeetingStatus, Ordering
from functions.ports import MeetingStore
from tests.stores import clinic
from tests.stores.conftest import KINDS
from tests.stores.making import firestore_client_of, firestore_stores, walk
from tests.values import NOW, a_meeting, put

MEETINGS = clinic.meetings()
DESCENDING = {Ordering.NEWEST, Ordering.LATEST}
TRIPLES = [
    ("two statuses", "participant", "available recording"),
    ("three statuses", "organizer", "no available recording"),
    ("one status", "guest", "calendar"),
    ("two statuses", "from", "to"),
    ("participant", "from", "to"),
    ("recording", "from", "to"),
    ("reference", "organizer", "calendar"),
    ("three statuses", "participant", "no available recording", "calendar", "from", "to"),
]
TWO_ARRAYS = {"participant_email", "guest_email"}


def in_order(meetings: list[Meeting], ordering: Ordering, chosen: tuple[str, ...]) -> list[Meeting]:
    def key(meeting: Meeting) -> Any:
        if ordering in (Ordering.EARLIEST, Ordering.LATEST):
            return meeting.scheduled_start, meeting.id
        if {"from", "to"} & set(chosen):
            return meeting.created_at, meeting.scheduled_start, meeting.id
        return meeting.created_at, meeting.id

    return sorted(meetings, key=key, reverse=ordering in DESCENDING)


def sets_of_filters() -> Iterator[tuple[str, ...]]:
    """Yield those that one query can ask for."""
    for chosen in [(), *combinations(clinic.FILTERS, 1), *combinations(clinic.FILTERS, 2)]:
        names = [name for filter_name in chosen for name in clinic.FILTERS[filter_name][0]]
        if len(set(names)) == len(names) and set(names) != TWO_ARRAYS:
            yield chosen
    yield from TRIPLES


def asked_in_order() -> Iterator[tuple[tuple[str, ...], Ordering]]:
    """Yield each set in every order; pairs in an order by each time, its direction by turns."""
    by_turns = [(Ordering.NEWEST, Ordering.EARLIEST), (Ordering.OLDEST, Ordering.LATEST)]
    for number, chosen in enumerate(sets_of_filters()):
        orders = by_turns[number % 2] if len(chosen) == 2 else tuple(Ordering)
        yield from ((chosen, ordering) for ordering in orders)


def as_words(value: tuple[str, ...] | Ordering) -> str:
    return " and ".join(value) if isinstance(value, tuple) else str(value)


@pytest.fixture(scope="module", params=KINDS)
def opened(request: pytest.FixtureRequest) -> Iterator[MeetingStore]:
    """The clinic's store, which these tests only read."""
    if request.param == "embedded":
        store = embedded_stores().meetings
        clinic.open_in(store, MEETINGS)
        yield store
        return
    with firestore_client_of(request.getfixturevalue("firestore_emulator")) as client:
        store = firestore_stores(client).meetings
        clinic.open_in(store, MEETINGS)
        yield store


class TestFilters:
    @pytest.mark.parametrize(("chosen", "ordering"), list(asked_in_order()), ids=as_words)
    def test_find_what_fits_in_order(
        self, opened: MeetingStore, chosen: tuple[str, ...], ordering: Ordering
    ) -> None:
        asked = [clinic.FILTERS[name] for name in chosen]
        query = MeetingQuery(
            ordering=ordering, **{k: v for values, _ in asked for k, v in values.items()}
        )

        page = opened.page(query, 100, None)

        fitting = [meeting for meeting in MEETINGS if all(fits(meeting) for _, fits in asked)]
        expected = in_order(fitting, ordering, chosen)
        assert [meeting.id for meeting in page.items] == [meeting.id for meeting in expected]
        assert page.items == tuple(expected)
        assert page.next is None

    @pytest.mark.parametrize("chosen", list(sets_of_filters())[1:], ids=" and ".join)
    def test_tell_meetings_apart(self, chosen: tuple[str, ...]) -> None:
        asked = [clinic.FILTERS[name][1] for name in chosen]

        count = sum(all(fits(meeting) for fits in asked) for meeting in MEETINGS)

        assert 0 < count < len(MEETINGS)

    @pytest.mark.parametrize("ordering", Ordering)
    @pytest.mark.parametrize("page_size", [1, 7, 40])
    @pytest.mark.parametrize("chosen", [(), ("two statuses", "from")])
    def test_go_on_over_pages_and_ties(
        self, opened: MeetingStore, chosen: tuple[str, ...], page_size: int, ordering: Ordering
    ) -> None:
        asked = [clinic.FILTERS[name][0] for name in chosen]
        query = MeetingQuery(ordering=ordering, **{k: v for one in asked for k, v in one.items()})

        walked = walk(opened, page_size, query)

        assert tuple(walked) == opened.page(query, 100, None).items

    def test_all_statuses_are_no_filter(self, opened: MeetingStore) -> None:
        query = MeetingQuery(statuses=frozenset(MeetingStatus))

        assert len(opened.page(query, 100, None).items) == 40


class TestBounds:
    @pytest.mark.parametrize("ordering", Ordering)
    @pytest.mark.parametrize(
        ("begin", "end", "expected"),
        [(10, 12, {10, 11}), (11, None, {11, 12}), (None, 12, {10, 11}), (11, 11, set())],
    )
    def test_the_first_is_within_and_the_last_is_not(
        self,
        store: MeetingStore,
        begin: int | None,
        end: int | None,
        expected: set[int],
        ordering: Ordering,
    ) -> None:
        for hour in (10, 11, 12):
            put(store, a_meeting(scheduled_start=at(hour), created_at=at(24 - hour)))

        query = MeetingQuery(
            ordering=ordering,
            scheduled_from=None if begin is None else at(begin),
            scheduled_to=None if end is None else at(end),
        )
        found = store.page(query, 10, None).items

        assert {meeting.scheduled_start.hour for meeting in found} == expected

    def test_are_exact_to_the_microsecond(self, store: MeetingStore) -> None:
        moment = timedelta(microseconds=1)
        for start in (at(10) - moment, at(10), at(11) - moment, at(11)):
            put(store, a_meeting(scheduled_start=start))

        query = MeetingQuery(ordering=Ordering.EARLIEST, scheduled_from=at(10), scheduled_to=at(11))
        found = store.page(query, 10, None).items

        assert [meeting.scheduled_start for meeting in found] == [at(10), at(11) - moment]


def at(hour: int) -> datetime:
    return NOW.replace(hour=0) + timedelta(hours=hour)
