"""The process ends at the very moment of a call to Google, and the task comes again."""

from typing import Any

import pytest

from functions.calendar_round import INSERT_IN_FLIGHT
from functions.errors import RetryableError
from tests.sync_calendar.world import DELETE, INSERT, PATCH, World
from tests.values import ORGANIZER


class Killed(BaseException):
    """Stands for the end of the process: nothing after it runs."""


class TestDeaths:
    """The process ends at the very moment of a call to Google, and the task comes again."""

    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_during_the_insert(self, world: World, moment: Any) -> None:
        meeting = world.meeting()
        die_in(world, INSERT, moment)
        with pytest.raises(Killed):
            world.sync(meeting.id)

        world.sync(meeting.id)

        world.assert_matches(meeting.id)
        assert [mail.kind for mail in world.double.mail] == ["invite"]

    def test_after_the_insert_and_then_cancelled(self, world: World) -> None:
        meeting = world.meeting()
        die_in(world, INSERT, "after")
        with pytest.raises(Killed):
            world.sync(meeting.id)

        world.cancel(meeting.id)
        world.sync(meeting.id)

        world.assert_matches(meeting.id)

    def test_an_insert_that_may_still_arrive_keeps_the_cancellation_open(
        self, world: World
    ) -> None:
        meeting = world.meeting()
        die_in(world, INSERT, "before")
        with pytest.raises(Killed):
            world.sync(meeting.id)
        begun = world.store.get(meeting.id).meeting
        world.cancel(meeting.id)

        with pytest.raises(RetryableError) as early:
            world.sync(meeting.id)
        assert early.value.code == "insert_in_flight"
        # Now it arrives, from a process that is no more.
        world.calendar.insert(begun)
        world.time += INSERT_IN_FLIGHT
        world.sync(meeting.id)

        world.assert_matches(meeting.id)

    @pytest.mark.parametrize("method", [PATCH, DELETE])
    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_during_a_later_change(self, world: World, method: str, moment: Any) -> None:
        meeting = world.meeting()
        world.sync(meeting.id)
        change = world.cancel if method == DELETE else world.change
        change(meeting.id)
        die_in(world, method, moment)
        with pytest.raises(Killed):
            world.sync(meeting.id)

        world.sync(meeting.id)

        world.assert_matches(meeting.id)

    def test_while_an_event_is_made_anew(self, world: World) -> None:
        meeting = world.meeting()
        first = world.sync(meeting.id)
        assert first.google_event_id is not None
        world.double.edit_event(ORGANIZER, first.google_event_id, status="cancelled")
        world.change(meeting.id, summary="Again")
        die_in(world, INSERT, "after")
        with pytest.raises(Killed):
            world.sync(meeting.id)

        world.cancel(meeting.id)
        world.sync(meeting.id)

        world.assert_matches(meeting.id)


def die_in(world: World, method: str, moment: str) -> None:
    """End the synchronizer in its next call of the method, before or after Google's write."""
    name = method.rpartition(".")[2]
    real = getattr(world.calendar, name)

    def call(*args: Any) -> Any:
        setattr(world.calendar, name, real)
        if moment == "after":
            real(*args)
        raise Killed

    setattr(world.calendar, name, call)
