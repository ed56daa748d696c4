"""Have Google asked for recordings, and register by hand what its own record does not tell."""

from collections.abc import Mapping
from typing import Any

from functions import meeting_tasks
from functions.errors import Fault, InvalidRequest, Refused
from functions.evidence import retold
from functions.models import (
    MAX_RECORDINGS,
    CalendarState,
    EntryKind,
    Meeting,
    Recording,
    RecordingState,
    RecordingSyncState,
)
from functions.ports import TaskQueue
from functions.writing import Change, Intent, MeetingWriter, differences

ABSENCES = {
    RecordingSyncState.WAITING: "recording_pending",
    RecordingSyncState.PENDING: "recording_pending",
    RecordingSyncState.AVAILABLE: "recording_absent",
    RecordingSyncState.ABSENT: "recording_absent",
    RecordingSyncState.FAILED: "recording_failed",
}


def request_look(
    writer: MeetingWriter, queue: TaskQueue, meeting_id: str, intent: Intent
) -> Meeting:
    """Have Google Meet asked about a meeting at once, also where all was known or given up.

    Raises:
        MeetingNotFound: there is no such meeting.
        Refused: Meet has nothing to tell of it: cancelled, without a room, or yet to begin.
    """
    due_at = writer.now()

    def requested(meeting: Meeting) -> Change:
        has_room = meeting.meeting_code is not None and not meeting.is_cancelled
        if not has_room or meeting.scheduled_start > due_at:
            raise Refused("nothing_to_look_at")
        sync = meeting.recording_sync.replace(due_at=due_at)
        changed = meeting.replace(recording_sync=sync, updated_at=due_at)
        return Change(changed, EntryKind.RECORDINGS_REQUESTED)

    meeting = writer.change(meeting_id, intent, requested)
    meeting_tasks.try_to(lambda: meeting_tasks.enqueue_look(queue, meeting, due_at), meeting)
    return meeting


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

    From then on its word counts for more than Google's.

    Raises:
        MeetingNotFound: there is no such meeting.
        InvalidRequest: it would end before it starts.
        Refused: it has no such recording.
    """

    def changed(meeting: Meeting) -> Change | None:
        before = meeting.get_recording(recording_id)
        after = before.replace(**changes)
        _check_span(after)
        if after == before:
            return None
        after = after.replace(changed_by=intent.by)
        recordings = tuple(after if r.id == recording_id else r for r in meeting.recordings)
        result = _with(writer, meeting, recordings)
        details = {"recording_id": recording_id, **differences(before, after, changes)}
        return Change(result, EntryKind.RECORDING_CHANGED, details)

    return writer.change(meeting_id, intent, changed)


def remove(writer: MeetingWriter, meeting_id: str, recording_id: str, intent: Intent) -> Meeting:
    """Forget a recording, also for looks to come; its file stays where it is.

    Raises:
        MeetingNotFound: there is no such meeting.
        Refused: it has no such recording.
    """

    def removed(meeting: Meeting) -> Change:
        recording = meeting.get_recording(recording_id)
        others = tuple(r for r in meeting.recordings if r.id != recording_id)
        names = (recording.recording_name, recording.drive_file_id)
        removed = (*meeting.removed_recordings, *(name for name in names if name is not None))
        return Change(
            _with(writer, meeting.replace(removed_recordings=removed), others),
            EntryKind.RECORDING_REMOVED,
            {"recording_id": recording_id},
        )

    return writer.change(meeting_id, intent, removed)


def _with(writer: MeetingWriter, meeting: Meeting, recordings: tuple[Recording, ...]) -> Meeting:
    if len(recordings) > MAX_RECORDINGS:
        raise Refused("too_many_recordings")
    files = [r.drive_file_id for r in recordings if r.drive_file_id is not None]
    if len(set(files)) < len(files):
        raise Refused("recording_exists")
    now = writer.now()
    return retold(meeting.replace(recordings=recordings, updated_at=now), now)


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
    sync = meeting.recording_sync
    is_given_up = sync.state is RecordingSyncState.FAILED and sync.due_at is None
    if not is_given_up and any(r.state is RecordingState.PROCESSING for r in meeting.recordings):
        raise Refused("recording_pending", reason="still_processing")
    if meeting.meeting_code is None and meeting.calendar.state is CalendarState.FAILED:
        raise Refused("recording_absent", reason="no_room")
    code, reason = ABSENCES[sync.state], sync.reason
    if reason is None and meeting.recordings and code == "recording_absent":
        reason = "file_deleted"
    raise Refused(code, **({"reason": reason} if reason else {}))
