"""A change of a meeting: of what was read, and of the reference."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from functions.errors import ConcurrentChange, MeetingNotFound, ReferenceTaken
from functions.models import MeetingStatus
from functions.ports import MeetingStore
from tests.stores.making import attempt, cancelled
from tests.values import NOW, a_meeting, put


class TestSave:
    def test_the_change_is_stored_and_can_be_changed_again(self, store: MeetingStore) -> None:
        meeting = a_meeting()
        put(store, meeting)

        once = store.save(store.get(meeting.id), meeting.changed(NOW, summary="Once"))
        store.save(once, once.meeting.changed(NOW, summary="Twice"))

        assert store.get(meeting.id).meeting.summary == "Twice"
        assert store.get(meeting.id).meeting.revision == 3

    def test_a_stale_write_is_refused(self, store: MeetingStore) -> None:
        meeting = a_meeting()
        put(store, meeting)
        stale = store.get(meeting.id)
        store.save(stale, meeting.changed(NOW, summary="First"))

        with pytest.raises(ConcurrentChange):
            store.save(stale, meeting.changed(NOW, summary="Second"))

        assert store.get(meeting.id).meeting.summary == "First"

    def test_of_many_at_once_one_wins(self, store: MeetingStore) -> None:
        meeting = a_meeting()
        put(store, meeting)
        read = store.get(meeting.id)
        barrier = threading.Barrier(6)

        def write(number: int) -> Exception | None:
            barrier.wait()
            return attempt(store.save, read, meeting.changed(NOW, summary=str(number)))

        with ThreadPoolExecutor(6) as pool:
            outcomes = list(pool.map(write, range(6)))

        assert outcomes.count(None) == 1
        assert store.get(meeting.id).meeting.summary == str(outcomes.index(None))

    def test_an_unknown_meeting_is_not_made(self, store: MeetingStore) -> None:
        meeting = a_meeting()
        put(store, meeting)
        read = store.get(meeting.id)
        other = a_meeting()

        with pytest.raises((ConcurrentChange, MeetingNotFound)):
            store.save(read, other)

        with pytest.raises(MeetingNotFound):
            store.get(other.id)

    def test_a_cancelled_meeting_frees_its_reference(self, store: MeetingStore) -> None:
        first, second = (a_meeting(external_reference="ref") for _ in range(2))
        put(store, first)

        store.save(store.get(first.id), cancelled(first))
        put(store, second)

        assert store.get(first.id).meeting.status is MeetingStatus.CANCELLED
        assert store.get(second.id).meeting.external_reference == "ref"

    def test_saving_a_cancelled_meeting_again_leaves_the_reference_to_its_new_owner(
        self, store: MeetingStore
    ) -> None:
        first, second, third = (a_meeting(external_reference="ref") for _ in range(3))
        put(store, first)
        stored = store.save(store.get(first.id), cancelled(first))
        put(store, second)

        store.save(stored, stored.meeting.synced(NOW))

        with pytest.raises(ReferenceTaken):
            put(store, third)

    def test_a_new_reference_is_claimed_and_the_old_one_freed(self, store: MeetingStore) -> None:
        meeting, other = a_meeting(external_reference="old"), a_meeting(external_reference="old")
        put(store, meeting)

        store.save(store.get(meeting.id), meeting.changed(NOW, external_reference="new"))
        put(store, other)

        with pytest.raises(ReferenceTaken):
            put(store, a_meeting(external_reference="new"))

    def test_a_new_reference_that_is_taken_is_refused_and_nothing_is_stored(
        self, store: MeetingStore
    ) -> None:
        meeting, other = a_meeting(external_reference="mine"), a_meeting(external_reference="his")
        put(store, meeting)
        put(store, other)

        with pytest.raises(ReferenceTaken) as taken:
            store.save(
                store.get(meeting.id),
                meeting.changed(NOW, external_reference="his", summary="Changed"),
            )

        assert taken.value.existing_id == other.id
        assert store.get(meeting.id).meeting.summary == "Appointment"


class TestFindActive:
    def test_finds_the_meeting_that_has_the_reference(self, store: MeetingStore) -> None:
        meeting = a_meeting(external_reference="ref")
        put(store, meeting)

        assert store.find_active("ref") == meeting
        assert store.find_active("other") is None

    def test_a_cancelled_meeting_is_not_found(self, store: MeetingStore) -> None:
        meeting = a_meeting(external_reference="ref")
        put(store, meeting)

        store.save(store.get(meeting.id), cancelled(meeting))

        assert store.find_active("ref") is None

    def test_a_reference_that_was_given_up_is_not_found(self, store: MeetingStore) -> None:
        meeting = a_meeting(external_reference="old")
        put(store, meeting)

        store.save(store.get(meeting.id), meeting.changed(NOW, external_reference=None))

        assert store.find_active("old") is None
