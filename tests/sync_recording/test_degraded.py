"""What Google refuses is told by its code, harms nothing else and heals by itself."""

import logging

import pytest

from functions.errors import RetryableError
from functions.models import CalendarState, MeetingStatus
from tests.sync_recording.world import DAY, END, HOUR, MINUTE, SOON, START, World, verdict
from tests.values import ORGANIZER
from tests.workspace_double.double import DRIVE_MEET_READONLY, MEET_READONLY, SERVICE_ACCOUNT

LIST = "meet.conferenceRecords.list"


class TestMissingScope:
    def test_without_meets_everything_but_the_recordings_goes_on(self, world: World) -> None:
        world.double.revoke(SERVICE_ACCOUNT, [MEET_READONLY])
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END)

        world.run_until(END + HOUR)

        blocked = world.get(meeting)
        assert verdict(blocked) == ("FAILED", "scope_missing")
        assert blocked.status is MeetingStatus.SCHEDULED
        assert blocked.calendar.state is CalendarState.SYNCED
        assert world.kinds(meeting) == ["recordings.failed"]

    def test_it_heals_by_itself_once_it_is_granted(self, world: World) -> None:
        world.double.revoke(SERVICE_ACCOUNT, [MEET_READONLY])
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END)
        world.run_until(END + 9 * DAY)
        world.double.delegate(SERVICE_ACCOUNT, [MEET_READONLY])

        world.run_until(END + 10 * DAY)

        assert verdict(world.get(meeting)) == ("AVAILABLE", None)
        assert world.get(meeting).status is MeetingStatus.FINISHED

    def test_one_warning_an_hour_and_not_one_a_meeting(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        world.double.revoke(SERVICE_ACCOUNT, [MEET_READONLY])
        for _ in range(5):
            world.meeting()

        world.run_until(END + 15 * MINUTE)

        errors = [r for r in caplog.records if r.levelno >= logging.ERROR]
        hours = {r.getMessage() for r in errors}
        # The looks fall into two hours: five minutes after the start, and after the end.
        assert len(errors) == 2
        assert len(hours) == 1
        assert all("meetings.space.readonly" in r.getMessage() for r in errors)
        assert {vars(r)["code"] for r in errors} == {"scope_missing"}

    def test_without_drives_recordings_have_no_size(self, world: World) -> None:
        world.double.revoke(SERVICE_ACCOUNT, [DRIVE_MEET_READONLY])
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END)

        found = world.look(meeting, SOON)

        assert found.status is MeetingStatus.FINISHED
        assert verdict(found) == ("AVAILABLE", "scope_missing")
        assert [(r.available, r.size_bytes) for r in found.recordings] == [(True, None)]

        world.double.delegate(SERVICE_ACCOUNT, [DRIVE_MEET_READONLY])
        world.run_until(END + DAY)
        assert verdict(world.get(meeting)) == ("AVAILABLE", None)
        assert [r.size_bytes for r in world.get(meeting).recordings] == [1_000_000]


class TestPermanent:
    @pytest.mark.parametrize("fate", ["deleted", "suspended"])
    def test_an_organizer_who_is_no_more(self, world: World, fate: str) -> None:
        meeting = world.meeting()
        if fate == "deleted":
            world.double.delete_user(ORGANIZER)
        else:
            world.double.add_user(ORGANIZER, suspended=True)

        assert verdict(world.look(meeting, SOON)) == ("FAILED", "organizer_unusable")

    def test_a_room_that_cannot_be_seen(self, world: World) -> None:
        meeting = world.meeting()
        stored = world.store.get(meeting.id)
        world.store.save(stored, stored.meeting.replace(meeting_code="xxx-xxxx-xxx"))

        assert verdict(world.look(meeting, SOON)) == ("FAILED", "no_permission")

    def test_a_file_that_cannot_be_seen_is_available_to_others(self, world: World) -> None:
        meeting = world.meeting()
        recorded = world.double.record(world.hold(meeting), START, END)
        world.double.restrict_file(recorded.file.id, ORGANIZER)

        found = world.look(meeting, SOON)

        assert verdict(found) == ("AVAILABLE", "no_permission")
        assert [r.drive_file_id for r in found.recordings] == [recorded.file.id]

    def test_a_meeting_of_the_other_mode_is_never_asked_about(self, world: World) -> None:
        meeting = world.meeting()
        stored = world.store.get(meeting.id)
        world.store.save(stored, stored.meeting.replace(livemode=False))
        calls = len(world.double.calls)

        assert verdict(world.look(meeting, SOON)) == ("FAILED", "livemode_changed")
        assert len(world.double.calls) == calls


TEMPORARY = [
    ({"status": 429, "reason": "RATE_LIMIT_EXCEEDED"}, "rate_limited"),
    ({"status": 503}, "google_unavailable"),
    ({"html": True}, "google_unavailable"),
    ({"malformed": True}, "google_unreadable"),
]


class TestLastLook:
    """When the room closes, at what was settled: what fails then is asked again."""

    @pytest.mark.parametrize("fault", [{"status": 503}, {"status": 403}])
    def test_what_was_known_stays_and_what_came_later_is_found(
        self, world: World, fault: dict[str, object]
    ) -> None:
        meeting = world.meeting()
        world.hold(meeting)
        world.run_until(END + HOUR)
        again = world.hold(meeting, END + 70 * MINUTE, END + 80 * MINUTE)
        world.double.record(again, END + 71 * MINUTE, END + 80 * MINUTE)
        world.double.faults.add(method=LIST, **fault)

        world.run_until(END + 3 * HOUR)
        failed = world.get(meeting)
        world.run_until(END + DAY)

        assert verdict(failed) == ("ABSENT", "not_recorded")
        assert verdict(world.get(meeting)) == ("AVAILABLE", None)

    def test_drives_silence_is_not_the_end(self, world: World) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END)
        world.run_until(END + HOUR)
        world.double.faults.add(method="drive.files.get", status=503)

        world.run_until(END + 3 * HOUR)
        assert verdict(world.get(meeting)) == ("AVAILABLE", "google_unavailable")

        world.run_until(END + DAY)
        assert verdict(world.get(meeting)) == ("AVAILABLE", None)
        assert world.get(meeting).recording_sync.due_at is None

    def test_drives_scope_heals_also_after_a_week(self, world: World) -> None:
        world.double.revoke(SERVICE_ACCOUNT, [DRIVE_MEET_READONLY])
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END)
        world.run_until(END + 10 * DAY)
        world.double.delegate(SERVICE_ACCOUNT, [DRIVE_MEET_READONLY])

        world.run_until(END + 12 * DAY)

        assert [r.size_bytes for r in world.get(meeting).recordings] == [1_000_000]


class TestTemporary:
    @pytest.mark.parametrize(("fault", "code"), TEMPORARY)
    def test_the_queue_tries_again_and_the_meeting_says_why(
        self, world: World, fault: dict[str, object], code: str
    ) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END)
        world.double.faults.add(method=LIST, **fault)

        with pytest.raises(RetryableError):
            world.look(meeting, SOON)

        waiting = world.get(meeting)
        assert verdict(waiting) == ("PENDING", code)
        assert waiting.recording_sync.attempts == 1
        assert waiting.recording_sync.due_at == END + 2 * MINUTE
        assert verdict(world.look(meeting)) == ("AVAILABLE", None)
        assert world.get(meeting).recording_sync.attempts == 0

    def test_many_tries_make_one_entry(self, world: World) -> None:
        meeting = world.meeting()
        world.double.faults.add(method=LIST, status=503, times=5)

        for _ in range(5):
            with pytest.raises(RetryableError):
                world.look(meeting, SOON)

        assert world.get(meeting).recording_sync.attempts == 5
        assert world.kinds(meeting) == ["recordings.failed"]

    def test_what_meet_told_is_kept_while_drive_is_out(self, world: World) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END)
        world.double.faults.add(method="drive.files.get", status=503)

        with pytest.raises(RetryableError):
            world.look(meeting, SOON)

        told = world.get(meeting)
        assert told.status is MeetingStatus.FINISHED
        assert verdict(told) == ("AVAILABLE", "google_unavailable")
        assert verdict(world.look(meeting)) == ("AVAILABLE", None)

    def test_a_daily_limit_is_not_run_against(self, world: World) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END)
        world.double.faults.add(method="drive.files.get", status=403, reason="dailyLimitExceeded")

        found = world.look(meeting, SOON)

        assert verdict(found) == ("AVAILABLE", "daily_limit_exceeded")
        assert found.recording_sync.due_at == END + 2 * MINUTE
