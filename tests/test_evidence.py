"""The verdict on a meeting and the ladder of looks, as far as no Google is needed to see them."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.evidence import Problem, expecting_next_look, judged, unanswered
from functions.models import (
    ConferenceRecord,
    Meeting,
    MeetingStatus,
    Recording,
    RecordingState,
    RecordingSync,
    RecordingSyncState,
)
from tests.values import NOW, a_meeting

START = NOW + timedelta(hours=1)
END = START + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def a_conference(
    began: datetime = START, ended: datetime | None = END, is_attended: bool = True
) -> ConferenceRecord:
    attendees = () if is_attended else None
    return ConferenceRecord(
        name=f"conferenceRecords/{began:%H%M%S}",
        started_at=began,
        ended_at=ended,
        attendees=attendees,
        are_recordings_told=True,
    )


def a_recording(
    state: RecordingState = RecordingState.AVAILABLE, size: int | None = 1
) -> Recording:
    return Recording(
        id="r",
        state=state,
        recording_name=f"{a_conference().name}/recordings/r",
        drive_file_id="file",
        size_bytes=size,
        duration_seconds=size,
        created_at=END,
    )


def a_scheduled(*conferences: ConferenceRecord, recordings: tuple[Recording, ...] = ()) -> Meeting:
    return a_meeting(
        status=MeetingStatus.SCHEDULED,
        scheduled_start=START,
        scheduled_end=END,
        meeting_code="abc-defg-hij",
        recording_sync=RecordingSync(due_at=START + 5 * MINUTE),
        conferences=conferences,
        recordings=recordings,
    )


def ladder(meeting: Meeting, now: datetime) -> list[timedelta]:
    """Return when it is looked at from now on, counted from the end, if nothing ever changes."""
    looks = []
    while (due_at := judged(meeting, now).recording_sync.due_at) is not None:
        meeting, now = judged(meeting, now), due_at
        looks.append(due_at - END)
    return looks


class TestFinished:
    def test_a_conference_that_ended_finishes_the_meeting_at_its_end(self) -> None:
        meeting = a_scheduled(a_conference())

        assert judged(meeting, END + MINUTE).status is MeetingStatus.FINISHED

    def test_one_that_ended_early_may_be_entered_again_until_the_end(self) -> None:
        meeting = a_scheduled(a_conference(ended=START + 4 * MINUTE))

        assert judged(meeting, START + 5 * MINUTE).status is MeetingStatus.SCHEDULED
        assert judged(meeting, END).status is MeetingStatus.FINISHED

    def test_while_somebody_is_in_the_room_it_is_not_over(self) -> None:
        meeting = a_scheduled(a_conference(), a_conference(END + MINUTE, None))

        after = judged(meeting, END + 2 * MINUTE)

        assert after.status is MeetingStatus.SCHEDULED
        assert after.recording_sync.state is RecordingSyncState.PENDING

    def test_without_a_conference_nothing_is_finished(self) -> None:
        assert judged(a_scheduled(), END + timedelta(hours=3)).status is MeetingStatus.SCHEDULED


class TestLadder:
    def test_it_is_looked_at_soon_then_less_and_less_often_for_thirty_days(self) -> None:
        processing = a_scheduled(
            a_conference(), recordings=(a_recording(RecordingState.PROCESSING),)
        )

        looks = ladder(processing, END)

        assert looks[:4] == [timedelta(seconds=30), 2 * MINUTE, 5 * MINUTE, 10 * MINUTE]
        assert looks[-1] == timedelta(days=30)
        gaps = [later - earlier for earlier, later in zip(looks, looks[1:], strict=False)]
        assert max(gaps) == timedelta(days=1)
        assert len(looks) < 50

    def test_what_is_settled_is_looked_at_once_more_when_nobody_can_come_back(self) -> None:
        settled = a_scheduled(a_conference(), recordings=(a_recording(),))

        assert ladder(settled, END + MINUTE) == [timedelta(hours=2)]

    def test_nobody_there_is_settled_when_the_room_closes(self) -> None:
        assert ladder(a_scheduled(), END)[-1] == timedelta(hours=2)

    def test_what_drive_never_tells_is_given_up_after_a_week(self) -> None:
        undescribed = a_scheduled(a_conference(), recordings=(a_recording(size=None),))

        assert ladder(undescribed, END)[-1] == timedelta(days=7)

    def test_the_week_begins_when_the_last_conference_has_ended(self) -> None:
        late = a_conference(END, END + timedelta(hours=6))
        undescribed = a_recording(size=None).replace(recording_name=f"{late.name}/recordings/r")

        looks = ladder(a_scheduled(late, recordings=(undescribed,)), END + timedelta(hours=6))

        assert looks[-1] == timedelta(days=7, hours=6)

    def test_a_room_that_is_in_use_is_looked_at_every_ten_minutes(self) -> None:
        live = a_scheduled(a_conference(ended=None))

        due = [judged(live, END + n * MINUTE).recording_sync.due_at for n in (0, 9, 10, 601)]

        assert due == [END + n * MINUTE for n in (10, 10, 20, 610)]

    def test_the_steps_begin_when_a_long_conference_has_ended(self) -> None:
        late = END + timedelta(hours=1)
        meeting = a_scheduled(a_conference(ended=late, is_attended=False))

        assert judged(meeting, late).recording_sync.due_at == late + timedelta(seconds=30)

    def test_before_the_end_there_are_two_looks_and_no_more(self) -> None:
        meeting = a_scheduled()

        first = judged(meeting, NOW).recording_sync.due_at
        second = judged(meeting, START + 5 * MINUTE).recording_sync.due_at

        assert (first, second) == (START + 5 * MINUTE, END + timedelta(seconds=30))


class TestLastDays:
    @pytest.mark.parametrize("day", [24, 25])
    def test_on_day_25_it_is_told_that_time_runs_out(self, day: int) -> None:
        now = END + timedelta(days=day)
        processing = a_scheduled(
            a_conference(), recordings=(a_recording(RecordingState.PROCESSING),)
        )

        warned = judged(processing, now)

        assert warned.recording_sync.warned_at == (now if day == 25 else None)
        again = judged(warned, now + timedelta(days=1))
        assert again.recording_sync.warned_at == (now if day == 25 else now + timedelta(days=1))

    def test_on_day_30_it_ends(self) -> None:
        blocked = unanswered(
            a_scheduled(), END + timedelta(days=30), Problem("scope_missing", True)
        )

        assert blocked.recording_sync.state is RecordingSyncState.FAILED
        assert blocked.recording_sync.reason == "expired"
        assert blocked.recording_sync.due_at is None

    def test_nobody_there_is_not_said_when_meet_has_forgotten_who_was(self) -> None:
        first_asked = judged(a_scheduled(), END + timedelta(days=30))
        asked_in_time = judged(a_scheduled(), END + timedelta(days=29))
        asked_again = judged(asked_in_time, END + timedelta(days=40))

        verdicts = [
            (m.recording_sync.state, m.recording_sync.reason)
            for m in (first_asked, asked_in_time, asked_again)
        ]
        assert verdicts == [("FAILED", "expired"), *[("ABSENT", "never_held")] * 2]
        assert first_asked.recording_sync.due_at is None

    def test_a_room_that_meet_has_forgotten_is_not_in_use_for_ever(self) -> None:
        live = a_scheduled(a_conference(ended=None))

        forgotten = judged(live, END + timedelta(days=31))

        assert forgotten.recording_sync.reason == "expired"
        assert forgotten.recording_sync.due_at is None


class TestUnanswered:
    @pytest.mark.parametrize(
        ("minutes", "state", "next_seconds"), [(-1, "WAITING", 0), (0, "PENDING", 30)]
    )
    def test_what_may_work_later_is_no_failure(
        self, minutes: int, state: str, next_seconds: int
    ) -> None:
        after = unanswered(
            a_scheduled(), END + minutes * MINUTE, Problem("google_unavailable", False)
        )

        sync = after.recording_sync
        assert (sync.state, sync.reason) == (state, "google_unavailable")
        assert (sync.attempts, sync.due_at) == (1, END + timedelta(seconds=next_seconds))

    def test_what_was_known_stays_known(self) -> None:
        settled = judged(a_scheduled(a_conference(), recordings=(a_recording(),)), END + MINUTE)

        after = unanswered(settled, END + 2 * MINUTE, Problem("forbidden", True))

        assert after.recording_sync.state is RecordingSyncState.AVAILABLE
        assert after.recording_sync.reason is None
        assert after.recordings == settled.recordings
        assert after.recording_sync.due_at == END + 5 * MINUTE

    def test_an_answer_ends_the_count(self) -> None:
        failed = unanswered(a_scheduled(), END, Problem("forbidden", True))

        assert judged(failed, END + MINUTE).recording_sync.attempts == 0


conferences = st.builds(
    lambda began, lasts, is_attended: a_conference(
        START + began * MINUTE,
        None if lasts is None else START + (began + lasts) * MINUTE,
        is_attended,
    ),
    st.integers(-60, 180),
    st.none() | st.integers(0, 300),
    st.booleans(),
)
recordings = st.builds(a_recording, st.sampled_from(RecordingState), st.none() | st.just(1))
meetings = st.builds(
    lambda held, recorded: a_scheduled(*held, recordings=tuple(recorded)),
    st.lists(conferences, max_size=3),
    st.lists(recordings, max_size=2),
)


class TestAlways:
    @given(meetings, st.integers(0, 32 * 24 * 60))
    def test_a_repeated_look_changes_nothing(self, meeting: Meeting, minutes: int) -> None:
        now = START + minutes * MINUTE

        once = judged(meeting, now)

        assert judged(once, now) == once

    @given(meetings, st.integers(0, 32 * 24 * 60))
    def test_the_next_look_is_later_and_every_handing_over_is_due_again(
        self, meeting: Meeting, minutes: int
    ) -> None:
        now = START + minutes * MINUTE

        due_at = judged(meeting, now).recording_sync.due_at
        handed_over = expecting_next_look(meeting, now).recording_sync.due_at

        assert due_at is None or due_at > now
        assert handed_over is not None
        assert handed_over > now

    @given(meetings)
    def test_nothing_is_looked_at_for_ever(self, meeting: Meeting) -> None:
        ended = tuple(
            c.replace(ended_at=c.ended_at or c.started_at + MINUTE) for c in meeting.conferences
        )

        last = ladder(meeting.replace(conferences=ended), START)[-1]

        assert last <= timedelta(days=30, hours=8)
