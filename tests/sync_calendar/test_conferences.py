"""The Meet room, which Google makes in its own time."""

import pytest

from functions.calendar_round import CONFERENCE_ATTEMPTS
from functions.errors import RetryableError
from functions.models import CalendarState
from tests.sync_calendar.world import INSERT, PATCH, World
from tests.values import ORGANIZER


class TestRooms:
    def test_a_pending_room_is_waited_for(self, world: World) -> None:
        world.double.script_conference("pending", polls=2)
        meeting = world.meeting()

        world.sync(meeting.id)

        world.assert_matches(meeting.id)
        assert world.double.count(INSERT) == 1
        assert len(world.slept) == 3

    def test_a_room_that_takes_long_is_left_to_the_queue_and_never_asked_for_twice(
        self, world: World
    ) -> None:
        world.double.script_conference("pending", polls=6)
        meeting = world.meeting()

        with pytest.raises(RetryableError) as pending:
            world.sync(meeting.id)
        assert pending.value.code == "conference_pending"
        assert world.store.get(meeting.id).meeting.meet_link is None
        world.sync(meeting.id)

        world.assert_matches(meeting.id)
        assert world.double.count(INSERT) == 1
        assert world.double.count(PATCH) == 0

    def test_a_failed_room_is_asked_for_again_without_mail(self, world: World) -> None:
        world.double.script_conference("failure")
        meeting = world.meeting()

        world.sync(meeting.id)

        world.assert_matches(meeting.id)
        assert [mail.kind for mail in world.double.mail] == ["invite"]

    def test_rooms_that_always_fail_end_on_the_meeting(self, world: World) -> None:
        world.double.script_conference("failure", times=9)
        meeting = world.meeting()

        failed = world.sync(meeting.id)

        assert failed.calendar.state is CalendarState.FAILED
        assert failed.calendar.error is not None
        assert failed.calendar.error.code == "conference_failed"
        assert failed.calendar.due_at is None

    def test_rooms_that_always_failed_are_asked_for_anew_once_the_meeting_changes(
        self, world: World
    ) -> None:
        world.double.script_conference("failure", times=3)
        meeting = world.meeting()
        assert world.sync(meeting.id).calendar.state is CalendarState.FAILED

        world.change(meeting.id, summary="Again")
        world.sync(meeting.id)

        world.assert_matches(meeting.id)

    def test_a_request_that_never_reached_google_is_no_failed_room(self, world: World) -> None:
        world.double.script_conference("failure")
        world.double.faults.add(method=PATCH, status=503, times=CONFERENCE_ATTEMPTS + 1)
        meeting = world.meeting()

        for _ in range(CONFERENCE_ATTEMPTS + 1):
            with pytest.raises(RetryableError):
                world.sync(meeting.id)
        world.sync(meeting.id)

        world.assert_matches(meeting.id)

    def test_an_event_that_is_deleted_while_its_room_is_made_is_made_anew(
        self, world: World
    ) -> None:
        world.double.script_conference("failure")
        meeting = world.meeting()
        world.double.on(
            PATCH,
            lambda _: world.double.edit_event(ORGANIZER, meeting.event_id, status="cancelled"),
            moment="before",
        )

        world.sync(meeting.id)

        world.assert_matches(meeting.id)
