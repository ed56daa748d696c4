"""A recording's file comes whole to the bucket, under a name that tells nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from infra.cloud_storage import PIECE_BYTES
from tests.cloud_storage_double.double import BEGIN, GET, PUT
from tests.recording_follow_ups.world import GET_FILE, World

MIB = 1024 * 1024


def chunk_lengths(world: World) -> list[int]:
    return [length for _, length in world.storage.uploads.chunks]


@pytest.mark.parametrize(
    "size", [1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES, 1_000_000]
)
def test_whole(world: World, size: int) -> None:
    recording = world.finish(world.copier(), world.record(size=size))

    world.assert_copied(recording)
    assert sum(chunk_lengths(world)) == size


def test_an_empty_file(world: World) -> None:
    recording = world.finish(world.copier(), world.record(content=b""))

    world.assert_copied(recording)
    assert world.copied(recording) == b""


def test_a_file_bigger_than_what_is_in_memory_at_a_time(world: World) -> None:
    recording = world.finish(world.copier(chunk_bytes=MIB), world.record(size=20 * MIB + 7))

    world.assert_copied(recording)
    assert chunk_lengths(world) == [MIB] * 20 + [7]


def test_the_object_has_drives_type_and_a_name_of_ids_alone(world: World) -> None:
    recording = world.finish(world.copier(), world.record())

    ((name, stored),) = world.storage.buckets.find("clinic-recordings").objects.items()
    assert name == f"{world.meeting.id}/{recording.id}.mp4"
    assert stored.content_type == "video/mp4"


def test_the_source_is_only_read(world: World) -> None:
    recording = world.record()
    before = replace(world.file(recording), permissions=dict(world.file(recording).permissions))

    world.finish(world.copier(), recording)

    assert world.file(recording) == before
    assert {method for method, _ in world.workspace.calls} == {GET_FILE, "oauth2.token"}


def test_the_session_is_known_before_anything_is_sent(world: World) -> None:
    begun = world.copier().advance(world.meeting, world.record())

    assert begun.copy_of_file is not None
    assert begun.copy_of_file.upload_url is not None
    assert not begun.copy_of_file.is_done
    assert world.storage.uploads.chunks == []
    assert world.storage.calls == ["oauth2.token", GET, BEGIN]


def test_some_seconds_at_a_time(world: World) -> None:
    copier, recording = world.copier(), world.record(size=5 * PIECE_BYTES)
    world.storage.on(PUT, lambda _: later(world, seconds=5), times=100)
    sent = []

    while not copier.is_done(recording):
        recording = copier.advance(world.meeting, recording)
        sent.append(len(world.storage.uploads.chunks))

    # Each begins by asking the session, which takes five of its fifteen seconds.
    assert sent == [0, 2, 4, 5]
    world.assert_copied(recording)


def test_however_slow_each_advance_comes_further(world: World) -> None:
    recording = world.record(size=3 * PIECE_BYTES)
    world.storage.on(PUT, lambda _: later(world, seconds=60), times=100)

    world.assert_copied(world.finish(world.copier(), recording))


def test_the_sessions_url_is_used_without_a_token(world: World) -> None:
    seen = []
    world.storage.on(PUT, lambda call: seen.append("authorization" in call.headers), times=100)

    world.finish(world.copier(), world.record())

    assert seen
    assert not any(seen)


def test_once_done_there_is_nothing_to_ask(world: World) -> None:
    recording = world.finish(world.copier(), world.record())

    assert world.copier().is_done(recording)
    assert not world.copier().is_done(recording.replace(copy_of_file=None))
    assert world.copier().is_done(recording.replace(copy_of_file=None, drive_file_id=None))


def later(world: World, seconds: int) -> None:
    world.time += timedelta(seconds=seconds)
