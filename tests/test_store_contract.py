"""What every meeting store does: the embedded one, and Firestore's against the real emulator."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import firestore

from functions.errors import ConcurrentChange, MeetingNotFound, ReferenceTaken, RetryableError
from functions.models import CalendarState, Meeting, MeetingStatus, new_id
from functions.ports import MeetingStore
from infra.embedded_store import EmbeddedMeetingStore
from infra.firestore import DUE_PAGE_SIZE, MEETINGS, FirestoreMeetingStore, client
from tests.values import NOW, a_meeting


@pytest.fixture
def firestore_client(
    firestore_emulator: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[firestore.Client]:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    made = client(f"test-{new_id()[:12]}", "(default)")
    yield made
    made.close()


@pytest.fixture(params=["embedded", "firestore"])
def store(request: pytest.FixtureRequest) -> MeetingStore:
    if request.param == "embedded":
        return EmbeddedMeetingStore()
    made = request.getfixturevalue("firestore_client")
    return FirestoreMeetingStore(lambda: made)


def cancelled(meeting: Meeting) -> Meeting:
    return meeting.cancelled(NOW, "xoma@clinica.com")


class TestCreate:
    def test_what_is_stored_is_what_was_given(self, store: MeetingStore) -> None:
        meeting = a_meeting(external_reference="ref/1 ñ", description="línea\ndos")

        store.create(meeting)

        assert store.get(meeting.id).meeting == meeting

    def test_an_active_reference_is_refused_and_nothing_is_stored(
        self, store: MeetingStore
    ) -> None:
        first, second = (a_meeting(external_reference="ref") for _ in range(2))
        store.create(first)

        with pytest.raises(ReferenceTaken) as taken:
            store.create(second)

        assert taken.value.existing_id == first.id
        with pytest.raises(MeetingNotFound):
            store.get(second.id)

    def test_meetings_without_a_reference_do_not_meet(self, store: MeetingStore) -> None:
        for _ in range(3):
            store.create(a_meeting())

        assert len(store.newest(10, None).meetings) == 3

    def test_of_many_at_once_one_gets_the_reference(self, store: MeetingStore) -> None:
        meetings = [a_meeting(external_reference="ref") for _ in range(8)]

        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(lambda meeting: attempt(store.create, meeting), meetings))

        assert outcomes.count(None) == 1
        winner = meetings[outcomes.index(None)]
        losers = [outcome for outcome in outcomes if outcome is not None]
        assert all(isinstance(o, ReferenceTaken | ConcurrentChange) for o in losers)
        assert [m.id for m in store.newest(10, None).meetings] == [winner.id]


class TestSave:
    def test_the_change_is_stored_and_can_be_changed_again(self, store: MeetingStore) -> None:
        meeting = a_meeting()
        store.create(meeting)

        once = store.save(store.get(meeting.id), meeting.changed(NOW, summary="Once"))
        store.save(once, once.meeting.changed(NOW, summary="Twice"))

        assert store.get(meeting.id).meeting.summary == "Twice"
        assert store.get(meeting.id).meeting.revision == 3

    def test_a_stale_write_is_refused(self, store: MeetingStore) -> None:
        meeting = a_meeting()
        store.create(meeting)
        stale = store.get(meeting.id)
        store.save(stale, meeting.changed(NOW, summary="First"))

        with pytest.raises(ConcurrentChange):
            store.save(stale, meeting.changed(NOW, summary="Second"))

        assert store.get(meeting.id).meeting.summary == "First"

    def test_of_many_at_once_one_wins(self, store: MeetingStore) -> None:
        meeting = a_meeting()
        store.create(meeting)
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
        store.create(meeting)
        read = store.get(meeting.id)
        other = a_meeting()

        with pytest.raises((ConcurrentChange, MeetingNotFound)):
            store.save(read, other)

        with pytest.raises(MeetingNotFound):
            store.get(other.id)

    def test_a_cancelled_meeting_frees_its_reference(self, store: MeetingStore) -> None:
        first, second = (a_meeting(external_reference="ref") for _ in range(2))
        store.create(first)

        store.save(store.get(first.id), cancelled(first))
        store.create(second)

        assert store.get(first.id).meeting.status is MeetingStatus.CANCELLED
        assert store.get(second.id).meeting.external_reference == "ref"

    def test_saving_a_cancelled_meeting_again_leaves_the_reference_to_its_new_owner(
        self, store: MeetingStore
    ) -> None:
        first, second, third = (a_meeting(external_reference="ref") for _ in range(3))
        store.create(first)
        stored = store.save(store.get(first.id), cancelled(first))
        store.create(second)

        store.save(stored, stored.meeting.synced(NOW))

        with pytest.raises(ReferenceTaken):
            store.create(third)

    def test_a_new_reference_is_claimed_and_the_old_one_freed(self, store: MeetingStore) -> None:
        meeting, other = a_meeting(external_reference="old"), a_meeting(external_reference="old")
        store.create(meeting)

        store.save(store.get(meeting.id), meeting.changed(NOW, external_reference="new"))
        store.create(other)

        with pytest.raises(ReferenceTaken):
            store.create(a_meeting(external_reference="new"))

    def test_a_new_reference_that_is_taken_is_refused_and_nothing_is_stored(
        self, store: MeetingStore
    ) -> None:
        meeting, other = a_meeting(external_reference="mine"), a_meeting(external_reference="his")
        store.create(meeting)
        store.create(other)

        with pytest.raises(ReferenceTaken) as taken:
            store.save(
                store.get(meeting.id),
                meeting.changed(NOW, external_reference="his", summary="Changed"),
            )

        assert taken.value.existing_id == other.id
        assert store.get(meeting.id).meeting.summary == "Appointment"


class TestNewest:
    def test_a_walk_shows_every_meeting_once_the_newest_first(self, store: MeetingStore) -> None:
        # Three of one instant: the id must break the tie across pages.
        ages = [0, 5, 5, 5, 1, 9, 3]
        meetings = [a_meeting(created_at=NOW + timedelta(seconds=age)) for age in ages]
        for meeting in meetings:
            store.create(meeting)

        walked = walk(store, page_size=2)

        expected = sorted(meetings, key=lambda m: (m.created_at, m.id), reverse=True)
        assert [m.id for m in walked] == [m.id for m in expected]

    def test_a_walk_is_not_disturbed_by_what_is_made_meanwhile(self, store: MeetingStore) -> None:
        for age in range(4):
            store.create(a_meeting(created_at=NOW + timedelta(seconds=age)))
        first = store.newest(2, None)

        store.create(a_meeting(created_at=NOW + timedelta(days=1)))
        second = store.newest(2, first.next)

        ids = [m.id for m in (*first.meetings, *second.meetings)]
        assert len(set(ids)) == 4
        assert second.next is None

    def test_an_empty_store_has_one_empty_page(self, store: MeetingStore) -> None:
        page = store.newest(5, None)

        assert page.meetings == ()
        assert page.next is None


class TestDue:
    def test_only_what_is_due_the_longest_overdue_first(self, store: MeetingStore) -> None:
        ages = [30, 90, 10, 61]
        meetings = [a_meeting(created_at=NOW - timedelta(seconds=age)) for age in ages]
        for meeting in meetings:
            store.create(meeting)
        settled = a_meeting(created_at=NOW - timedelta(hours=1))
        store.create(settled)
        store.save(store.get(settled.id), settled.synced(NOW))

        due = store.due(NOW)

        assert [stored.meeting.id for stored in due] == [meetings[1].id, meetings[3].id]

    def test_what_is_due_can_be_saved_as_it_was_read(self, store: MeetingStore) -> None:
        meeting = a_meeting(created_at=NOW - timedelta(hours=1))
        store.create(meeting)

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
            store.create(meeting)

        seen = []
        for number, stored in enumerate(store.due(NOW)):
            seen.append(stored.meeting.id)
            if number % 2:
                store.save(stored, stored.meeting.nudged(NOW))

        assert seen == [meeting.id for meeting in reversed(meetings)]


class TestUnreadable:
    """Firestore alone: a document that is no meeting hides no other."""

    def test_a_walk_goes_on_past_it(self, firestore_client: firestore.Client) -> None:
        store = FirestoreMeetingStore(lambda: firestore_client)
        meetings = [a_meeting(created_at=NOW + timedelta(seconds=age)) for age in range(5)]
        for meeting in meetings:
            store.create(meeting)
        spoil(firestore_client, meetings[3])

        walked = walk(store, page_size=2)

        assert [m.id for m in walked] == [meetings[n].id for n in (4, 2, 1, 0)]

    def test_what_is_due_behind_it_comes(
        self, firestore_client: firestore.Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        store = FirestoreMeetingStore(lambda: firestore_client)
        bad, good = (a_meeting(created_at=NOW - timedelta(hours=age)) for age in (2, 1))
        for meeting in (bad, good):
            store.create(meeting)
        spoil(firestore_client, bad)

        assert [stored.meeting.id for stored in store.due(NOW)] == [good.id]
        [record] = caplog.records
        assert vars(record)["fields"] == ["status"]
        assert vars(record)["meeting_id"] == bad.id


def spoil(database: firestore.Client, meeting: Meeting) -> None:
    database.collection(MEETINGS).document(meeting.id).update({"status": "SPOILT"})


class TestLostAnswers:
    """Firestore alone: its client repeats a commit whose answer was lost."""

    def test_a_create_that_was_stored_is_not_taken_for_anothers(
        self, firestore_client: firestore.Client
    ) -> None:
        store = FirestoreMeetingStore(lambda: losing_answers(firestore_client))
        meeting = a_meeting(external_reference="ref")

        store.create(meeting)

        assert store.get(meeting.id).meeting == meeting
        with pytest.raises(ReferenceTaken):
            FirestoreMeetingStore(lambda: firestore_client).create(
                a_meeting(external_reference="ref")
            )

    def test_a_create_that_was_stored_and_then_changed_by_another_is_ours_still(
        self, firestore_client: firestore.Client
    ) -> None:
        plain = FirestoreMeetingStore(lambda: firestore_client)
        meeting = a_meeting(external_reference="ref")

        def change() -> None:
            plain.save(plain.get(meeting.id), meeting.changed(NOW, summary="Changed"))

        FirestoreMeetingStore(lambda: losing_answers(firestore_client, meanwhile=change)).create(
            meeting
        )

        assert plain.get(meeting.id).meeting.summary == "Changed"

    def test_a_save_that_was_stored_is_not_taken_for_anothers(
        self, firestore_client: firestore.Client
    ) -> None:
        plain = FirestoreMeetingStore(lambda: firestore_client)
        meeting = a_meeting()
        plain.create(meeting)
        store = FirestoreMeetingStore(lambda: losing_answers(firestore_client))

        saved = store.save(plain.get(meeting.id), meeting.changed(NOW, summary="Once"))
        plain.save(saved, saved.meeting.changed(NOW, summary="Twice"))

        assert plain.get(meeting.id).meeting.summary == "Twice"

    def test_an_answer_that_never_comes_is_looked_up(
        self, firestore_client: firestore.Client
    ) -> None:
        deadline = exceptions.DeadlineExceeded("lost")
        store = FirestoreMeetingStore(lambda: losing_answers(firestore_client, deadline))
        meeting = a_meeting()

        store.create(meeting)

        assert store.get(meeting.id).meeting == meeting

    def test_an_emulator_that_is_away_is_unavailable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", "127.0.0.1:9")
        made = client("nowhere", "(default)")

        with pytest.raises(RetryableError):
            FirestoreMeetingStore(lambda: made).ping()
        made.close()


def losing_answers(
    real: firestore.Client,
    error: exceptions.GoogleAPICallError | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> firestore.Client:
    """Return the client with its commits stored, their first answers lost, and then repeated."""

    class Commits:
        def __init__(self, api: Any) -> None:
            self._api = api

        def commit(self, *args: Any, **kwargs: Any) -> Any:
            self._api.commit(*args, **kwargs)
            meanwhile()
            if error is not None:
                raise error
            return self._api.commit(*args, **kwargs)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._api, name)

    losing = firestore.Client(project=real.project, database=real._database)
    losing._firestore_api_internal = Commits(real._firestore_api)
    return losing


def walk(store: MeetingStore, page_size: int) -> list[Meeting]:
    page = store.newest(page_size, None)
    meetings = list(page.meetings)
    while page.next is not None:
        page = store.newest(page_size, page.next)
        meetings += page.meetings
    return meetings


def attempt(call: Callable[..., object], *args: Any) -> Exception | None:
    try:
        call(*args)
    except Exception as error:
        return error
    return None
