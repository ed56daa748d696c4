"""What is done with a recording once it is there: by the look, each part saved by itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.errors import RetryableError
from functions.models import Meeting, Recording, RecordingState
from functions.sync_recording import FOLLOW_UPS_AT_MOST
from infra.recording_sharing import RecordingSharer
from tests.sync_recording.test_deaths import Death, Killed, mortal
from tests.sync_recording.world import DAY, END, HOUR, SOON, START, World, verdict
from tests.workspace_double.double import DRIVE, SERVICE_ACCOUNT

ARCHIVE, AUDIT = "archive@clinica.com", "audit@clinica.com"
CREATE = "drive.permissions.create"


@pytest.fixture
def sharing(world: World) -> Iterator[World]:
    """A world whose recordings are shared with two accounts for a month."""
    for email in (ARCHIVE, AUDIT):
        world.double.add_user(email)
    world.double.delegate(SERVICE_ACCOUNT, [DRIVE])
    sharer = RecordingSharer(
        world.mailboxes, (ARCHIVE, AUDIT), 30 * DAY, world.now, world.double.drive_endpoint
    )
    world.recordings = replace(world.recordings, follow_ups=(sharer,))
    yield world


def a_recorded(world: World) -> Meeting:
    meeting = world.meeting()
    world.double.record(world.hold(meeting), START, END)
    return meeting


def test_every_recording_is_shared_once_with_everybody(sharing: World) -> None:
    meeting = a_recorded(sharing)

    sharing.run_until(END + 3 * HOUR)

    assert [r.shared_with for r in sharing.get(meeting).recordings] == [(ARCHIVE, AUDIT)]
    assert sharing.double.count(CREATE) == 2
    assert sharing.get(meeting).recording_sync.due_at is None


def test_each_call_is_told_once_in_the_journal(sharing: World) -> None:
    meeting = a_recorded(sharing)

    sharing.look(meeting, SOON)

    entries = sharing.store.journal(meeting.id, 100, None).items
    calls = [c.method for e in entries if e.by == "sync_recording" for c in e.google_calls]
    assert calls.count("permissions.create") == 2
    assert calls.count("conferenceRecords.list") == 1


def test_it_is_not_shared_before_it_is_there(sharing: World) -> None:
    meeting = sharing.meeting()
    sharing.double.record(sharing.hold(meeting), START, END, ready_at=END + HOUR)

    sharing.look(meeting, SOON)

    assert sharing.double.count(CREATE) == 0


def test_a_missing_scope_leaves_all_else_as_it_is_and_heals(sharing: World) -> None:
    sharing.double.revoke(SERVICE_ACCOUNT, [DRIVE])
    meeting = a_recorded(sharing)
    sharing.run_until(END + 3 * DAY)
    blocked = sharing.get(meeting)
    sharing.double.delegate(SERVICE_ACCOUNT, [DRIVE])

    sharing.run_until(END + 5 * DAY)

    assert verdict(blocked) == ("AVAILABLE", "sharing_scope_missing")
    assert len(sharing.kinds(meeting)) < 8
    assert verdict(sharing.get(meeting)) == ("AVAILABLE", None)
    assert [r.shared_with for r in blocked.recordings] == [()]
    assert [r.shared_with for r in sharing.get(meeting).recordings] == [(ARCHIVE, AUDIT)]


def test_what_google_does_not_answer_is_left_to_the_queue(sharing: World) -> None:
    meeting = a_recorded(sharing)
    sharing.double.faults.add(method=CREATE, status=503, skip=1)

    with pytest.raises(RetryableError):
        sharing.look(meeting, SOON)

    assert [r.shared_with for r in sharing.get(meeting).recordings] == [(ARCHIVE,)]
    sharing.look(meeting)
    assert [r.shared_with for r in sharing.get(meeting).recordings] == [(ARCHIVE, AUDIT)]


def test_a_worker_that_dies_at_any_step_of_sharing_leaves_nobody_out(sharing: World) -> None:
    meeting = a_recorded(sharing)
    immortal, before = sharing.recordings, sharing.get(meeting)
    whole = Death()
    sharing.recordings = mortal(immortal, whole)
    sharing.look(meeting, SOON)
    assert whole.steps > 12

    for step in range(1, whole.steps + 1):
        sharing.store.save(sharing.store.get(meeting.id), before)
        sharing.recordings = mortal(immortal, Death(step))
        with pytest.raises(Killed):
            sharing.look(meeting)
        sharing.recordings = immortal

        [recording] = sharing.look(meeting).recordings

        assert recording.shared_with == (ARCHIVE, AUDIT), f"died at step {step}"


class Slow:
    """Has a hundred parts, each of which takes ten seconds."""

    method = "objects.insert"

    def __init__(self, world: World) -> None:
        self._world = world
        self.parts = 0

    def is_done(self, recording: Recording) -> bool:
        return self.parts == 100

    def advance(self, meeting: Meeting, recording: Recording) -> Recording:
        self._world.time += timedelta(seconds=10)
        self.parts += 1
        return recording


def test_a_long_one_is_done_in_several_tasks(world: World) -> None:
    slow = Slow(world)
    world.recordings = replace(world.recordings, follow_ups=(slow,))
    meeting = a_recorded(world)

    with pytest.raises(RetryableError) as raised:
        world.look(meeting, SOON)

    assert raised.value.code == "out_of_time"
    assert world.time <= SOON + FOLLOW_UPS_AT_MOST + timedelta(seconds=10)
    assert verdict(world.get(meeting)) == ("AVAILABLE", None)


def test_somebody_elses_file_is_left_alone(sharing: World) -> None:
    meeting = sharing.meeting()
    sharing.hold(meeting)
    registered = Recording(
        id="f" * 32,
        state=RecordingState.AVAILABLE,
        drive_file_id="somebody-elses",
        created_at=END,
        registered_by="ana@clinica.com",
    )
    stored = sharing.store.get(meeting.id)
    sharing.store.save(stored, stored.meeting.replace(recordings=(registered,)))

    sharing.run_until(END + DAY)

    assert sharing.double.count(CREATE) == 0
    assert sharing.get(meeting).recording_sync.due_at is None
