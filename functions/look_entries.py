"""What the journal tells of a look at a meeting."""

from typing import Any

from functions.models import EntryKind, Meeting, RecordingReason, RecordingSyncState
from functions.writing import differences

Told = tuple[EntryKind, dict[str, Any]]


def entry_of(before: Meeting, after: Meeting) -> Told | None:
    """Return kind and details of the entry; None where nothing worth telling came of the look."""
    details = {
        **differences(before, after, ("status", "access_type", "auto_recording")),
        **differences(before.recording_sync, after.recording_sync, ("state", "reason")),
    }
    known = {recording.id: recording for recording in before.recordings}
    recordings = [
        {"recording_id": recording.id, "state": recording.state}
        for recording in after.recordings
        if recording != known.get(recording.id)
    ]
    if recordings:
        details["recordings"] = recordings
    conferences = [
        {"conference_record": c.name, "started_at": c.started_at, "ended_at": c.ended_at}
        for c in after.conferences
        if c not in before.conferences
    ]
    if conferences:
        details["conferences"] = conferences
    if after.recording_sync.warned_at != before.recording_sync.warned_at:
        return EntryKind.RECORDINGS_EXPIRING, details
    return (_kind(before, after), details) if details else None


def _kind(before: Meeting, after: Meeting) -> EntryKind:
    sync = after.recording_sync
    if after.status is not before.status:
        return EntryKind.MEETING_FINISHED
    if sync.state is RecordingSyncState.FAILED or sync.attempts > 0:
        return EntryKind.RECORDINGS_FAILED
    is_new = sync.reason != before.recording_sync.reason
    if sync.reason == RecordingReason.NOT_STARTED and is_new:
        return EntryKind.MEETING_NOT_STARTED
    return EntryKind.RECORDINGS_SYNCED
