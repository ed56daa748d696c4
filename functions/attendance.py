"""Who was in a meeting's room and when, and whether that makes an appointment that took place.

Pure, from what Google Meet told of the meeting's conferences. Nobody is matched to an email: Meet
tells none, and a display name is whatever its bearer typed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from functions.models import (
    Attendee,
    AttendeeKind,
    ConferenceRecord,
    Meeting,
    RecordingSyncState,
    Session,
)
from functions.models.looks import CLOSES_AFTER

TOGETHER_SECONDS = 300
"""Two who were there for so long had an appointment, unless half of a short one was less."""

Who = str | tuple[str, int]
"""Google's user, or one attendee of one conference: the same in no other."""


class Outcome(StrEnum):
    COMPLETED = "completed"
    NOBODY = "nobody"
    ONLY_ONE = "only_one"
    TOO_SHORT = "too_short"
    UNKNOWN = "unknown"


class Span(NamedTuple):
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True)
class Presence:
    """Somebody who was there, in all the conferences in which Google knows them as the same."""

    display_name: str
    kind: AttendeeKind
    joined_at: datetime | None
    left_at: datetime | None
    """None while a session lasts, or where there was none."""

    present_seconds: int
    """Without what two devices were there for twice."""

    sessions: tuple[Session, ...]


@dataclass(frozen=True)
class Attendance:
    outcome: Outcome
    rule: str
    """Why it is this outcome, in a sentence."""

    together_seconds: int
    overlaps: tuple[Span, ...]
    """When at least two attendees were there at once, in the same conference."""

    attendees: tuple[Presence, ...]


def attendance_of(meeting: Meeting, now: datetime) -> Attendance:
    """Return who was there as far as Meet has told; what still lasts is counted until now."""
    sessions_of: dict[Who, list[Session]] = {}
    shown: dict[Who, Attendee] = {}
    overlaps: list[Span] = []
    for conference in meeting.conferences:
        in_conference: dict[Who, list[Session]] = {}
        for place, attendee in enumerate(conference.attendees or ()):
            who = attendee.user or (conference.name, place)
            shown[who] = attendee
            in_conference.setdefault(who, []).extend(_within(conference, attendee))
        for who, sessions in in_conference.items():
            sessions_of.setdefault(who, []).extend(sessions)
        overlaps += _shared(_spans(sessions, now) for sessions in in_conference.values())
    overlaps = _united(overlaps)
    together_seconds = _seconds(overlaps)
    outcome, rule = _judged(meeting, now, bool(shown), bool(overlaps), together_seconds)
    presences = [_presence(shown[who], sessions, now) for who, sessions in sessions_of.items()]
    presences.sort(key=lambda one: (one.joined_at or now, one.display_name))
    return Attendance(
        outcome=outcome,
        rule=rule,
        together_seconds=together_seconds,
        overlaps=tuple(overlaps),
        attendees=tuple(presences),
    )


def _within(conference: ConferenceRecord, attendee: Attendee) -> Iterable[Session]:
    """Yield the sessions; one whose end is not told has the conference's."""
    for session in attendee.sessions:
        left_at = session.left_at or conference.ended_at
        # Google's clocks may differ: a session lasts no less than no time.
        yield session.replace(left_at=left_at and max(left_at, session.joined_at))


def _presence(attendee: Attendee, sessions: list[Session], now: datetime) -> Presence:
    ends = [session.left_at for session in sessions]
    return Presence(
        display_name=attendee.display_name,
        kind=attendee.kind,
        joined_at=min((session.joined_at for session in sessions), default=None),
        left_at=max((end for end in ends if end), default=None) if None not in ends else None,
        present_seconds=_seconds(_spans(sessions, now)),
        sessions=tuple(sorted(sessions, key=lambda s: (s.joined_at, s.left_at or now))),
    )


def _spans(sessions: Iterable[Session], now: datetime) -> list[Span]:
    return _united(Span(session.joined_at, session.left_at or now) for session in sessions)


def _united(spans: Iterable[Span]) -> list[Span]:
    """Return the time that is in any of them, in order, apart, and without what lasts no time."""
    united: list[Span] = []
    for span in sorted(span for span in spans if span.started_at < span.ended_at):
        if united and span.started_at <= united[-1].ended_at:
            last = united.pop()
            span = Span(last.started_at, max(last.ended_at, span.ended_at))
        united.append(span)
    return united


def _shared(people: Iterable[list[Span]]) -> list[Span]:
    """Return the time that is in the spans of at least two; those of one are apart."""
    steps = sorted(
        step for spans in people for begin, end in spans for step in ((begin, 1), (end, -1))
    )
    shared, present = [], 0
    for (begin, change), (end, _) in zip(steps, steps[1:], strict=False):
        present += change
        if present >= 2:
            shared.append(Span(begin, end))
    return shared


def _seconds(spans: Iterable[Span]) -> int:
    lasting = (ended_at - started_at for started_at, ended_at in spans)
    return int(sum(lasting, timedelta(0)).total_seconds())


def _judged(
    meeting: Meeting, now: datetime, has_come: bool, has_overlap: bool, together_seconds: int
) -> tuple[Outcome, str]:
    scheduled_seconds = int((meeting.scheduled_end - meeting.scheduled_start).total_seconds())
    enough_seconds = min(TOGETHER_SECONDS, scheduled_seconds // 2)
    enough = (
        f"{enough_seconds} s, the lesser of {TOGETHER_SECONDS} s"
        f" and half of the {scheduled_seconds} s that were scheduled"
    )
    together = f"At least two attendees were there at once, for {together_seconds} s in all:"
    if now < meeting.scheduled_end:
        return Outcome.UNKNOWN, "The scheduled end has not come."
    # Whatever Meet has yet to tell, this stays true.
    if has_overlap and together_seconds >= enough_seconds:
        return Outcome.COMPLETED, f"{together} not less than {enough}."
    if not _is_all_told(meeting):
        return (
            Outcome.UNKNOWN,
            "Google Meet was not asked yet, or has not told, who was there.",
        )
    if has_overlap:
        return Outcome.TOO_SHORT, f"{together} less than {enough}."
    if has_come:
        return Outcome.ONLY_ONE, "Somebody was there, and never at least two attendees at once."
    if now < meeting.scheduled_end + CLOSES_AFTER:
        return Outcome.UNKNOWN, "Nobody has come, and somebody still may."
    hours = CLOSES_AFTER // timedelta(hours=1)
    return Outcome.NOBODY, f"Nobody was there until {hours} h after the scheduled end."


def _is_all_told(meeting: Meeting) -> bool:
    """Return whether Meet was asked successfully for all that there is."""
    sync = meeting.recording_sync
    if not meeting.conferences:
        # A recording that an operator knows of speaks against what Meet tells.
        return sync.state is RecordingSyncState.ABSENT and not meeting.recordings
    are_told = all(c.ended_at is not None and c.attendees is not None for c in meeting.conferences)
    return are_told and sync.state is not RecordingSyncState.FAILED
