"""Who was there, for how long together, and what that makes of an appointment."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.attendance import Attendance, Outcome, Presence, Span, attendance_of
from functions.models import (
    Attendee,
    AttendeeKind,
    ConferenceRecord,
    Meeting,
    RecordingReason,
    RecordingState,
    RecordingSync,
    RecordingSyncState,
    Session,
)
from tests.api.parts import a_recording
from tests.values import NOW, a_meeting

SIGNED_IN, ANONYMOUS, PHONE = AttendeeKind
START, HOUR = NOW, timedelta(hours=1)
END = START + HOUR
LATER = END + timedelta(days=1)
Stay = tuple[int, int | None]
"""From when until when, in seconds after the start; None: the end was not told."""

PENDING = RecordingSync(state=RecordingSyncState.PENDING)
NEVER_HELD = RecordingSync(state=RecordingSyncState.ABSENT, reason=RecordingReason.NEVER_HELD)
FAILED = RecordingSync(state=RecordingSyncState.FAILED, reason=RecordingReason.SCOPE_MISSING)


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def somebody(*stays: Stay, user: str | None = None, name: str = "Ana") -> Attendee:
    return Attendee(
        display_name=name,
        kind=SIGNED_IN if user else ANONYMOUS,
        user=user,
        sessions=tuple(
            Session(joined_at=at(joined), left_at=None if left is None else at(left))
            for joined, left in stays
        ),
    )


def a_conference(
    *attendees: Attendee, began: int = 0, ended: int | None = 3600, name: str = "one"
) -> ConferenceRecord:
    return ConferenceRecord(
        name=f"conferenceRecords/{name}",
        started_at=at(began),
        ended_at=None if ended is None else at(ended),
        attendees=attendees,
    )


def held(
    *conferences: ConferenceRecord, sync: RecordingSync = PENDING, lasts: timedelta = HOUR
) -> Meeting:
    times = {"scheduled_start": START, "scheduled_end": START + lasts}
    return a_meeting(conferences=conferences, recording_sync=sync, **times)


def together(*conferences: ConferenceRecord) -> list[Span]:
    return list(attendance_of(held(*conferences), LATER).overlaps)


def only(attendance: Attendance) -> Presence:
    [presence] = attendance.attendees
    return presence


class TestAttendees:
    def test_one_is_shown_with_its_sessions(self) -> None:
        guest = somebody((600, 900), (0, 300))

        presence = only(attendance_of(held(a_conference(guest)), LATER))

        assert (presence.display_name, presence.kind) == ("Ana", ANONYMOUS)
        assert (presence.joined_at, presence.left_at) == (at(0), at(900))
        assert presence.present_seconds == 600
        assert presence.sessions == (guest.sessions[1], guest.sessions[0])

    def test_the_same_user_is_one_in_all_conferences(self) -> None:
        first = a_conference(somebody((0, 100), user="users/1", name="Dr. Paz"), ended=200)
        second = a_conference(
            somebody((300, 400), user="users/1", name="Doctor Paz"), began=300, name="two"
        )

        presence = only(attendance_of(held(first, second), LATER))

        assert (presence.display_name, presence.kind) == ("Doctor Paz", SIGNED_IN)
        assert (presence.joined_at, presence.left_at) == (at(0), at(400))
        assert presence.present_seconds == 200

    @pytest.mark.parametrize("kind", [ANONYMOUS, PHONE, SIGNED_IN])
    def test_whoever_is_no_known_user_is_another_each_time(self, kind: AttendeeKind) -> None:
        guest = somebody((0, 100)).replace(kind=kind)

        attendance = attendance_of(
            held(a_conference(guest, guest), a_conference(guest, name="two")), LATER
        )

        assert [one.kind for one in attendance.attendees] == [kind] * 3

    def test_they_come_in_the_order_of_their_coming(self) -> None:
        late, early = somebody((60, 90), name="A"), somebody((0, 90), name="B")
        attendance = attendance_of(held(a_conference(late, early)), LATER)

        assert [one.display_name for one in attendance.attendees] == ["B", "A"]

    def test_two_devices_at_once_are_counted_once(self) -> None:
        doctor = somebody((0, 100), (50, 150), user="users/1")

        assert only(attendance_of(held(a_conference(doctor)), LATER)).present_seconds == 150

    def test_who_never_joined_has_no_times(self) -> None:
        presence = only(attendance_of(held(a_conference(somebody())), LATER))

        assert (presence.joined_at, presence.left_at, presence.present_seconds) == (None, None, 0)

    def test_a_session_without_an_end_lasts_to_the_conferences(self) -> None:
        presence = only(attendance_of(held(a_conference(somebody((0, None)), ended=500)), LATER))
        assert (presence.left_at, presence.present_seconds) == (at(500), 500)

    def test_one_that_goes_on_counts_until_now(self) -> None:
        live = a_conference(somebody((0, 50), (60, None)), ended=None)

        presence = only(attendance_of(held(live), at(100)))

        assert (presence.left_at, presence.present_seconds) == (None, 90)
        assert presence.sessions[1].left_at is None

    def test_whoever_left_before_joining_was_there_for_no_time(self) -> None:
        presence = only(attendance_of(held(a_conference(somebody((10, 5)))), LATER))

        assert (presence.joined_at, presence.left_at) == (at(10), at(10))
        assert presence.present_seconds == 0


class TestOverlaps:
    def test_two_devices_of_one_are_nobody_elses_company(self) -> None:
        doctor = somebody((0, 100), user="users/1")

        assert together(a_conference(doctor, doctor)) == []

    def test_one_follows_when_another_leaves_as_a_third_comes(self) -> None:
        there = somebody((0, 30)), somebody((5, 10)), somebody((10, 20))

        assert together(a_conference(*there)) == [Span(at(5), at(20))]

    def test_who_leaves_as_the_other_comes_was_not_there_with_them(self) -> None:
        assert together(a_conference(somebody((0, 10)), somebody((10, 20)))) == []

    def test_two_conferences_are_two_rooms(self) -> None:
        one = a_conference(somebody((0, 100)))
        other = a_conference(somebody((50, 150)), name="two")

        assert together(one, other) == []

    def test_they_are_counted_in_whole_seconds(self) -> None:
        moment = timedelta(milliseconds=999)
        guest = Attendee(
            display_name="Ana",
            kind=ANONYMOUS,
            sessions=(Session(joined_at=at(0), left_at=at(1) + moment),),
        )

        assert attendance_of(held(a_conference(guest, guest)), LATER).together_seconds == 1


SECONDS = st.integers(0, 40)
STAYS = st.lists(st.tuples(SECONDS, st.none() | SECONDS), max_size=3)
ATTENDEES = st.lists(st.tuples(st.sampled_from([None, "users/1", "users/2"]), STAYS), max_size=4)
CONFERENCES = st.lists(st.tuples(st.none() | SECONDS, ATTENDEES), max_size=3)
UNTIL = 30
"""What lasts is counted until then, and may begin later."""

Told = list[tuple[int | None, list[tuple[str | None, list[Stay]]]]]


def seconds_of(stays: Iterable[Stay], ended: int | None) -> set[int]:
    """Return every second that somebody was there in."""
    there: set[int] = set()
    for joined, left in stays:
        there |= set(range(joined, next(t for t in (left, ended, UNTIL) if t is not None)))
    return there


class TestAgainstACountOfEachSecond:
    @given(CONFERENCES)
    def test_it_is_the_same(self, told: Told) -> None:
        conferences, shared, of_users = [], set(), dict[str, set[int]]()
        for number, (ended, attendees) in enumerate(told):
            made = [somebody(*stays, user=user) for user, stays in attendees]
            conferences.append(a_conference(*made, ended=ended, name=str(number)))
            rooms: dict[object, set[int]] = {}
            for place, (user, stays) in enumerate(attendees):
                rooms.setdefault(user or place, set()).update(seconds_of(stays, ended))
                if user:
                    of_users.setdefault(user, set()).update(seconds_of(stays, ended))
            shared |= {s for s in range(50) if sum(s in room for room in rooms.values()) > 1}

        found = attendance_of(held(*conferences), at(UNTIL))

        spans = [
            (int((o.started_at - START).total_seconds()), int((o.ended_at - START).total_seconds()))
            for o in found.overlaps
        ]
        assert [second for span in spans for second in range(*span)] == sorted(shared)
        assert all(before[1] < after[0] for before, after in zip(spans, spans[1:], strict=False))
        assert found.together_seconds == len(shared)
        present = [one.present_seconds for one in found.attendees if one.kind is SIGNED_IN]
        assert sorted(present) == sorted(len(seconds) for seconds in of_users.values())


def two_for(seconds: int) -> ConferenceRecord:
    return a_conference(somebody((0, 3600)), somebody((100, 100 + seconds)))


UNTOLD = a_conference(began=100, name="untold").replace(attendees=None)
LIVE = a_conference(began=100, ended=None, name="live").replace(attendees=None)
ALONE = a_conference(somebody((0, 3600)))
EMPTY = a_conference()
SHORT = timedelta(minutes=4)


class TestOutcome:
    @pytest.mark.parametrize(
        ("meeting", "outcome"),
        [
            (held(two_for(300)), Outcome.COMPLETED),
            (held(two_for(299)), Outcome.TOO_SHORT),
            (
                held(two_for(150), a_conference(*two_for(150).attendees or (), name="2")),
                "too_short",
            ),
            (held(two_for(120), lasts=SHORT), Outcome.COMPLETED),
            (held(two_for(119), lasts=SHORT), Outcome.TOO_SHORT),
            (held(ALONE), Outcome.ONLY_ONE),
            (held(a_conference(somebody((0, 10)), somebody((10, 20)))), Outcome.ONLY_ONE),
            (held(a_conference(somebody())), Outcome.ONLY_ONE),
            (held(EMPTY), Outcome.NOBODY),
            (held(sync=NEVER_HELD), Outcome.NOBODY),
            (held(sync=NEVER_HELD.replace(reason="google_unavailable")), Outcome.NOBODY),
            (held(), Outcome.UNKNOWN),
            (held(sync=RecordingSync()), Outcome.UNKNOWN),
            (held(sync=FAILED), Outcome.UNKNOWN),
            (held(ALONE, sync=FAILED), Outcome.UNKNOWN),
            (held(EMPTY, sync=FAILED), Outcome.UNKNOWN),
            (held(ALONE, UNTOLD), Outcome.UNKNOWN),
            (held(two_for(299), LIVE), Outcome.UNKNOWN),
            (held(two_for(300), UNTOLD, sync=FAILED), Outcome.COMPLETED),
        ],
    )
    def test_follows_from_what_meet_told(self, meeting: Meeting, outcome: str) -> None:
        assert attendance_of(meeting, LATER).outcome == outcome

    def test_is_told_after_the_scheduled_end(self) -> None:
        before = attendance_of(held(two_for(300)), END - timedelta(seconds=1))

        assert before.outcome is Outcome.UNKNOWN
        assert attendance_of(held(two_for(300)), END).outcome is Outcome.COMPLETED

    @pytest.mark.parametrize("meeting", [held(EMPTY), held(sync=NEVER_HELD)])
    def test_nobody_is_said_when_nobody_can_come_any_more(self, meeting: Meeting) -> None:
        closes_at = END + timedelta(hours=2)

        before = attendance_of(meeting, closes_at - timedelta(seconds=1))

        assert before.outcome is Outcome.UNKNOWN
        assert attendance_of(meeting, closes_at).outcome is Outcome.NOBODY

    def test_nobody_is_not_said_where_an_operator_knows_of_a_recording(self) -> None:
        recording = a_recording(state=RecordingState.MISSING)
        meeting = held(sync=NEVER_HELD).replace(recordings=(recording,))
        assert attendance_of(meeting, LATER).outcome is Outcome.UNKNOWN

    def test_the_rule_says_its_numbers(self) -> None:
        lesser = "the lesser of 300 s and half of the"

        rules = [
            attendance_of(meeting, LATER).rule
            for meeting in (held(two_for(310)), held(two_for(100), lasts=SHORT), held(EMPTY))
        ]

        assert rules == [
            "At least two attendees were there at once, for 310 s in all: not less than 300 s,"
            f" {lesser} 3600 s that were scheduled.",
            "At least two attendees were there at once, for 100 s in all: less than 120 s,"
            f" {lesser} 240 s that were scheduled.",
            "Nobody was there until 2 h after the scheduled end.",
        ]
