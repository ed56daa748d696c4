"""What Google does not tell of one conference, or one file, takes nothing from the others."""

from datetime import timedelta

import pytest

from functions.errors import RetryableError
from functions.models import MeetingStatus, RecordingState
from tests.sync_recording.world import (
    BOTH,
    DAY,
    DOCTOR,
    END,
    HOUR,
    MINUTE,
    SOON,
    START,
    World,
    verdict,
)

RECORDINGS = "meet.conferenceRecords.recordings.list"
PARTICIPANTS = "meet.conferenceRecords.participants.list"
GET_FILE = "drive.files.get"


class TestOneConference:
    def test_the_others_recordings_are_kept(self, world: World) -> None:
        meeting = world.meeting()
        for minutes in (0, 30):
            began = START + minutes * MINUTE
            held = world.hold(meeting, began, began + 20 * MINUTE)
            world.double.record(held, began, began + 20 * MINUTE)
        world.double.faults.add(method=RECORDINGS, status=503)

        with pytest.raises(RetryableError):
            world.look(meeting, SOON)

        told = world.get(meeting)
        assert told.status is MeetingStatus.FINISHED
        assert [r.state for r in told.recordings] == [RecordingState.AVAILABLE]
        assert len(world.look(meeting).recordings) == 2

    def test_it_is_not_said_to_be_unrecorded_unless_meet_told(self, world: World) -> None:
        meeting = world.meeting()
        world.hold(meeting)
        world.double.faults.add(method=RECORDINGS, status=403, times=3)

        untold = world.look(meeting, END + HOUR)
        world.run_until(END + DAY)

        assert verdict(untold) == ("FAILED", "no_permission")
        assert untold.status is MeetingStatus.FINISHED
        assert verdict(world.get(meeting)) == ("ABSENT", "not_recorded")

    def test_one_that_meet_never_tells_of_is_not_hidden_by_another(self, world: World) -> None:
        meeting = world.meeting()
        first = world.hold(meeting, START, START + 20 * MINUTE)
        world.double.record(first, START, START + 20 * MINUTE)
        world.hold(meeting, START + 30 * MINUTE, END)
        world.double.faults.add(method=RECORDINGS, status=403, skip=1, times=1)

        half_told = world.look(meeting, END + 3 * HOUR)

        assert verdict(half_told) == ("AVAILABLE", "no_permission")
        assert half_told.recording_sync.due_at is not None

    def test_an_answer_right_after_the_end_is_not_the_last_word(self, world: World) -> None:
        meeting = world.meeting()
        world.hold(meeting)
        world.look(meeting, SOON)
        world.double.faults.add(method=RECORDINGS, status=403, times=1000)

        world.run_until(END + 26 * DAY)

        assert verdict(world.get(meeting)) == ("FAILED", "no_permission")
        assert "recordings.expiring" in world.kinds(meeting)

    def test_who_was_there_may_stay_unknown(self, world: World) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END, ready_at=END + 4 * MINUTE)
        world.double.faults.add(method=PARTICIPANTS, status=403, times=100)

        world.run_until(END + HOUR)

        assert verdict(world.get(meeting)) == ("AVAILABLE", "no_permission")
        assert [c.attendees for c in world.get(meeting).conferences] == [None]


class TestOddConferences:
    def test_one_that_began_long_before_is_known_also_when_it_is_over(self, world: World) -> None:
        meeting = world.meeting()
        held = world.hold(meeting, START - 5 * HOUR, END - MINUTE)
        world.double.record(held, START, END - MINUTE)

        found = world.look(meeting, SOON)

        assert verdict(found) == ("AVAILABLE", None)

    def test_one_that_comes_back_is_told_of_anew(self, world: World) -> None:
        meeting = world.meeting()
        held = world.hold(meeting, START, None)
        world.look(meeting, START + 5 * MINUTE)
        del world.double.meet._conferences[held.name]
        for minutes in (0.5, 2):
            world.look(meeting, END + minutes * MINUTE)
        world.double.meet._conferences[held.name] = held
        held.ended = END + 30 * MINUTE
        world.double.record(held, END, END + 30 * MINUTE)

        world.run_until(END + 4 * HOUR)

        [conference] = world.get(meeting).conferences
        assert conference.ended_at == END + 30 * MINUTE
        assert all(a.sessions[0].left_at == conference.ended_at for a in conference.attendees or ())
        assert verdict(world.get(meeting)) == ("AVAILABLE", None)

    def test_one_that_lasts_for_ever_is_not_asked_for_for_ever(self, world: World) -> None:
        meeting = world.meeting()
        world.hold(meeting, START, None)

        world.run_until(END + 31 * DAY)

        assert world.double.count("meet.conferenceRecords.list") < 200
        assert "recordings.expiring" in world.kinds(meeting)

    def test_one_that_began_long_before_and_lasts_is_the_meetings(self, world: World) -> None:
        meeting = world.meeting()
        held = world.hold(meeting, START - 5 * HOUR, END)
        world.double.record(held, START, END)

        world.run_until(END + 3 * HOUR)

        assert verdict(world.get(meeting)) == ("AVAILABLE", None)

    def test_a_test_of_the_link_is_no_start(self, world: World) -> None:
        meeting = world.meeting()
        world.hold(meeting, START - 50 * MINUTE, START - 49 * MINUTE, (DOCTOR,))

        assert verdict(world.look(meeting, START + 5 * MINUTE)) == ("WAITING", "not_started")

    def test_one_that_meet_no_longer_tells_of_does_not_last(self, world: World) -> None:
        meeting = world.meeting()
        held = world.hold(meeting, START, None)
        world.look(meeting, START + 5 * MINUTE)
        del world.double.meet._conferences[held.name]

        found = world.look(meeting, SOON)

        assert found.status is MeetingStatus.FINISHED
        assert [c.ended_at for c in found.conferences] == [SOON]

    def test_a_silence_of_meets_is_no_reason_to_ask_every_ten_minutes(self, world: World) -> None:
        meeting = world.meeting()
        world.hold(meeting, START, None)
        world.look(meeting, START + 5 * MINUTE)
        world.double.faults.add(method="meet.conferenceRecords.list", status=403, times=1000)

        world.run_until(END + 2 * DAY)

        assert world.double.count("meet.conferenceRecords.list") < 20

    def test_many_are_attended_to_over_several_looks(self, world: World) -> None:
        meeting = world.meeting()
        for minute in range(0, 24, 2):
            began = START + minute * MINUTE
            world.hold(meeting, began, began + timedelta(seconds=60), BOTH)
        world.run_until(END + 2 * MINUTE)
        some = sum(c.attendees is not None for c in world.get(meeting).conferences)

        world.run_until(END + HOUR)

        assert 0 < some < 12
        assert all(c.attendees is not None for c in world.get(meeting).conferences)


class TestNewRoom:
    def test_there_is_none_for_what_is_over(self, world: World) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting, START, END), START, END)
        [event] = world.double.events
        world.double.edit_event("doctor@clinica.com", event["id"], status="cancelled")
        world.time = END + MINUTE / 4
        stored = world.store.get(meeting.id)
        world.store.save(stored, stored.meeting.changed(world.time, summary="Moved"))
        mails = len(world.double.mail)

        failed = world.calendar.sync(meeting.id)
        world.run_until(END + 3 * HOUR)

        assert failed.calendar.error is not None
        assert failed.calendar.error.code == "appointment_over"
        assert len(world.double.mail) == mails
        assert verdict(world.get(meeting)) == ("AVAILABLE", None)

    def test_what_was_seen_in_the_old_room_does_not_last(self, world: World) -> None:
        meeting = world.meeting()
        world.hold(meeting, START, None)
        world.look(meeting, START + 5 * MINUTE)
        [event] = world.double.events
        world.double.edit_event("doctor@clinica.com", event["id"], status="cancelled")
        stored = world.store.get(meeting.id)
        world.store.save(stored, stored.meeting.changed(world.time, summary="Moved"))

        renewed = world.calendar.sync(meeting.id)
        held = world.hold(renewed, START + 20 * MINUTE, END)
        world.double.record(held, START + 20 * MINUTE, END)
        world.run_until(END + 3 * HOUR)

        assert renewed.meeting_code != meeting.meeting_code
        assert renewed.recording_sync.due_at is not None
        assert verdict(world.get(meeting)) == ("AVAILABLE", None)
        assert world.get(meeting).recording_sync.due_at is None


class TestMoved:
    def test_a_file_that_was_still_to_come_comes(self, world: World) -> None:
        meeting = world.meeting()
        held = world.hold(meeting, START - 20 * MINUTE, START - 2 * MINUTE)
        ready_at = END + HOUR
        world.double.record(held, START - 20 * MINUTE, START - 2 * MINUTE, ready_at=ready_at)
        found = world.look(meeting, SOON)
        stored = world.store.get(meeting.id)
        unfinished = found.replace(status=MeetingStatus.SCHEDULED)
        later = {"scheduled_start": START + DAY, "scheduled_end": END + DAY}
        world.store.save(stored, unfinished.changed(world.time, **later))

        world.run_until(END + DAY + 3 * HOUR)

        moved = world.get(meeting)
        assert verdict(moved) == ("ABSENT", "never_held")
        assert [r.state for r in moved.recordings] == [RecordingState.AVAILABLE]

    def test_what_was_recorded_at_the_old_time_is_kept_and_judges_nothing(
        self, world: World
    ) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END)
        found = world.look(meeting, SOON)
        stored = world.store.get(meeting.id)
        unfinished = found.replace(status=MeetingStatus.SCHEDULED)
        later = {"scheduled_start": START + 5 * HOUR, "scheduled_end": END + 5 * HOUR}
        world.store.save(stored, unfinished.changed(world.time, **later))

        world.run_until(END + 8 * HOUR)

        moved = world.get(meeting)
        assert verdict(moved) == ("ABSENT", "never_held")
        assert [r.state for r in moved.recordings] == [RecordingState.AVAILABLE]
