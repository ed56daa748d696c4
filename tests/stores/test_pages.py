"""Pages: a walk shows each once, whatever comes and goes meanwhile."""

from datetime import timedelta

import pytest

from functions.models import Meeting, MeetingQuery, MeetingStatus, Ordering, Position
from functions.ports import MeetingStore
from tests.stores.making import cancelled, walk
from tests.values import NOW, a_meeting, put


class TestNewest:
    def test_a_walk_shows_every_meeting_once_the_newest_first(self, store: MeetingStore) -> None:
        # Three of one instant: the id must break the tie across pages.
        ages = [0, 5, 5, 5, 1, 9, 3]
        meetings = [a_meeting(created_at=NOW + timedelta(seconds=age)) for age in ages]
        for meeting in meetings:
            put(store, meeting)

        walked = walk(store, page_size=2)

        expected = sorted(meetings, key=lambda m: (m.created_at, m.id), reverse=True)
        assert [m.id for m in walked] == [m.id for m in expected]

    def test_a_walk_is_not_disturbed_by_what_is_made_meanwhile(self, store: MeetingStore) -> None:
        for age in range(4):
            put(store, a_meeting(created_at=NOW + timedelta(seconds=age)))
        first = store.page(MeetingQuery(), 2, None)

        put(store, a_meeting(created_at=NOW + timedelta(days=1)))
        second = store.page(MeetingQuery(), 2, first.next)

        ids = [m.id for m in (*first.items, *second.items)]
        assert len(set(ids)) == 4
        assert second.next is None

    def test_an_empty_store_has_one_empty_page(self, store: MeetingStore) -> None:
        page = store.page(MeetingQuery(), 5, None)

        assert page.items == ()
        assert page.next is None


def at(minute: int) -> Meeting:
    """Return a meeting whose place in every order is told by the minute."""
    moment = timedelta(minutes=minute)
    return a_meeting(created_at=NOW + moment, scheduled_start=NOW + timedelta(days=1) + moment)


def remove(store: MeetingStore, meeting: Meeting) -> None:
    """Take it out of a listing of what is not cancelled."""
    store.save(store.get(meeting.id), cancelled(meeting))


class TestWalk:
    @pytest.mark.parametrize("ordering", Ordering)
    def test_shows_each_that_stays_once(self, store: MeetingStore, ordering: Ordering) -> None:
        # Two of each minute, in the order of the walk.
        is_descending = ordering.startswith("-")
        minutes = [-minute if is_descending else minute for minute in range(8)]
        made = [at(minute) for minute in minutes for _ in range(2)]
        for meeting in made:
            put(store, meeting)
        query = MeetingQuery(ordering=ordering, statuses=frozenset({MeetingStatus.CREATED}))
        step = -1 if is_descending else 1
        before, after = at(-step), at(8 * step)

        first = store.page(query, 5, None)
        put(store, before)
        put(store, after)
        remove(store, first.items[1])
        remove(store, first.items[-1])
        gone = made[12]
        remove(store, gone)
        rest = walk(store, 5, query, first.next)

        shown = [meeting.id for meeting in (*first.items, *rest)]
        assert len(shown) == len(set(shown)) == 16
        assert set(shown) == {meeting.id for meeting in made} - {gone.id} | {after.id}
        assert shown[-1] == after.id

    @pytest.mark.parametrize("ordering", Ordering)
    def test_goes_on_where_the_last_one_shown_is_gone(
        self, store: MeetingStore, ordering: Ordering
    ) -> None:
        for minute in range(4):
            put(store, at(minute))
        query = MeetingQuery(ordering=ordering, statuses=frozenset({MeetingStatus.CREATED}))
        whole = store.page(query, 10, None).items
        first = store.page(query, 2, None)

        remove(store, first.items[-1])

        assert store.page(query, 2, first.next).items == whole[2:]

    @pytest.mark.parametrize("days", [-1, 1])
    @pytest.mark.parametrize("ordering", [Ordering.NEWEST, Ordering.OLDEST])
    def test_in_the_order_of_making_is_not_disturbed_by_what_is_moved(
        self, store: MeetingStore, ordering: Ordering, days: int
    ) -> None:
        made = [at(minute) for minute in range(4)]
        for meeting in made:
            put(store, meeting)
        query = MeetingQuery(ordering=ordering)
        first = store.page(query, 2, None)

        last = store.get(first.items[-1].id)
        moved = last.meeting.scheduled_start + timedelta(days=days)
        store.save(last, last.meeting.replace(scheduled_start=moved))
        rest = walk(store, 2, query, first.next)

        shown = [meeting.id for meeting in (*first.items, *rest)]
        assert sorted(shown) == sorted(meeting.id for meeting in made)

    def test_a_full_last_page_has_no_next(self, store: MeetingStore) -> None:
        for minute in range(3):
            put(store, at(minute))

        assert store.page(MeetingQuery(), 3, None).next is None


class TestPart:
    """A listing of what is inside of meetings goes on within the very meeting it stopped at."""

    @pytest.mark.parametrize("ordering", Ordering)
    @pytest.mark.parametrize("part", ["participant", None])
    def test_begins_at_that_very_meeting_and_otherwise_after_it(
        self, store: MeetingStore, part: str | None, ordering: Ordering
    ) -> None:
        for _ in range(5):
            put(store, at(0))
        query = MeetingQuery(ordering=ordering)
        whole = store.page(query, 10, None).items
        position = query.position(whole[2])

        page = store.page(query, 10, Position(position.values, position.id, part))

        assert page.items == (whole[3:] if part is None else whole[2:])

    @pytest.mark.parametrize("ordering", Ordering)
    def test_begins_after_a_meeting_that_is_gone(
        self, store: MeetingStore, ordering: Ordering
    ) -> None:
        for _ in range(5):
            put(store, at(0))
        query = MeetingQuery(ordering=ordering, statuses=frozenset({MeetingStatus.CREATED}))
        whole = store.page(query, 10, None).items
        position = query.position(whole[2])

        remove(store, whole[2])

        page = store.page(query, 10, Position(position.values, position.id, "participant"))
        assert page.items == whole[3:]
