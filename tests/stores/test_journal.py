"""The journal: in order, whole, and only of what was stored."""

from datetime import timedelta

import pytest

from functions.errors import ConcurrentChange, KeyTaken, MeetingNotFound, ReferenceTaken
from functions.models import EntryKind, GoogleCall, Meeting
from functions.ports import AnswerStore, MeetingStore
from tests.stores.making import XOMA, a_claim, a_noted_meeting
from tests.values import NOW, a_meeting, put


def put_with_changes(store: MeetingStore, changes: int, **values: object) -> Meeting:
    meeting, entry = a_noted_meeting(**values)
    store.create(meeting, entry)
    for number in range(changes):
        change(store, meeting.id, summary=str(number))
    return store.get(meeting.id).meeting


def change(store: MeetingStore, meeting_id: str, **changes: object) -> None:
    stored = store.get(meeting_id)
    changed, entry = stored.meeting.changed(NOW, **changes).noting(
        EntryKind.MEETING_CHANGED, NOW, XOMA, details=changes
    )
    store.save(stored, changed, entry)


class TestJournal:
    def test_shows_the_oldest_entry_first(self, store: MeetingStore) -> None:
        meeting = put_with_changes(store, 11)

        page = store.journal(meeting.id, 100, None)

        assert [entry.sequence for entry in page.items] == list(range(1, 13))
        assert page.items[0].kind is EntryKind.MEETING_CREATED
        assert [entry.details for entry in page.items[10:]] == [{"summary": "9"}, {"summary": "10"}]
        assert page.next is None

    def test_goes_on_where_the_page_before_ended(self, store: MeetingStore) -> None:
        meeting = put_with_changes(store, 11)

        first = store.journal(meeting.id, 5, None)
        second = store.journal(meeting.id, 5, first.next)
        third = store.journal(meeting.id, 5, second.next)

        sequences = [[e.sequence for e in page.items] for page in (first, second, third)]
        assert sequences == [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12]]
        assert third.next is None

    def test_a_full_last_page_has_no_next(self, store: MeetingStore) -> None:
        meeting = put_with_changes(store, 3)

        assert store.journal(meeting.id, 4, None).next is None

    def test_an_entry_made_meanwhile_comes_on_a_later_page(self, store: MeetingStore) -> None:
        meeting = put_with_changes(store, 2)
        first = store.journal(meeting.id, 2, None)

        change(store, meeting.id, summary="meanwhile")
        second = store.journal(meeting.id, 5, first.next)

        assert [entry.sequence for entry in second.items] == [3, 4]

    def test_the_ids_are_in_the_order_of_the_entries(self, store: MeetingStore) -> None:
        meeting = put_with_changes(store, 10, id="a" * 32)

        page = store.journal(meeting.id, 100, None)

        assert page.items[0].id == "a" * 32 + "-00000001"
        assert page.items[10].id == "a" * 32 + "-00000011"

    def test_is_kept_as_it_was_given(self, store: MeetingStore) -> None:
        meeting, entry = a_meeting().noting(
            EntryKind.CALENDAR_FAILED,
            NOW + timedelta(microseconds=7),
            "sync_calendar",
            request_id="request",
            details={"code": "forbidden", "times": [1, 2], "within": {"ñ": None}},
            google_calls=(GoogleCall(method="events.insert", outcome="forbidden"),),
        )

        store.create(meeting, entry)

        assert store.journal(meeting.id, 10, None).items == (entry,)

    def test_shows_no_entry_of_another_meeting(self, store: MeetingStore) -> None:
        ids = ["a" * 31 + last for last in "012"]
        for meeting_id in ids:
            put_with_changes(store, 2, id=meeting_id)

        first = store.journal(ids[1], 2, None)
        second = store.journal(ids[1], 2, first.next)

        shown = (*first.items, *second.items)
        assert [(entry.meeting_id, entry.sequence) for entry in shown] == [
            (ids[1], 1),
            (ids[1], 2),
            (ids[1], 3),
        ]
        assert second.next is None

    def test_of_a_meeting_that_is_not_there_is_empty(self, store: MeetingStore) -> None:
        put_with_changes(store, 1, id="a" * 31 + "0")

        page = store.journal("a" * 31 + "1", 10, None)

        assert page.items == ()
        assert page.next is None


class TestRefusedWrites:
    def test_a_save_without_an_entry_notes_nothing(self, store: MeetingStore) -> None:
        meeting = put_with_changes(store, 0)

        store.save(store.get(meeting.id), meeting.changed(NOW, summary="Changed"))

        assert [entry.sequence for entry in store.journal(meeting.id, 10, None).items] == [1]

    def test_a_stale_save_notes_nothing(self, store: MeetingStore) -> None:
        meeting = put_with_changes(store, 0)
        stale = store.get(meeting.id)
        store.save(stale, meeting.changed(NOW, summary="First"))
        changed, entry = meeting.changed(NOW, summary="Second").noting(
            EntryKind.MEETING_CHANGED, NOW, XOMA
        )

        with pytest.raises(ConcurrentChange):
            store.save(stale, changed, entry)

        assert [entry.sequence for entry in store.journal(meeting.id, 10, None).items] == [1]

    def test_a_save_refused_for_its_reference_notes_nothing(self, store: MeetingStore) -> None:
        put(store, a_meeting(external_reference="his"))
        meeting = put_with_changes(store, 0)

        with pytest.raises(ReferenceTaken):
            change(store, meeting.id, external_reference="his")

        assert [entry.sequence for entry in store.journal(meeting.id, 10, None).items] == [1]

    def test_a_refused_meeting_has_no_journal(
        self, store: MeetingStore, answers: AnswerStore
    ) -> None:
        put(store, a_meeting(external_reference="ref"))
        used = a_claim()
        answers.claim(used)
        [taken, repeated] = [a_noted_meeting(external_reference=name) for name in ("ref", "new")]

        with pytest.raises(ReferenceTaken):
            store.create(*taken)
        with pytest.raises(KeyTaken):
            store.create(*repeated, used)

        for meeting, _ in (taken, repeated):
            assert store.journal(meeting.id, 10, None).items == ()
            with pytest.raises(MeetingNotFound):
                store.get(meeting.id)
