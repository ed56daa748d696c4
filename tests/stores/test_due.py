"""What is due comes whole, in order, and past what cannot be read."""

from datetime import timedelta

import pytest
from google.cloud import firestore

from functions.models import DueKind, Meeting
from functions.ports import MeetingStore
from infra.firestore.meetings import DUE_PAGE_SIZE, MEETINGS
from tests.stores.making import firestore_stores, walk
from tests.sweep.clinic import overdue_meeting
from tests.values import NOW, a_meeting, put


@pytest.fixture(params=list(DueKind))
def kind(request: pytest.FixtureRequest) -> DueKind:
    return DueKind(request.param)


class TestDue:
    def test_only_what_is_due_the_longest_overdue_first(
        self, store: MeetingStore, kind: DueKind
    ) -> None:
        meetings = [overdue_meeting(kind, minutes) for minutes in (3, 30, -1, 0)]
        others = [overdue_meeting(other, 5) for other in DueKind if other is not kind]
        settled = [a_meeting(created_at=NOW - timedelta(hours=1)).synced(NOW)]
        for meeting in (*meetings, *others, *settled):
            put(store, meeting)

        due = store.due(kind, NOW)

        assert [stored.meeting.id for stored in due] == [meetings[n].id for n in (1, 0, 3)]

    def test_what_is_due_can_be_saved_as_it_was_read(
        self, store: MeetingStore, kind: DueKind
    ) -> None:
        meeting = overdue_meeting(kind, 5)
        put(store, meeting)

        [stored] = store.due(kind, NOW)
        store.save(stored, stored.meeting.cancelled(NOW, "xoma@clinica.com").synced(NOW))

        assert store.get(meeting.id).meeting.is_cancelled
        assert list(store.due(kind, NOW)) == []

    def test_more_than_a_page_comes_whole_also_while_it_is_put_off(
        self, store: MeetingStore, kind: DueKind
    ) -> None:
        meetings = [overdue_meeting(kind, 60 + number) for number in range(2 * DUE_PAGE_SIZE + 3)]
        for meeting in meetings:
            put(store, meeting)

        seen = []
        for number, stored in enumerate(store.due(kind, NOW)):
            seen.append(stored.meeting.id)
            if number % 2:
                put_off = stored.meeting.cancelled(NOW, "xoma@clinica.com").synced(NOW)
                store.save(stored, put_off)

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
        self, firestore_client: firestore.Client, kind: DueKind, caplog: pytest.LogCaptureFixture
    ) -> None:
        store = firestore_stores(firestore_client).meetings
        bad, good = (overdue_meeting(kind, minutes) for minutes in (2, 1))
        for meeting in (bad, good):
            put(store, meeting)
        spoil(firestore_client, bad)

        assert [stored.meeting.id for stored in store.due(kind, NOW)] == [good.id]
        [record] = caplog.records
        assert vars(record)["fields"] == ["status"]
        assert vars(record)["meeting_id"] == bad.id

    def test_what_is_due_behind_more_than_a_page_of_them_comes(
        self, firestore_client: firestore.Client, kind: DueKind
    ) -> None:
        store = firestore_stores(firestore_client).meetings
        bad = [overdue_meeting(kind, minutes=2) for _ in range(2 * DUE_PAGE_SIZE)]
        good = overdue_meeting(kind, minutes=1)
        for meeting in (*bad, good):
            put(store, meeting)
        spoil(firestore_client, *bad)

        assert [stored.meeting.id for stored in store.due(kind, NOW)] == [good.id]


def spoil(database: firestore.Client, *meetings: Meeting) -> None:
    batch = database.batch()
    for meeting in meetings:
        batch.update(database.collection(MEETINGS).document(meeting.id), {"status": "SPOILT"})
    batch.commit()
