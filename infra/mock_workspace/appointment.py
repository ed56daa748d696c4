"""What takes place at the time of a meeting: who comes, for how long, and what is recorded."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.models import Meeting
from infra.mock_workspace.scripts import Play, Script, play_of

READY_AFTER = timedelta(seconds=10)
SHORT_AT_MOST = timedelta(minutes=1)


@dataclass(frozen=True)
class SimulatedRecording:
    name: str
    drive_file_id: str
    started_at: datetime
    ended_at: datetime
    ready_at: datetime | None
    """None: Google never makes the file."""


@dataclass(frozen=True)
class SimulatedConference:
    """One call; the organizer stays to its end."""

    name: str
    started_at: datetime
    ended_at: datetime
    guest_left_at: datetime | None
    """None: no guest ever came."""

    recordings: tuple[SimulatedRecording, ...]


def conferences_of(meeting: Meeting) -> tuple[SimulatedConference, ...]:
    """Return every conference that the meeting has had or will have, the oldest first.

    A meeting that is moved has others.

    Raises:
        PermanentError: the external_reference is no script, but begins as one.
    """
    play = play_of(meeting)
    if play.script is Script.NOT_HELD:
        return ()
    started_at, ended_at = meeting.scheduled_start, meeting.scheduled_end
    if play.script is Script.EARLY:
        # Nobody enters a room before it is made.
        started_at = max(started_at - timedelta(seconds=play.number), meeting.created_at)
    if play.script is Script.RUNS_LONG:
        ended_at += timedelta(seconds=play.number)
    calls = [(started_at, ended_at)]
    if play.script is Script.REJOINED:
        third = (ended_at - started_at) / 3
        calls = [(started_at, started_at + third), (ended_at - third, ended_at)]
    return tuple(_conference(meeting, play, *call) for call in calls)


def _conference(
    meeting: Meeting, play: Play, started_at: datetime, ended_at: datetime
) -> SimulatedConference:
    name = f"conferenceRecords/{_id(meeting.id, started_at)}"
    takes = [(started_at, ended_at)]
    if play.script is Script.NOT_RECORDED:
        takes = []
    if play.script is Script.RECORDED_TWICE:
        middle = started_at + (ended_at - started_at) / 2
        takes = [(started_at, middle), (middle, ended_at)]
    return SimulatedConference(
        name=name,
        started_at=started_at,
        ended_at=ended_at,
        guest_left_at=_guest_left_at(meeting, play, started_at, ended_at),
        recordings=tuple(_recording(name, play, *take) for take in takes),
    )


def _guest_left_at(
    meeting: Meeting, play: Play, started_at: datetime, ended_at: datetime
) -> datetime | None:
    if play.script is Script.ALONE or not meeting.guest_emails:
        return None
    if play.script is Script.SHORT:
        return started_at + min(SHORT_AT_MOST, (ended_at - started_at) / 10)
    return ended_at


def _recording(
    conference: str, play: Play, started_at: datetime, ended_at: datetime
) -> SimulatedRecording:
    ready_after = READY_AFTER
    if play.script is Script.RECORDED_LATE:
        ready_after = timedelta(seconds=play.number)
    recording_id = _id(conference, started_at)
    return SimulatedRecording(
        name=f"{conference}/recordings/{recording_id}",
        drive_file_id=f"simulated-{recording_id}",
        started_at=started_at,
        ended_at=ended_at,
        ready_at=None if play.script is Script.NEVER_READY else ended_at + ready_after,
    )


def _id(of: str, started_at: datetime) -> str:
    seed = f"{of}/{started_at.isoformat()}"
    return hashlib.sha256(seed.encode()).hexdigest()[:24]
