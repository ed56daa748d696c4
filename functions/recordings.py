"""Register recordings by hand, for what Google's own record does not tell."""

from collections.abc import Mapping
from typing import Any

from functions.errors import Fault, InvalidRequest, Refused
from functions.models import EntryKind, Meeting, Recording, RecordingState, RecordingSyncState
from functions.writing import Change, Intent, MeetingWriter, differences

MAX_RECORDINGS = 100

ABSENCES = {
    RecordingSyncState.WAITING: "recording_pending",
    RecordingSyncState.PENDING: "recording_pending",
    RecordingSyncState.AVAILABLE: "recording_absent",
    RecordingSyncState.ABSENT: "recording_absent",
    RecordingSyncState.FAILED: "recording_failed",
}


def register(
    writer: MeetingWriter, meeting_id: str, recording: Recording, intent: Intent
) -> Meeting:
    """Add a recording that an operator knows of.

    Raises:
        MeetingNotFound: there is no such meeting.
        InvalidRequest: it ends before it starts.
        Refused: the meeting has one of this Drive file, or too many.
    """
    _check_span(recording)

    def registered(meeting: Meeting) -> Change:
        return Change(
            _with(writer, meeting, (*meeting.recordings, recording)),
            EntryKind.RECORDING_REGISTERED,
            {"recording_id": recording.id, "state": recording.state},
            recording.id,
        )

    return writer.change(meeting_id, intent, registered)


def change(
    writer: MeetingWriter,
    meeting_id: str,
    recording_id: str,
    changes: Mapping[str, Any],
    intent: Intent,
) -> Meeting:
    """Change what is known of a recording; one that changes nothing does nothing.

    Raises:
        MeetingNotFound: there is no such meeting.
        InvalidRequest: it would end before it starts.
        Refused: it has no such recording.
    """

    def changed(meeting: Meeting) -> Change | None:
        before = meeting.get_recording(recording_id)
        after = before.replace(**changes)
        _check_span(after)
        recordings = tuple(after if r.id == recording_id else r for r in meeting.recordings)
        result = _with(writer, meeting, recordings)
        details = {"recording_id": recording_id, **differences(before, after, changes)}
        return None if after == before else Change(result, EntryKind.RECORDING_CHANGED, details)

    return writer.change(meeting_id, intent, changed)


def remove(writer: MeetingWriter, meeting_id: str, recording_id: str, intent: Intent) -> Meeting:
    """Forget a recording; its file stays where it is.

    Raises:
        MeetingNotFound: there is no such meeting.
        Refused: it has no such recording.
    """

    def removed(meeting: Meeting) -> Change:
        meeting.get_recording(recording_id)
        others = tuple(r for r in meeting.recordings if r.id != recording_id)
        return Change(
            _with(writer, meeting, others),
            EntryKind.RECORDING_REMOVED,
            {"recording_id": recording_id},
        )

    return writer.change(meeting_id, intent, removed)


def _with(writer: MeetingWriter, meeting: Meeting, recordings: tuple[Recording, ...]) -> Meeting:
    if len(recordings) > MAX_RECORDINGS:
        raise Refused("too_many_recordings")
    files = [recording.drive_file_id for recording in recordings]
    if len(set(files)) < len(files):
        raise Refused("recording_exists")
    return meeting.replace(recordings=recordings, updated_at=writer.now())


def _check_span(recording: Recording) -> None:
    started_at, ended_at = recording.started_at, recording.ended_at
    if started_at is not None and ended_at is not None and ended_at < started_at:
        message = "The end must not be before the start."
        raise InvalidRequest([Fault("/ended_at", "reversed_times", message)])


def newest_available(meeting: Meeting) -> Recording:
    """Return the newest recording that can be watched; raises Refused with why there is none."""
    if meeting.recording is not None:
        return meeting.recording
    if meeting.is_cancelled:
        raise Refused("recording_absent", reason="cancelled")
    if any(r.state is RecordingState.PROCESSING for r in meeting.recordings):
        raise Refused("recording_pending", reason="still_processing")
    code, reason = ABSENCES[meeting.recording_sync.state], meeting.recording_sync.reason
    if reason is None and meeting.recordings and code == "recording_absent":
        reason = "file_deleted"
    raise Refused(code, **({"reason": reason} if reason else {}))
