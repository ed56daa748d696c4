"""Put what Google Meet and Drive tell into a meeting: by resource names, so that once is twice.

Nothing that was known is lost where Google no longer tells of it: its records vanish.
"""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from functions.models import (
    DRIVE_FILE_URL,
    MAX_RECORDINGS,
    ConferenceRecord,
    DriveFile,
    Meeting,
    MeetRecording,
    Recording,
    RecordingState,
)
from functions.models.looks import OPENS_BEFORE, RECORDING_TOLD_AFTER

logger = logging.getLogger(__name__)

FILE_EXPECTED_WITHIN = timedelta(days=1)
"""A file that Drive never had until then was deleted."""

SAID_AGAIN_AFTER = timedelta(minutes=1)


def with_conferences(
    meeting: Meeting, listed: Iterable[ConferenceRecord], now: datetime
) -> Meeting:
    """Return the meeting with these of the conferences that are its own, and no other lasting one.

    One that was over before the room opened is none of this meeting's.
    """
    opens_at = meeting.scheduled_start - OPENS_BEFORE
    known = {
        # One that lasted, and that Meet no longer tells of, lasts no more.
        c.name: c if c.ended_at is not None else c.replace(ended_at=now)
        for c in meeting.conferences
    }
    for conference in listed:
        if conference.ended_at is None or conference.ended_at >= opens_at:
            before = known.get(conference.name)
            # What was told of one that has another end by now is told anew.
            is_same = before is not None and before.ended_at == conference.ended_at
            known[conference.name] = before if before and is_same else conference
    ordered = sorted(known.values(), key=lambda c: (c.started_at, c.name))
    return meeting.replace(conferences=tuple(ordered))


def with_recordings(
    meeting: Meeting, name: str, listed: Sequence[MeetRecording], now: datetime
) -> Meeting:
    """Return the meeting with the recordings of the conference of this name, which is over.

    One that an operator registered is recognized; what an operator changed or removed stays so.
    """
    recordings = list(meeting.recordings)
    for found in listed:
        if {found.name, found.drive_file_id} & set(meeting.removed_recordings):
            continue
        same = [r for r in recordings if _is_same(r, found)]
        if not same and len(recordings) >= MAX_RECORDINGS:
            logger.warning("too many recordings", extra={"meeting_id": meeting.id})
            continue
        if not same:
            same = [Recording(id=_id_of(found), state=RecordingState.PROCESSING, created_at=now)]
            recordings += same
        # The one that was there first, so that nobody's reference to it breaks.
        kept = min(same, key=lambda r: (r.registered_by is None, r.created_at))
        recordings = [r for r in recordings if r is kept or r not in same]
        recordings[recordings.index(kept)] = _updated(kept, found)
    conferences = tuple(
        c.replace(are_recordings_told=_is_told(c, listed, now)) if c.name == name else c
        for c in meeting.conferences
    )
    return meeting.replace(recordings=tuple(recordings), conferences=conferences)


def with_recording(meeting: Meeting, changed: Recording) -> Meeting:
    recordings = (changed if r.id == changed.id else r for r in meeting.recordings)
    return meeting.replace(recordings=tuple(recordings))


def described(recording: Recording, file: DriveFile | None, now: datetime) -> Recording:
    """Return the recording as Drive has its file; None: it has none, or none yet."""
    if file is None:
        return _not_found(recording, now)
    if file.is_trashed:
        return recording.replace(state=RecordingState.MISSING, not_found_at=None)
    return recording.replace(
        state=RecordingState.AVAILABLE,
        not_found_at=None,
        url=file.url or recording.url,
        size_bytes=_latest(file.size_bytes, recording.size_bytes),
        duration_seconds=_latest(file.duration_seconds, recording.duration_seconds),
    )


def _not_found(recording: Recording, now: datetime) -> Recording:
    if recording.state is RecordingState.MISSING:
        return recording
    if recording.size_bytes is None:
        # Drive never had it: what Meet says of it is not enough to watch it.
        recording = recording.replace(state=RecordingState.PROCESSING)
        if now < (recording.ended_at or recording.created_at) + FILE_EXPECTED_WITHIN:
            return recording
    if recording.not_found_at is None:
        return recording.replace(not_found_at=now)
    is_said_again = now >= recording.not_found_at + SAID_AGAIN_AFTER
    return recording.replace(state=RecordingState.MISSING) if is_said_again else recording


def _is_told(conference: ConferenceRecord, listed: Sequence[MeetRecording], now: datetime) -> bool:
    """Return whether this is all that Meet will ever list: right after the end nothing is."""
    is_late = conference.ended_at is not None and now >= conference.ended_at + RECORDING_TOLD_AFTER
    return conference.are_recordings_told or bool(listed) or is_late


def _is_same(recording: Recording, found: MeetRecording) -> bool:
    is_its_file = found.drive_file_id is not None and recording.drive_file_id == found.drive_file_id
    return recording.recording_name == found.name or is_its_file


def _updated(recording: Recording, found: MeetRecording) -> Recording:
    if recording.changed_by is None:
        recording = recording.replace(
            recording_name=found.name,
            started_at=found.started_at or recording.started_at,
            ended_at=found.ended_at or recording.ended_at,
        )
    is_new = recording.drive_file_id is None
    if not is_new or not found.is_generated or found.drive_file_id is None:
        # Of a file that is known Drive tells, and not Meet, which has deleted ones too.
        return recording
    is_awaited = recording.state is RecordingState.PROCESSING
    return recording.replace(
        state=RecordingState.AVAILABLE if is_awaited else recording.state,
        drive_file_id=found.drive_file_id,
        url=recording.url or found.url or DRIVE_FILE_URL.format(drive_file_id=found.drive_file_id),
    )


def _id_of(found: MeetRecording) -> str:
    """Return the same id for the same recording, whoever finds it and however often."""
    return hashlib.sha256(found.name.encode()).hexdigest()[:32]


def _latest(told: int | None, known: int | None) -> int | None:
    return known if told is None else told
