"""What Google Calendar shows is what the meeting says."""

from datetime import timedelta

import pytest

from functions.errors import MeetingNotFound
from functions.models import MeetingStatus, Notify, new_id
from tests.sync_calendar.world import INSERT, World
from tests.values import ORGANIZER


class TestMatching:
    def test_a_new_meeting_gets_an_event_and_its_link_by_one_call(self, world: World) -> None:
        meeting = world.meeting()

        synced = world.sync(meeting.id)

        assert synced.status is MeetingStatus.SCHEDULED
        assert synced.meet_link and synced.meet_link.startswith("https://meet.google.com/")
        assert synced.meet_link.endswith(synced.meeting_code or "/")
        assert [call for call in world.double.calls if call[0].startswith("calendar")] == [
            (INSERT, 200)
        ]
        world.assert_matches(meeting.id)

    def test_once_more_does_nothing(self, world: World) -> None:
        meeting = world.meeting()
        world.sync(meeting.id)
        calls = len(world.double.calls)

        world.sync(meeting.id)

        assert len(world.double.calls) == calls

    def test_a_moved_meeting_moves_its_event_and_keeps_its_link(self, world: World) -> None:
        meeting = world.meeting()
        link = world.sync(meeting.id).meet_link
        start = meeting.scheduled_start + timedelta(hours=3)

        world.change(meeting.id, scheduled_start=start, scheduled_end=start + timedelta(hours=1))
        world.sync(meeting.id)

        assert world.assert_matches(meeting.id).meet_link == link
        assert world.live()[0]["start"]["dateTime"].startswith("2030-01-02T13:00:00")
        assert [mail.kind for mail in world.double.mail] == ["invite", "update"]

    def test_a_cancelled_meeting_has_no_event(self, world: World) -> None:
        meeting = world.meeting()
        world.sync(meeting.id)

        world.cancel(meeting.id)
        world.sync(meeting.id)

        world.assert_matches(meeting.id)
        assert [mail.kind for mail in world.double.mail] == ["invite", "cancel"]

    def test_one_cancelled_before_the_first_sync_never_reaches_google(self, world: World) -> None:
        meeting = world.meeting()

        world.cancel(meeting.id)
        world.sync(meeting.id)

        world.assert_matches(meeting.id)
        assert world.double.count(INSERT) == 0

    @pytest.mark.parametrize(("notify", "mails"), [(Notify.NONE, 0), (Notify.EXTERNAL, 1)])
    def test_mail_goes_to_whom_the_meeting_says(
        self, world: World, notify: Notify, mails: int
    ) -> None:
        world.sync(world.meeting(notify=notify).id)

        assert len(world.double.mail) == mails

    def test_an_event_deleted_by_hand_is_made_anew_when_the_meeting_changes(
        self, world: World
    ) -> None:
        meeting = world.meeting()
        first = world.sync(meeting.id)
        assert first.google_event_id is not None
        world.double.edit_event(ORGANIZER, first.google_event_id, status="cancelled")

        world.change(meeting.id, summary="Again")
        world.sync(meeting.id)

        assert world.assert_matches(meeting.id).google_event_id != first.google_event_id

    def test_an_unknown_meeting_is_said_to_be_unknown(self, world: World) -> None:
        with pytest.raises(MeetingNotFound):
            world.sync(new_id())
