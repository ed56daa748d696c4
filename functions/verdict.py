"""Whether a meeting took place and what became of its recordings, by what Google Meet told.

Pure: the meeting carries the evidence, its conferences and recordings.
"""

from datetime import datetime

from functions.models import (
    Meeting,
    Recording,
    RecordingReason,
    RecordingState,
    RecordingSyncState,
    SettingOutcome,
)
from functions.models.looks import (
    CLOSES_AFTER,
    NOT_STARTED_AFTER,
    OPENS_BEFORE,
    RECORDS_KEPT_FOR,
)

Verdict = tuple[RecordingSyncState, RecordingReason | None]


def is_live(meeting: Meeting, now: datetime) -> bool:
    """Return whether somebody is in the room, as far as Meet can still tell."""
    return any(
        conference.ended_at is None and now < conference.started_at + RECORDS_KEPT_FOR
        for conference in meeting.conferences
    )


def ended_at(meeting: Meeting) -> datetime:
    """Return the end of the appointment, or of the last conference where that was later."""
    ends = [c.ended_at for c in meeting.conferences if c.ended_at is not None]
    return max((meeting.scheduled_end, *ends))


def is_something_untold(meeting: Meeting) -> bool:
    """Return whether Meet has yet to tell of some conference's recordings."""
    return any(not conference.are_recordings_told for conference in meeting.conferences)


def recordings_of_conferences(meeting: Meeting) -> list[Recording]:
    """Return the recordings without those of conferences that are the meeting's no longer."""
    names = {conference.name for conference in meeting.conferences}
    return [r for r in meeting.recordings if r.conference_record in {"", *names}]


def verdict_of(meeting: Meeting, now: datetime) -> Verdict:
    """Return what is known of the recordings, and why there is none."""
    if now < meeting.scheduled_end:
        return RecordingSyncState.WAITING, _not_started(meeting, now)
    states = {recording.state for recording in recordings_of_conferences(meeting)}
    if RecordingState.PROCESSING in states:
        return RecordingSyncState.PENDING, RecordingReason.STILL_PROCESSING
    if any(conference.ended_at is None for conference in meeting.conferences):
        return RecordingSyncState.PENDING, None
    if RecordingState.AVAILABLE in states:
        return RecordingSyncState.AVAILABLE, None
    if is_something_untold(meeting):
        return RecordingSyncState.PENDING, None
    if states:
        return RecordingSyncState.ABSENT, RecordingReason.FILE_DELETED
    if meeting.conferences:
        return RecordingSyncState.ABSENT, _not_recorded(meeting)
    return _not_held(meeting, now)


def _not_started(meeting: Meeting, now: datetime) -> RecordingReason | None:
    has_come = any(
        conference.ended_at is None or conference.ended_at > meeting.scheduled_start
        for conference in meeting.conferences
    )
    is_late = now >= meeting.scheduled_start + NOT_STARTED_AFTER
    return RecordingReason.NOT_STARTED if is_late and not has_come else None


def _not_recorded(meeting: Meeting) -> RecordingReason:
    if meeting.removed_recordings:
        return RecordingReason.FORGOTTEN
    # Of the wish for automatic recording Google refuses what the edition does not have.
    if meeting.auto_recording is SettingOutcome.REFUSED:
        return RecordingReason.EDITION_WITHOUT_RECORDING
    return RecordingReason.NOT_RECORDED


def _not_held(meeting: Meeting, now: datetime) -> Verdict:
    if now < meeting.scheduled_end + CLOSES_AFTER:
        return RecordingSyncState.PENDING, RecordingReason.NOT_STARTED
    was_told = meeting.recording_sync.state is RecordingSyncState.ABSENT
    if now >= meeting.scheduled_start - OPENS_BEFORE + RECORDS_KEPT_FOR and not was_told:
        # What was held may have vanished from Meet already.
        return RecordingSyncState.FAILED, RecordingReason.EXPIRED
    return RecordingSyncState.ABSENT, RecordingReason.NEVER_HELD
