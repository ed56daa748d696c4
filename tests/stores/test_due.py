"""What is due comes whole, in order, and past what cannot be read."""

from datetime import timedelta

import pytest
from google.cloud import firestore

from functions.models import CalendarState, Meeting
from functions.ports import MeetingStore
from infra.firestore.meetings import DUE_PAGE_SIZE, MEETINGS
from tests.stores.making import firestore_stores, walk
from tests.values import NOW, a_meeting, put


class TestDue:
    def test_only_what_is_due_the_longest_overdue_first(self, store: MeetingStore) -> None:
        ages = [30, 90, 10, 61]
        meetings = [a_meeting(created_at=NOW - timedelta(seconds=age)) for age in ages]
        for meeting in meetings:
            put(store, meeting)
        settled = a_meeting(created_at=NOW - timedelta(hours=1))
        put(store, settled)
        store.save(store.get(settled.id), settled.synced(NOW))

        due = store.due(NOW)

        assert [stored.meeting.id for stored in due] == [meetings[1].id, meetings[3].id]

    def test_what_is_due_can_be_saved_as_it_was_read(self, store: MeetingStore) -> None:
        meeting = a_meeting(created_at=NOW - timedelta(hours=1))
        put(store, meeting)

        [stored] = store.due(NOW)
        store.save(stored, stored.meeting.synced(NOW))

        assert store.get(meeting.id).meeting.calendar.state is CalendarState.SYNCED
        assert list(store.due(NOW)) == []

    def test_more_than_a_page_comes_whole_also_while_it_is_put_off(
        self, store: MeetingStore
    ) -> None:
        meetings = [
            a_meeting(created_at=NOW - timedelta(hours=2, seconds=number))
            for number in range(2 * DUE_PAGE_SIZE + 3)
        ]
        for meeting in meetings:
            put(store, meeting)

        seen = []
        for number, stored in enumerate(store.due(NOW)):
            seen.append(stored.meeting.id)
            if number % 2:
                store.save(stored, stored.meeting.nudged(NOW))

        assert seen == [meeting.id for meeting in reversed(meetings)]


class TestUnreadable:
    """Firestore alone: a document that is no meeting hides no other."""

    def test_a_walk_goes_on_past_it(self, firestore_client: firestore.Client) -> None:
        store = firestore_stores(firestore_client).meetings
        meetings = [a_meeting(created_at=NOW + timedelta(seconds=age)) for age in range(5)]
        for meeting in meetings:
            put(store, meeting)
        spoil(firestore_client, meetings[3])

        walked = walk(store, page_size=2)

        assert [m.id for m in walked] == [meetings[n].id for n in (4, 2, 1, 0)]

    def test_what_is_due_behind_it_comes(
        self, firestore_client: firestore.Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        store = firestore_stores(firestore_client).meetings
        bad, good = (a_meeting(created_at=NOW - timedelta(hours=age)) for age in (2, 1))
        for meeting in (bad, good):
            put(store, meeting)
        spoil(firestore_client, bad)

        assert [stored.meeting.id for stored in store.due(NOW)] == [good.id]
        [record] = caplog.records
        assert vars(record)["fields"] == ["status"]
        assert vars(record)["meeting_id"] == bad.id


def spoil(database: firestore.Client, meeting: Meeting) -> None:
    database.collection(MEETINGS).document(meeting.id).update({"status": "SPOILT"})
