"""What the mock Workspace plays at the time of a meeting, as the synchronizer finds it."""

from datetime import timedelta

import pytest

from functions.errors import GoneError, PermanentError
from functions.models import (
    AttendeeKind,
    ConferenceRecord,
    Meeting,
    MeetingStatus,
    RecordingReason,
    RecordingState,
    RecordingSyncState,
    SpaceSettings,
)
from functions.models.looks import CLOSES_AFTER, OPENS_BEFORE
from infra.mock_workspace import MockDrive, MockMeet
from tests.mock_workspace.clinic import Clinic
from tests.values import GUEST, ORGANIZER

PENDING = (RecordingSyncState.PENDING, None)
PROCESSING = (RecordingSyncState.PENDING, RecordingReason.STILL_PROCESSING)
AVAILABLE = (RecordingSyncState.AVAILABLE, None)


@pytest.fixture
def clinic() -> Clinic:
    return Clinic()


def outcome(meeting: Meeting) -> tuple[RecordingSyncState, str | None]:
    return meeting.recording_sync.state, meeting.recording_sync.reason


class TestWithoutAScript:
    def test_the_recording_is_there_within_a_minute_and_described(self, clinic: Clinic) -> None:
        meeting = clinic.after_end(clinic.a_meeting(), minutes=1)

        assert (meeting.status, outcome(meeting)) == (MeetingStatus.FINISHED, AVAILABLE)
        [recording] = meeting.recordings
        assert (recording.started_at, recording.ended_at) == (
            meeting.scheduled_start,
            meeting.scheduled_end,
        )
        assert recording.duration_seconds == 3600
        assert recording.size_bytes is not None
        assert recording.url is not None
        assert recording.url.startswith(f"{meeting.meet_link}#")

    def test_the_file_is_ready_ten_seconds_after_the_end(self, clinic: Clinic) -> None:
        meeting = clinic.a_meeting()
        name = clinic.after_end(meeting, days=1).conferences[0].name
        ready_at = meeting.scheduled_end + timedelta(seconds=10)

        clinic.time = ready_at - timedelta(microseconds=1)
        [made] = clinic.meet.list_recordings(meeting, name)
        clinic.time = ready_at
        [ready] = clinic.meet.list_recordings(meeting, name)

        assert (made.is_generated, made.drive_file_id, made.url) == (False, None, None)
        assert (ready.is_generated, ready.name) == (True, made.name)

    def test_both_were_there_and_nobody_is_called_by_an_email(self, clinic: Clinic) -> None:
        meeting = clinic.after_end(clinic.a_meeting(), hours=1)

        [conference] = meeting.conferences
        organizer, guest = conference.attendees or ()
        assert (organizer.kind, guest.kind) == (AttendeeKind.SIGNED_IN, AttendeeKind.ANONYMOUS)
        assert (organizer.user is None, guest.user) == (False, None)
        for attendee in (organizer, guest):
            [session] = attendee.sessions
            assert (session.joined_at, session.left_at) == (
                meeting.scheduled_start,
                meeting.scheduled_end,
            )
        told = conference.model_dump_json()
        assert ORGANIZER not in told
        assert GUEST not in told

    def test_an_account_is_the_same_in_every_conference(self, clinic: Clinic) -> None:
        one, other = (
            clinic.meet.list_attendees(meeting, meeting.conferences[0].name)[0]
            for meeting in two_that_were_held(clinic)
        )

        assert one.user == other.user

    def test_while_it_lasts_nothing_has_ended(self, clinic: Clinic) -> None:
        meeting = clinic.a_meeting()
        clinic.time = meeting.scheduled_end - timedelta(seconds=1)

        [conference] = clinic.meet.list_conferences(
            meeting, meeting.scheduled_start, meeting.scheduled_end
        )

        assert conference.ended_at is None
        [recording] = clinic.meet.list_recordings(meeting, conference.name)
        assert recording.ended_at is None
        attendees = clinic.meet.list_attendees(meeting, conference.name)
        assert {session.left_at for a in attendees for session in a.sessions} == {None}

    def test_before_its_time_there_is_nothing(self, clinic: Clinic) -> None:
        meeting = clinic.a_meeting()
        clinic.time = meeting.scheduled_start - timedelta(seconds=1)

        assert listed(clinic.meet, meeting) == ()

    def test_google_forgets_the_call_after_thirty_days(self, clinic: Clinic) -> None:
        meeting = clinic.after_end(clinic.a_meeting(), days=29)
        [conference] = listed(clinic.meet, meeting)

        clinic.time = meeting.scheduled_end + timedelta(days=30)

        assert listed(clinic.meet, meeting) == ()
        with pytest.raises(GoneError):
            clinic.meet.list_recordings(meeting, conference.name)
        with pytest.raises(GoneError):
            clinic.meet.list_attendees(meeting, conference.name)
        assert clinic.after_end(meeting, days=31).recordings[0].available

    def test_any_number_of_instances_agree(self, clinic: Clinic) -> None:
        meeting = clinic.after_end(clinic.a_meeting("sim-rejoined-1"), hours=1)
        meet, drive = MockMeet(clinic.now), MockDrive(clinic.now)

        assert meet.find_space(meeting) == meeting.space_name
        assert [c.name for c in listed(meet, meeting)] == [c.name for c in meeting.conferences]
        for recording in meeting.recordings:
            file_id = recording.drive_file_id or ""
            file = drive.get_file(meeting, file_id)
            assert (file.id, file.size_bytes) == (file_id, recording.size_bytes)

    def test_two_meetings_share_nothing(self, clinic: Clinic) -> None:
        one, other = two_that_were_held(clinic)

        assert one.space_name != other.space_name
        assert one.conferences[0].name != other.conferences[0].name
        assert one.recordings[0].drive_file_id != other.recordings[0].drive_file_id

    def test_one_that_moved_after_its_time_keeps_its_recording(self, clinic: Clinic) -> None:
        meeting = clinic.a_meeting("sim-runs-long-3600-1")
        clinic.after_end(meeting, minutes=5)
        start = meeting.scheduled_end + timedelta(days=1)
        clinic.change(meeting, scheduled_start=start, scheduled_end=start + timedelta(minutes=10))

        meeting = clinic.after_end(clinic.store.get(meeting.id).meeting, days=1)

        assert [c.started_at for c in meeting.conferences] == [start]
        assert [r.available for r in meeting.recordings] == [True]

    def test_with_no_guest_left_only_the_organizer_comes(self, clinic: Clinic) -> None:
        meeting = clinic.a_meeting()
        clinic.change(meeting, participants=meeting.participants[:1])

        [conference] = clinic.after_end(meeting, hours=1).conferences

        assert len(conference.attendees or ()) == 1


class TestScripts:
    def test_a_late_file_is_processed_until_then(self, clinic: Clinic) -> None:
        meeting = clinic.a_meeting("sim-recorded-late-3600-1")

        assert outcome(clinic.after_end(meeting, minutes=59)) == PROCESSING
        assert outcome(clinic.after_end(meeting, hours=2)) == AVAILABLE

    def test_a_file_that_never_comes_is_warned_of_and_given_up(self, clinic: Clinic) -> None:
        meeting = clinic.a_meeting("sim-never-ready-1")

        before = clinic.after_end(meeting, days=24)
        warned = clinic.after_end(meeting, days=26)
        ended = clinic.after_end(meeting, days=31)

        assert (outcome(before), before.recording_sync.warned_at) == (PROCESSING, None)
        assert outcome(warned) == PROCESSING
        assert warned.recording_sync.warned_at == meeting.scheduled_end + timedelta(days=25)
        assert outcome(ended) == (RecordingSyncState.FAILED, RecordingReason.EXPIRED)

    def test_a_deleted_file_was_there_before(self, clinic: Clinic) -> None:
        meeting = clinic.a_meeting("sim-recording-deleted-3600-1")

        there = clinic.after_end(meeting, minutes=59)
        clinic.after_end(meeting, hours=2)
        gone = clinic.after_end(meeting, hours=4)

        assert [r.state for r in there.recordings] == [RecordingState.AVAILABLE]
        assert [r.state for r in gone.recordings] == [RecordingState.MISSING]

    def test_an_early_call_is_longer(self, clinic: Clinic) -> None:
        meeting = clinic.after_end(clinic.a_meeting("sim-early-600-1"), hours=1)

        assert meeting.recordings[0].duration_seconds == 3600 + 600

    def test_nobody_is_in_a_room_that_is_not_made(self, clinic: Clinic) -> None:
        start = clinic.time + timedelta(minutes=1)
        meeting = clinic.a_meeting(
            "sim-early-600-1", scheduled_start=start, scheduled_end=start + timedelta(minutes=9)
        )

        meeting = clinic.after_end(meeting, hours=1)

        assert meeting.conferences[0].started_at == meeting.created_at

    def test_a_long_call_is_waited_for(self, clinic: Clinic) -> None:
        meeting = clinic.a_meeting("sim-runs-long-1800-1")

        running = clinic.after_end(meeting, minutes=29)
        ended = clinic.after_end(meeting, hours=2)

        assert (running.status, outcome(running)) == (MeetingStatus.SCHEDULED, PENDING)
        assert (ended.status, outcome(ended)) == (MeetingStatus.FINISHED, AVAILABLE)
        assert ended.recordings[0].duration_seconds == 3600 + 1800

    def test_parts_of_a_recording_do_not_overlap(self, clinic: Clinic) -> None:
        meeting = clinic.after_end(clinic.a_meeting("sim-recorded-twice-1"), hours=1)

        [conference] = meeting.conferences
        first, second = meeting.recordings
        assert (first.started_at, second.ended_at) == (conference.started_at, conference.ended_at)
        assert first.ended_at == second.started_at

    def test_who_comes_back_was_away(self, clinic: Clinic) -> None:
        meeting = clinic.after_end(clinic.a_meeting("sim-rejoined-1"), hours=1)

        first, second = meeting.conferences
        assert first.ended_at is not None
        assert first.ended_at < second.started_at
        assert second.ended_at == meeting.scheduled_end

    def test_what_another_reference_mends(self, clinic: Clinic) -> None:
        meeting = clinic.a_meeting("sim-meet-fail-delegation_missing-1")
        broken = clinic.after_end(meeting, minutes=5)

        clinic.change(meeting, external_reference="xoma_1")
        mended = clinic.after_end(meeting, minutes=15)

        assert outcome(broken) == (RecordingSyncState.FAILED, RecordingReason.SCOPE_MISSING)
        assert (mended.status, outcome(mended)) == (MeetingStatus.FINISHED, AVAILABLE)

    def test_meet_fails_whatever_it_is_asked(self, clinic: Clinic) -> None:
        meeting = clinic.a_meeting("sim-meet-fail-forbidden-1")

        for ask in (
            lambda: clinic.meet.find_space(meeting),
            lambda: clinic.meet.apply_settings(meeting, SpaceSettings(auto_recording=True)),
            lambda: listed(clinic.meet, meeting),
            lambda: clinic.meet.list_recordings(meeting, "conferenceRecords/1"),
            lambda: clinic.meet.list_attendees(meeting, "conferenceRecords/1"),
        ):
            with pytest.raises(PermanentError) as raised:
                ask()
            assert raised.value.code == "forbidden"

    def test_drive_fails_and_what_meet_told_is_kept(self, clinic: Clinic) -> None:
        meeting = clinic.a_meeting("sim-drive-fail-google_timeout-1")

        meeting = clinic.after_end(meeting, minutes=5)

        assert outcome(meeting) == (RecordingSyncState.AVAILABLE, "google_timeout")
        [recording] = meeting.recordings
        assert (recording.size_bytes, recording.duration_seconds) == (None, None)

    @pytest.mark.parametrize(
        "reference", ["sim-nonsense-1", "sim-recorded-late-1", "sim-meet-fail-no_such_code-1"]
    )
    def test_a_script_that_became_none_is_said_to_be_none(
        self, clinic: Clinic, reference: str
    ) -> None:
        meeting = clinic.a_meeting("xoma_1")
        clinic.change(meeting, external_reference=reference)

        meeting = clinic.after_end(meeting, minutes=5)

        assert outcome(meeting) == (RecordingSyncState.FAILED, "unknown_simulation")


def two_that_were_held(clinic: Clinic) -> list[Meeting]:
    made = [clinic.a_meeting(reference) for reference in ("a", "b")]
    return [clinic.after_end(meeting, hours=1) for meeting in made]


def listed(meet: MockMeet, meeting: Meeting) -> tuple[ConferenceRecord, ...]:
    return meet.list_conferences(
        meeting, meeting.scheduled_start - OPENS_BEFORE, meeting.scheduled_end + CLOSES_AFTER
    )
