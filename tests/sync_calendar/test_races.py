"""What another does, done at the very moment of a call to Google."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.sync_calendar.world import GET, INSERT, PATCH, World
from tests.values import GUEST, ORGANIZER


class TestRaces:
    """What another does, done at the very moment of a call to Google."""

    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_a_change_during_the_insert(
        self, world: World, moment: Any, measured: Callable[[], list[str]]
    ) -> None:
        meeting = world.meeting()
        world.double.on(INSERT, lambda _: world.change(meeting.id, summary="Late"), moment=moment)

        world.sync(meeting.id)

        assert world.assert_matches(meeting.id).summary == "Late"
        assert measured() == ["link ready"]

    def test_a_change_just_before_it_fails_for_good(
        self, world: World, measured: Callable[[], list[str]]
    ) -> None:
        meeting = world.sync(world.meeting().id)
        world.double.edit_event(ORGANIZER, meeting.google_event_id or "", status="cancelled")
        world.change(meeting.id, summary="Second")
        world.time = meeting.scheduled_end
        world.double.on(GET, lambda _: world.change(meeting.id, summary="Late"))

        failed = world.sync(meeting.id)

        assert failed.calendar.error is not None
        assert (failed.calendar.error.code, failed.summary) == ("appointment_over", "Late")
        assert measured() == ["link ready", "meeting failed"]

    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_a_cancellation_during_the_insert(
        self, world: World, moment: Any, measured: Callable[[], list[str]]
    ) -> None:
        meeting = world.meeting()
        world.double.on(INSERT, lambda _: world.cancel(meeting.id), moment=moment)

        world.sync(meeting.id)

        world.assert_matches(meeting.id)
        assert measured() == []

    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_a_change_and_its_sync_during_a_patch(self, world: World, moment: Any) -> None:
        meeting = world.meeting()
        world.sync(meeting.id)
        world.change(meeting.id, summary="Second")

        def overtake(_: object) -> None:
            world.change(meeting.id, summary="Third")
            world.sync(meeting.id)

        world.double.on(PATCH, overtake, moment=moment)
        world.sync(meeting.id)

        assert world.assert_matches(meeting.id).summary == "Third"

    def test_a_late_worker_does_not_undo_a_newer_revision(self, world: World) -> None:
        meeting = world.meeting()
        world.sync(meeting.id)
        world.change(meeting.id, summary="Second")

        def overtake(_: object) -> None:
            world.change(meeting.id, summary="Third")
            world.sync(meeting.id)

        # Between its look at the event and its patch: the patch is refused by the event's ETag.
        world.double.on(GET, overtake, moment="after")
        world.sync(meeting.id)

        assert world.assert_matches(meeting.id).summary == "Third"
        assert (PATCH, 412) in world.double.calls

    def test_many_at_once_make_one_event_and_one_mail(self, world: World) -> None:
        meeting = world.meeting()
        barrier = threading.Barrier(6)

        def run(_: int) -> None:
            barrier.wait()
            world.sync(meeting.id)

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(run, range(6)))

        world.assert_matches(meeting.id)
        assert [mail.recipient for mail in world.double.mail] == [GUEST]
