"""Five hundred appointments with mixed fates: what is known at the end is what took place."""

import random
from datetime import datetime, timedelta
from typing import Any

from functions.models import Meeting
from tests.sync_recording.world import BOTH, DAY, DOCTOR, HOUR, MINUTE, World
from tests.values import NOW
from tests.workspace_double.held import NEVER, Conference

MEETINGS = 500
READY_AFTER = (timedelta(0), 3 * MINUTE, HOUR, 20 * HOUR, 9 * DAY, None)
LIKELY = (40, 40, 20, 5, 1, 1)


def live_through(world: World, meeting: Meeting, chance: random.Random) -> None:
    """Hold, record and delete as chance has it; all of it is told to the double ahead."""
    for _ in range(chance.choice((0, 1, 1, 1, 2))):
        began = meeting.scheduled_start + chance.randint(-50, 100) * MINUTE
        ended = began + chance.randint(1, 120) * MINUTE
        conference = world.hold(meeting, began, ended, chance.choice((BOTH, (DOCTOR,))))
        for _ in range(chance.choice((0, 1, 1, 2))):
            record(world, conference, ended, chance)


def record(world: World, conference: Conference, ended: datetime, chance: random.Random) -> None:
    ready_after = chance.choices(READY_AFTER, LIKELY)[0]
    ready_at = NEVER if ready_after is None else ended + ready_after
    recorded = world.double.record(
        conference,
        conference.started,
        ended,
        ready_at=ready_at,
        video_ready_at=NEVER if ready_after is None else ready_at + chance.choice((0, 1)) * HOUR,
    )
    if chance.random() < 0.2:
        lose = chance.choice((world.double.trash_file, world.double.delete_file))
        lose(recorded.file.id, ended)


def truth(world: World, meeting: Meeting) -> dict[str, Any]:
    """Tell what took place from the double alone."""
    held = [c for c in world.double.meet.conferences if c.space.code == meeting.meeting_code]
    recorded = [r for c in held for r in c.recordings]
    files = {
        r.name: "PROCESSING"
        if r.ready_at == NEVER
        else "MISSING"
        if r.file.trashed_at or r.file.deleted_at
        else "AVAILABLE"
        for r in recorded
    }
    states = set(files.values())
    state: tuple[str, str | None]
    if "PROCESSING" in states:
        state = ("FAILED", "expired")
    elif "AVAILABLE" in states:
        state = ("AVAILABLE", None)
    elif files:
        state = ("ABSENT", "file_deleted")
    else:
        state = ("ABSENT", "not_recorded" if held else "never_held")
    return {
        "status": "FINISHED" if held else "SCHEDULED",
        "state": state,
        "conferences": sorted(c.name for c in held),
        "recordings": files,
    }


def known(meeting: Meeting) -> dict[str, Any]:
    sync = meeting.recording_sync
    return {
        "status": meeting.status,
        "state": (sync.state, sync.reason),
        "conferences": sorted(c.name for c in meeting.conferences),
        "recordings": {r.recording_name: r.state for r in meeting.recordings},
    }


def test_the_end_states_are_what_the_workspace_holds(world: World) -> None:
    chance = random.Random(6)
    meetings = []
    for _ in range(MEETINGS):
        start = NOW + chance.randint(2, 600) * MINUTE
        meeting = world.meeting(scheduled_start=start, scheduled_end=start + 30 * MINUTE)
        live_through(world, meeting, chance)
        meetings.append(meeting)
    for _ in range(200):
        method = chance.choice(("meet.conferenceRecords.list", "drive.files.get", None))
        world.double.faults.add(
            method=method, skip=chance.randint(0, 4000), status=chance.choice((429, 500, 503))
        )

    world.run_until(NOW + 45 * DAY, late_by=15 * MINUTE)

    for meeting in meetings:
        found = world.get(meeting)
        assert known(found) == truth(world, found)
        assert found.recording_sync.due_at is None
        assert all(c.attendees is not None for c in found.conferences)
    assert len({str(truth(world, m)["state"]) for m in meetings}) == 5
