"""What Google, or something on the way to it, may say that is not so."""

import pytest

from functions.errors import RetryableError
from functions.models import CalendarState
from tests.sync_calendar.world import DELETE, GET, INSERT, World
from tests.values import ORGANIZER


class TestOddAnswers:
    """What Google, or something on the way to it, may say that is not so."""

    def test_an_event_that_is_not_found_once_is_not_made_twice(self, world: World) -> None:
        meeting = world.meeting()
        world.sync(meeting.id)
        world.change(meeting.id, summary="Second")
        world.double.faults.add(method=GET, status=404, reason="notFound")

        with pytest.raises(RetryableError) as missing:
            world.sync(meeting.id)
        assert missing.value.code == "event_missing"
        world.sync(meeting.id)

        world.assert_matches(meeting.id)
        assert world.double.count(INSERT) == 1

    def test_an_event_that_is_not_found_twice_is_made_anew(self, world: World) -> None:
        meeting = world.meeting()
        first = world.sync(meeting.id)
        world.change(meeting.id, summary="Second")
        world.double.faults.add(method=GET, status=404, reason="notFound", times=2)

        with pytest.raises(RetryableError):
            world.sync(meeting.id)
        again = world.sync(meeting.id)

        assert again.calendar.state is CalendarState.SYNCED
        assert again.google_event_id != first.google_event_id

    def test_an_event_without_our_properties_is_ours_by_its_id(self, world: World) -> None:
        meeting = world.meeting()
        world.double.faults.add(method=INSERT, lose_answer=True, times=2)
        with pytest.raises(RetryableError):
            world.sync(meeting.id)
        world.double.edit_event(ORGANIZER, meeting.event_id, extendedProperties={})

        world.sync(meeting.id)

        world.assert_matches(meeting.id)

    def test_an_event_cancelled_while_its_room_is_made_gives_no_link(self, world: World) -> None:
        world.double.script_conference("pending", polls=1)
        meeting = world.meeting()
        world.double.on(
            GET,
            lambda _: world.double.edit_event(ORGANIZER, meeting.event_id, status="cancelled"),
            moment="before",
        )

        world.sync(meeting.id)

        synced = world.assert_matches(meeting.id)
        assert synced.calendar.generation == 1

    def test_a_page_in_the_place_of_a_deletion_deletes_nothing(self, world: World) -> None:
        meeting = world.meeting()
        world.sync(meeting.id)
        world.cancel(meeting.id)
        world.double.faults.add(method=DELETE, status=200, html=True)

        with pytest.raises(RetryableError) as unreadable:
            world.sync(meeting.id)
        assert unreadable.value.code == "google_unreadable"
        world.sync(meeting.id)

        world.assert_matches(meeting.id)

    def test_an_insert_that_was_begun_is_looked_for_before_another(self, world: World) -> None:
        meeting = world.meeting()
        world.double.faults.add(method=INSERT, lose_answer=True, times=2)
        with pytest.raises(RetryableError):
            world.sync(meeting.id)
        inserts = world.double.count(INSERT)

        world.sync(meeting.id)

        world.assert_matches(meeting.id)
        assert world.double.count(INSERT) == inserts
