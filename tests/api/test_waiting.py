"""LinkWaiter: it waits for a bounded time with a bounded number of threads, and loses no answer."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from functions.api.waiting import LinkWaiter
from functions.errors import MeetingNotFound, RetryableError
from functions.models import CalendarState, Meeting, StoredMeeting, SyncError
from tests.api.caller import Api, a_body
from tests.api.fakes import Store
from tests.values import NOW, a_meeting, put

LONG_SECONDS = 60
"""Longer than any test may take: whoever waits so long hangs."""


class WatchedStore(Store):
    """Knows which threads have looked, and takes its time where it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.lookers: set[int] = set()
        self.seconds = 0.0

    def get(self, meeting_id: str) -> StoredMeeting:
        self.lookers.add(threading.get_ident())
        time.sleep(self.seconds)
        return super().get(meeting_id)


class NoTime(threading.Event):
    """Lets no time pass; remembers how long each look was put off, and stops after so many."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.delays: list[float | None] = []
        self._looks = looks

    def wait(self, timeout: float | None = None) -> bool:
        self.delays.append(timeout)
        return len(self.delays) > self._looks


class Room:
    """A store with one meeting, a waiter, and callers who wait for the link."""

    def __init__(self, threads: int = 4, stopping: threading.Event | None = None) -> None:
        self.store = WatchedStore()
        self.stopping = stopping or threading.Event()
        self.waiter = LinkWaiter(self.store, threads, self.stopping)
        self.meeting = a_meeting()
        put(self.store.kept, self.meeting)

    def synced(self) -> Meeting:
        """Let the link come; returns the meeting that has it."""
        stored = self.store.kept.get(self.meeting.id)
        meeting = stored.meeting.replace(meet_link="https://rooms.example/x").synced(NOW)
        return self.store.kept.save(stored, meeting).meeting

    def wait(self, seconds: float = LONG_SECONDS) -> Meeting:
        return self.waiter.wait(self.meeting, seconds)


@pytest.fixture
def room() -> Room:
    return Room()


def until(is_so: Callable[[], object]) -> None:
    """Return once it is so; the test's own timeout bounds the time."""
    while not is_so():
        time.sleep(0.005)


class TestWait:
    def test_the_link_that_comes_is_returned(self, room: Room) -> None:
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(room.wait)
            until(lambda: room.store.asked)
            synced = room.synced()

            assert waiting.result() == synced

    def test_a_failure_is_returned_as_soon_as_it_is_there(self, room: Room) -> None:
        stored = room.store.kept.get(room.meeting.id)
        failed = stored.meeting.failed(NOW, SyncError(code="api_disabled", detail=""))
        room.store.kept.save(stored, failed)

        assert room.wait() == failed

    def test_what_is_settled_is_not_looked_at(self, room: Room) -> None:
        room.meeting = room.synced()

        assert room.wait() == room.meeting
        assert room.store.asked == []

    @pytest.mark.parametrize("seconds", [0, -3])
    def test_without_time_there_is_no_look(self, room: Room, seconds: float) -> None:
        assert room.wait(seconds) == room.meeting
        assert room.store.asked == []

    def test_the_time_ends(self, room: Room) -> None:
        assert room.wait(0.1).calendar.state is CalendarState.PENDING

    def test_looks_become_rarer_to_one_a_second(self) -> None:
        no_time = NoTime(looks=20)
        room = Room(stopping=no_time)

        room.wait()

        assert room.store.asked == ["get"] * 20
        assert no_time.delays[:3] == pytest.approx([0.01, 0.014, 0.0196])
        assert no_time.delays[13:] == pytest.approx([0.01 * 1.4**13, *[1.0] * 7])

    def test_a_slow_store_takes_its_time_from_the_wait(self, room: Room) -> None:
        room.store.seconds = 0.05

        room.wait(0.08)

        assert len(room.store.asked) <= 2


class TestSlots:
    def test_who_comes_when_the_slots_are_taken_is_answered_at_once(self) -> None:
        room = Room(threads=4)
        with ThreadPoolExecutor(3) as pool:
            waiting = [pool.submit(room.wait) for _ in range(3)]
            until(lambda: len(room.store.lookers) == 3)

            surplus = room.wait()

            assert surplus == room.meeting
            assert not any(caller.done() for caller in waiting)
            room.stopping.set()

    def test_a_slot_is_given_back(self) -> None:
        room = Room(threads=1)
        room.wait(0.05)
        room.store.asked.clear()

        room.wait(0.05)

        assert room.store.asked

    def test_one_thread_alone_may_wait(self) -> None:
        room = Room(threads=1)

        room.wait(0.05)

        assert room.store.asked


class TestStopping:
    def test_who_waits_is_answered_at_once(self, room: Room) -> None:
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(room.wait)
            until(lambda: room.store.asked)
            room.stopping.set()

            assert waiting.result() == room.meeting

    def test_who_comes_later_too(self, room: Room) -> None:
        room.stopping.set()

        assert room.wait() == room.meeting


class TestFailingStore:
    @pytest.mark.parametrize(
        "error", [RetryableError("store_unavailable", "away"), MeetingNotFound()]
    )
    def test_it_is_looked_at_again(self, room: Room, error: Exception) -> None:
        room.store.error = error
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(room.wait)
            until(lambda: len(room.store.asked) >= 2)
            synced = room.synced()
            room.store.error = None

            assert waiting.result() == synced

    def test_the_answer_is_not_lost(self, api: Api) -> None:
        def fail(_: str) -> None:
            api.store.error = RetryableError("store_unavailable", "away")

        api.queue.deliver = fail
        api.stopping = NoTime(looks=3)

        answer = api.post(a_body(), prefer="wait=30")

        assert api.store.asked == ["create", "get", "get", "get"]
        assert answer.status == 202
        assert answer.json["id"] == api.stored()[0].id
        assert answer.headers["Retry-After"]


class TestThroughTheApi:
    def test_more_callers_than_slots_all_get_an_answer_and_some_a_link(self, api: Api) -> None:
        """Eight threads, six slots, twelve callers; the links come when all have asked."""
        everybody = threading.Barrier(12)
        links: list[threading.Thread] = []

        def deliver(meeting_id: str) -> None:
            thread = threading.Thread(target=api.sync, args=(meeting_id,))
            links.append(thread)
            everybody.wait()
            thread.start()

        api.queue.deliver = deliver
        with ThreadPoolExecutor(12) as pool:
            answers = list(
                pool.map(
                    lambda _: api.post(a_body(external_reference=None), prefer="wait=30"), range(12)
                )
            )
        for thread in links:
            thread.join()

        assert {answer.status for answer in answers} <= {201, 202}
        assert sum(answer.status == 201 for answer in answers) >= 6
        assert len({answer.json["id"] for answer in answers}) == 12
