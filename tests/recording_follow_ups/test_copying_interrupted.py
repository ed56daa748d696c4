"""A copy that was broken off goes on where the session is, in whatever process."""

from datetime import timedelta

import pytest

from functions.errors import RetryableError
from functions.models import Recording
from infra.cloud_storage import PIECE_BYTES
from tests.cloud_storage_double.double import BEGIN, GET, PUT
from tests.cloud_storage_double.uploads import Cut
from tests.recording_follow_ups.world import BUCKET, GET_FILE, World

CHUNKS = 4
SIZE = CHUNKS * PIECE_BYTES - 10


def begun(world: World) -> Recording:
    return world.copier().advance(world.meeting, world.record(size=SIZE))


def break_off(world: World, recording: Recording) -> None:
    """Let an advance end midway; of it nothing is kept but what Google has."""
    with pytest.raises(RetryableError):
        world.copier().advance(world.meeting, recording)


@pytest.mark.parametrize("sent", range(CHUNKS))
def test_between_any_two_chunks(world: World, sent: int) -> None:
    recording = begun(world)
    # Drive is asked what the file is, then for each chunk.
    world.workspace.faults.add(method=GET_FILE, skip=1 + sent, status=503)
    break_off(world, recording)
    assert len(world.storage.uploads.chunks) == sent

    world.assert_copied(world.finish(world.copier(), recording))

    assert len(world.storage.uploads.chunks) == CHUNKS


@pytest.mark.parametrize("lost", range(1 + CHUNKS))
def test_at_the_answer_to_any_chunk(world: World, lost: int) -> None:
    recording = begun(world)
    # The first is the answer to the question how much the session has.
    world.storage.faults.add(method=PUT, skip=lost, lose_answer=True, times=5)
    break_off(world, recording)
    world.storage.faults.clear()
    calls = world.storage.calls.count(PUT)

    world.assert_copied(world.finish(world.copier(), recording))

    assert world.storage.calls.count(PUT) - calls == 1 + CHUNKS - lost
    assert world.storage.calls.count(BEGIN) == 1


def test_at_the_look_at_the_finished_object(world: World) -> None:
    recording = begun(world)
    world.storage.faults.add(method=GET, status=503)
    break_off(world, recording)

    world.assert_copied(world.finish(world.copier(), recording))

    assert len(world.storage.uploads.chunks) == CHUNKS


def test_before_the_session_was_saved(world: World) -> None:
    recording = begun(world)

    world.assert_copied(world.finish(world.copier(), recording.replace(copy_of_file=None)))

    assert world.storage.calls.count(BEGIN) == 2


def test_before_the_end_was_saved(world: World) -> None:
    recording = begun(world)
    world.finish(world.copier(), recording)

    world.assert_copied(world.finish(world.copier(), recording))
    world.assert_copied(world.finish(world.copier(), recording.replace(copy_of_file=None)))

    assert len(world.storage.uploads.chunks) == CHUNKS


@pytest.mark.parametrize("is_answered", [True, False])
def test_in_the_middle_of_a_chunk(world: World, is_answered: bool) -> None:
    recording = world.copier(4 * PIECE_BYTES).advance(world.meeting, world.record(size=SIZE))
    world.storage.uploads.cuts.append(Cut(2 * PIECE_BYTES + 1, is_answered))
    if not is_answered:
        break_off_whole(world, recording)

    world.assert_copied(world.finish(world.copier(4 * PIECE_BYTES), recording))

    assert world.storage.uploads.chunks == [
        (0, SIZE),
        (2 * PIECE_BYTES, SIZE - 2 * PIECE_BYTES),
    ]


def break_off_whole(world: World, recording: Recording) -> None:
    with pytest.raises(RetryableError):
        world.copier(4 * PIECE_BYTES).advance(world.meeting, recording)


def test_when_all_had_come_and_the_object_was_not_made_yet(world: World) -> None:
    recording = world.copier().advance(world.meeting, world.record(size=2 * PIECE_BYTES))
    world.storage.uploads.cuts += [Cut(PIECE_BYTES, True), Cut(PIECE_BYTES, False)]
    break_off(world, recording)

    world.assert_copied(world.finish(world.copier(), recording))

    assert world.storage.uploads.chunks == [(0, PIECE_BYTES), (PIECE_BYTES, PIECE_BYTES)]


@pytest.mark.parametrize("status", [404, 410])
def test_a_session_that_is_gone_is_begun_anew(world: World, status: int) -> None:
    recording = begun(world)
    world.storage.uploads.lost_status = status
    world.time += timedelta(days=7)

    world.assert_copied(world.finish(world.copier(), recording))

    assert world.storage.calls.count(BEGIN) == 2


def test_a_session_that_goes_midway_is_begun_anew(world: World) -> None:
    recording = begun(world)
    world.storage.on(PUT, lambda _: world.storage.uploads.sessions.clear())

    world.assert_copied(world.finish(world.copier(), recording))

    assert world.storage.calls.count(BEGIN) == 2


def test_a_piece_that_drive_cut_short_is_not_sent(world: World) -> None:
    recording = begun(world)
    world.workspace.faults.add(method=GET_FILE, skip=1, malformed=True)
    break_off(world, recording)
    assert world.storage.uploads.chunks == []

    world.assert_copied(world.finish(world.copier(), recording))


def test_two_at_once_in_one_session(world: World) -> None:
    recording = begun(world)
    world.storage.on(PUT, lambda _: world.finish(world.copier(), recording))

    world.assert_copied(world.finish(world.copier(), recording))

    assert len(world.storage.buckets.find(BUCKET).objects) == 1


def test_two_at_once_in_two_sessions(world: World) -> None:
    recording = begun(world)
    unsaved = recording.replace(copy_of_file=None)
    world.storage.on(PUT, lambda _: world.finish(world.copier(), unsaved))

    world.assert_copied(world.finish(world.copier(), recording))

    assert world.storage.calls.count(BEGIN) == 2


def test_two_at_once_that_look_for_the_object(world: World) -> None:
    recording = world.record(size=SIZE)
    world.storage.on(GET, lambda _: world.finish(world.copier(), recording))

    world.assert_copied(world.finish(world.copier(), recording))

    assert len(world.storage.uploads.chunks) == CHUNKS
