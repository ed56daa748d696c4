"""Every state and reason that a look can find, by the real adapters on the Workspace double."""

import logging
from datetime import timedelta

import pytest

from functions import measurements
from functions.models import MeetingStatus, RecordingState
from tests.sync_recording.world import DAY, END, HOUR, MINUTE, SOON, START, World, verdict
from tests.workspace_double.held import NEVER


class TestRecorded:
    def test_what_was_recorded_is_found_and_described(self, world: World) -> None:
        meeting = world.meeting()
        conference = world.hold(meeting)
        recorded = world.double.record(
            conference, START + MINUTE, END, size=7_000_000, duration=timedelta(minutes=59)
        )

        found = world.look(meeting, SOON)

        assert found.status is MeetingStatus.FINISHED
        assert verdict(found) == ("AVAILABLE", None)
        [recording] = found.recordings
        assert recording.state is RecordingState.AVAILABLE
        assert recording.recording_name == recorded.name
        assert recording.drive_file_id == recorded.file.id
        assert recording.url == f"{recorded.file.view_link}?usp=drivesdk"
        assert (recording.size_bytes, recording.duration_seconds) == (7_000_000, 59 * 60)
        assert (recording.started_at, recording.ended_at) == (START + MINUTE, END)

    def test_only_a_file_that_is_made_is_available(self, world: World) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END, ready_at=END + 20 * MINUTE)

        early = world.look(meeting, SOON)
        late = world.look(meeting, END + 20 * MINUTE)

        assert verdict(early) == ("PENDING", "still_processing")
        assert early.status is MeetingStatus.FINISHED
        assert [r.state for r in early.recordings] == [RecordingState.PROCESSING]
        assert verdict(late) == ("AVAILABLE", None)
        assert [r.id for r in late.recordings] == [r.id for r in early.recordings]

    def test_what_drive_knows_later_is_filled_in_later(self, world: World) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END, video_ready_at=END + 3 * HOUR)

        world.run_until(END + 2 * MINUTE)
        [early] = world.get(meeting).recordings
        world.run_until(END + 8 * HOUR)
        settled = world.get(meeting)

        assert (early.size_bytes, early.duration_seconds) == (1_000_000, None)
        assert [r.duration_seconds for r in settled.recordings] == [3600]
        assert settled.recording_sync.due_at is None

    def test_all_recordings_of_all_conferences_are_found(self, world: World) -> None:
        meeting = world.meeting()
        first = world.hold(meeting, START - 30 * MINUTE, START + 10 * MINUTE)
        world.double.record(first, START - 20 * MINUTE, START - 10 * MINUTE)
        world.double.record(first, START, START + 5 * MINUTE)
        again = world.hold(meeting, START + 15 * MINUTE, END + 40 * MINUTE)
        world.double.record(again, START + 20 * MINUTE, END + 30 * MINUTE)

        during = world.look(meeting, SOON)
        after = world.look(meeting, END + 41 * MINUTE)

        assert during.status is MeetingStatus.SCHEDULED
        assert verdict(during) == ("PENDING", None)
        assert after.status is MeetingStatus.FINISHED
        assert len(after.conferences) == 2
        assert [r.state for r in after.recordings] == [RecordingState.AVAILABLE] * 3

    def test_one_that_an_operator_registered_is_recognized(self, world: World) -> None:
        meeting = world.meeting()
        recorded = world.double.record(world.hold(meeting), START, END)
        stored = world.store.get(meeting.id)
        [found] = world.look(meeting, SOON).recordings
        registered = found.replace(
            id="f" * 32, recording_name=None, size_bytes=None, registered_by="ana@clinica.com"
        )
        world.store.save(
            world.store.get(meeting.id), stored.meeting.replace(recordings=(registered,))
        )

        [recording] = world.look(meeting).recordings

        assert (recording.id, recording.registered_by) == ("f" * 32, "ana@clinica.com")
        assert (recording.recording_name, recording.size_bytes) == (recorded.name, 1_000_000)


class TestNotRecorded:
    def test_nobody_came(self, world: World, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, measurements.__name__)
        meeting = world.meeting()

        states = [
            verdict(world.look(meeting, at))
            for at in (START + 4 * MINUTE, START + 5 * MINUTE, SOON, END + 2 * HOUR)
        ]

        assert states == [
            ("WAITING", None),
            ("WAITING", "not_started"),
            ("PENDING", "not_started"),
            ("ABSENT", "never_held"),
        ]
        assert world.get(meeting).status is MeetingStatus.SCHEDULED
        assert world.get(meeting).recording_sync.due_at is None
        told = [vars(r) for r in caplog.records if r.getMessage() == "recording state"]
        assert [(line["state"], line["reason"]) for line in told] == states[1:]

    def test_that_nobody_came_is_not_said_unless_meet_was_asked(self, world: World) -> None:
        meeting = world.meeting()
        world.double.faults.add(method="meet.conferenceRecords.list", status=403, times=1)

        asked_in_vain = world.look(meeting, END + 3 * HOUR)
        asked = world.look(meeting, END + 4 * HOUR)

        assert verdict(asked_in_vain) == ("FAILED", "no_permission")
        assert verdict(asked) == ("ABSENT", "never_held")

    def test_a_conference_without_a_recording(self, world: World) -> None:
        meeting = world.meeting()
        world.hold(meeting)

        early, late = world.look(meeting, SOON), world.look(meeting, END + 10 * MINUTE)

        assert (early.status, verdict(early)) == (MeetingStatus.FINISHED, ("PENDING", None))
        assert verdict(late) == ("ABSENT", "not_recorded")

    def test_somebody_comes_back_and_records_after_all(self, world: World) -> None:
        meeting = world.meeting()
        world.hold(meeting)
        world.run_until(END + HOUR)
        absent = world.get(meeting)
        again = world.hold(meeting, END + 70 * MINUTE, END + 80 * MINUTE)
        world.double.record(again, END + 71 * MINUTE, END + 80 * MINUTE)

        world.run_until(END + 3 * HOUR)

        assert verdict(absent) == ("ABSENT", "not_recorded")
        assert verdict(world.get(meeting)) == ("AVAILABLE", None)

    @pytest.mark.parametrize("how", ["trash_file", "delete_file"])
    def test_a_file_that_somebody_deleted(self, world: World, how: str) -> None:
        meeting = world.meeting()
        recorded = world.double.record(world.hold(meeting), START, END)
        world.look(meeting, SOON)
        getattr(world.double, how)(recorded.file.id)

        world.look(meeting, END + 2 * MINUTE)
        found = world.look(meeting, END + 5 * MINUTE)

        assert verdict(found) == ("ABSENT", "file_deleted")
        assert [r.state for r in found.recordings] == [RecordingState.MISSING]

    def test_a_file_that_comes_out_of_the_trash_again(self, world: World) -> None:
        meeting = world.meeting()
        recorded = world.double.record(world.hold(meeting), START, END)
        world.double.trash_file(recorded.file.id, END)
        world.look(meeting, SOON)
        world.double.restore_file(recorded.file.id)

        assert verdict(world.look(meeting, END + 2 * MINUTE)) == ("AVAILABLE", None)


class TestLastDays:
    def test_what_stays_unknown_is_warned_of_and_ends(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END, ready_at=NEVER)

        world.run_until(END + 24 * DAY)
        assert "recordings.expiring" not in world.kinds(meeting)
        world.run_until(END + 29 * DAY)
        assert world.kinds(meeting).count("recordings.expiring") == 1
        assert [r.levelname for r in caplog.records if r.levelname == "CRITICAL"] == ["CRITICAL"]
        assert verdict(world.get(meeting)) == ("PENDING", "still_processing")
        world.run_until(END + 31 * DAY)

        ended = world.get(meeting)
        assert verdict(ended) == ("FAILED", "expired")
        assert ended.recording_sync.due_at is None
        assert ended.status is MeetingStatus.FINISHED
        assert world.kinds(meeting)[-1] == "recordings.failed"

    def test_what_was_found_stays_when_google_forgets_it(self, world: World) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END)
        world.run_until(END + 3 * HOUR)
        before = world.get(meeting)

        stored = world.store.get(meeting.id)
        sync = before.recording_sync.replace(due_at=END + 40 * DAY)
        world.store.save(stored, before.replace(recording_sync=sync))
        world.run_until(END + 41 * DAY)

        after = world.get(meeting)
        assert after.conferences == before.conferences
        assert after.recordings == before.recordings
        assert verdict(after) == ("AVAILABLE", None)
