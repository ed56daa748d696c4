"""What a look makes of a meeting: its status, how far the search has come, and the next look."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.models import (
    TRANSITIONS,
    Meeting,
    MeetingStatus,
    RecordingReason,
    RecordingState,
    RecordingSync,
    RecordingSyncState,
)
from functions.models.looks import (
    CLOSES_AFTER,
    CONFERENCES_LAST_AT_MOST,
    PREPARED_BEFORE,
    RECORDS_KEPT_FOR,
    WARNED_AFTER,
    look_while_live_at,
    look_while_unanswered_at,
    next_look_at,
)
from functions.verdict import (
    ended_at,
    is_live,
    is_something_untold,
    recordings_of_conferences,
    verdict_of,
)

DESCRIBED_WITHIN = timedelta(days=7)
"""What Drive has not told of a file by then is not waited for."""

LOST_AFTER = timedelta(hours=1)
"""The last look is handed over again if nothing came of it by then."""


@dataclass(frozen=True)
class Problem:
    """What hinders a look, as a code; a permanent one needs somebody to mend it."""

    code: str
    is_permanent: bool


def judged(
    meeting: Meeting, now: datetime, problem: Problem | None = None, is_all_done: bool = True
) -> Meeting:
    """Return the meeting as the evidence has it, and when to look again; idempotent.

    `problem` hinders what is still to be found out, or to be done; `is_all_done` is False while
    there is such a thing.
    """
    is_held = bool(meeting.conferences) and not is_live(meeting, now)
    finishes = is_held and now >= meeting.scheduled_end
    if finishes and MeetingStatus.FINISHED in TRANSITIONS[meeting.status]:
        meeting = meeting.replace(status=MeetingStatus.FINISHED)
    state, reason = verdict_of(meeting, now)
    word: str | None = reason
    if problem is not None and reason is None:
        word = problem.code
        if problem.is_permanent and state is RecordingSyncState.PENDING:
            state = RecordingSyncState.FAILED
    sync = meeting.recording_sync.replace(state=state, reason=word, attempts=0)
    meeting = meeting.replace(recording_sync=sync)
    if is_all_done and _is_settled(meeting, now):
        closes_at = meeting.scheduled_end + CLOSES_AFTER
        # Somebody may come back to the room: once more, when nobody is expected any longer.
        return _due(meeting, closes_at if now < closes_at else None)
    if is_live(meeting, now) and now < meeting.scheduled_end + CONFERENCES_LAST_AT_MOST:
        return _due(meeting, look_while_live_at(now, meeting.scheduled_end))
    if not is_all_done and now < meeting.scheduled_start - PREPARED_BEFORE:
        return _due(meeting, meeting.scheduled_start - PREPARED_BEFORE)
    return _on_the_ladder(meeting, now)


def unanswered(meeting: Meeting, now: datetime, problem: Problem) -> Meeting:
    """Return the meeting after a look that Google did not answer, to be looked at again.

    What was known already stays known.
    """
    sync = meeting.recording_sync
    state, reason = sync.state, sync.reason
    if _is_unsettled(sync):
        reason = problem.code
        if problem.is_permanent:
            state = RecordingSyncState.FAILED
        elif now >= meeting.scheduled_end and state is RecordingSyncState.WAITING:
            state = RecordingSyncState.PENDING
    sync = sync.replace(state=state, reason=reason, attempts=sync.attempts + 1)
    meeting = meeting.replace(recording_sync=sync)
    if now < meeting.scheduled_end and not problem.is_permanent:
        start, end = meeting.scheduled_start, meeting.scheduled_end
        return _due(meeting, look_while_unanswered_at(now, start, end))
    return _on_the_ladder(meeting, now)


def retold(meeting: Meeting, now: datetime) -> Meeting:
    """Return the meeting after an operator said something of its recordings.

    Whether there is one to watch is known by that alone, whatever Google was asked.
    """
    is_there = any(recording.available for recording in recordings_of_conferences(meeting))
    was_there = meeting.recording_sync.state is RecordingSyncState.AVAILABLE
    if is_there == was_there or now < meeting.scheduled_end:
        return meeting
    sync = meeting.recording_sync
    state, reason = (RecordingSyncState.AVAILABLE, None) if is_there else verdict_of(meeting, now)
    if state is RecordingSyncState.PENDING and sync.due_at is None:
        state, reason = RecordingSyncState.FAILED, RecordingReason.EXPIRED
    return meeting.replace(recording_sync=sync.replace(state=state, reason=reason))


def expecting_next_look(meeting: Meeting, now: datetime) -> Meeting:
    """Return the meeting after a look was handed over: due again only if that one is lost."""
    following = next_look_at(now, meeting.scheduled_start, ended_at(meeting))
    return _due(meeting, following or now + LOST_AFTER)


def _on_the_ladder(meeting: Meeting, now: datetime) -> Meeting:
    """Return the meeting due at the next step; after the last one it ends with a reason."""
    sync = meeting.recording_sync
    if now >= ended_at(meeting) + RECORDS_KEPT_FOR:
        if _is_unsettled(sync):
            sync = sync.replace(state=RecordingSyncState.FAILED, reason=RecordingReason.EXPIRED)
        return _due(meeting.replace(recording_sync=sync), None)
    is_in_doubt = _is_unsettled(sync) or is_something_untold(meeting)
    if now >= ended_at(meeting) + WARNED_AFTER and is_in_doubt:
        sync = sync.replace(warned_at=sync.warned_at or now)
    following = next_look_at(now, meeting.scheduled_start, ended_at(meeting))
    return _due(meeting.replace(recording_sync=sync), following)


def _due(meeting: Meeting, due_at: datetime | None) -> Meeting:
    return meeting.replace(recording_sync=meeting.recording_sync.replace(due_at=due_at))


def _is_settled(meeting: Meeting, now: datetime) -> bool:
    """Return whether nothing is expected to change, unless somebody comes back to the room."""
    if now < meeting.scheduled_end or is_live(meeting, now):
        return False
    if _is_unsettled(meeting.recording_sync):
        return False
    if is_something_untold(meeting) or any(c.attendees is None for c in meeting.conferences):
        return False
    recordings = recordings_of_conferences(meeting)
    # A file that was deleted may be restored for a month.
    if any(r.state is RecordingState.MISSING or r.not_found_at for r in recordings):
        return False
    is_waited_for = now < ended_at(meeting) + DESCRIBED_WITHIN
    found = [r for r in recordings if r.available and r.is_googles]
    return not is_waited_for or all(r.is_described for r in found)


def _is_unsettled(sync: RecordingSync) -> bool:
    return sync.state not in (RecordingSyncState.AVAILABLE, RecordingSyncState.ABSENT)
