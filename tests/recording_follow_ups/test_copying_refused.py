"""What is not the file, or may not be written, is no copy, and nothing is overwritten."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from functions.errors import PermanentError, RetryableError
from functions.models import Recording
from tests.cloud_storage_double.double import BEGIN, DELETE, GET, PUT
from tests.recording_follow_ups.world import BUCKET, GET_FILE, World
from tests.workspace_double.double import DRIVE_MEET_READONLY, SERVICE_ACCOUNT
from tests.workspace_double.drive_files import DriveFile


def put(world: World, recording: Recording, content: bytes) -> None:
    name = world.object_name(recording)
    world.storage.buckets.put(BUCKET, name, content, "video/mp4")


def refused(world: World, recording: Recording) -> PermanentError:
    with pytest.raises(PermanentError) as raised:
        world.finish(world.copier(), recording)
    return raised.value


class Undescribed(DriveFile):
    """A file of which Drive does not know the checksum yet."""

    def resource(self, email: str, now: datetime, names: Collection[str]) -> dict[str, Any]:
        return super().resource(email, now, set(names) - {"md5Checksum"})


class TestObjectThereAlready:
    def test_the_same_is_adopted(self, world: World) -> None:
        recording = world.record(content=b"a short film")
        put(world, recording, b"a short film")

        world.assert_copied(world.finish(world.copier(), recording))

        assert world.storage.calls == ["oauth2.token", GET]

    @pytest.mark.parametrize("content", [b"another film", b"", b"a short film, and more"])
    def test_another_is_never_overwritten(self, world: World, content: bytes) -> None:
        recording = world.record(content=b"a short film")
        put(world, recording, content)

        assert refused(world, recording).code == "object_name_taken"
        assert world.copied(recording) == content

    def test_one_of_which_no_checksum_is_known_is_taken_for_another(self, world: World) -> None:
        recording = world.record(content=b"a short film")
        put(world, recording, b"a short film")
        objects = world.storage.buckets.find(BUCKET).objects
        name = world.object_name(recording)
        objects[name] = replace(objects[name], is_composite=True)

        assert refused(world, recording).code == "object_name_taken"

    def test_another_that_came_midway_is_not_overwritten(self, world: World) -> None:
        recording = world.copier().advance(world.meeting, world.record(content=b"a short film"))
        put(world, recording, b"another film")

        assert refused(world, recording).code == "object_name_taken"
        assert world.copied(recording) == b"another film"


class TestWrongContent:
    def test_is_deleted_and_copied_again_at_the_next_look(self, world: World) -> None:
        recording = world.copier().advance(world.meeting, world.record())
        world.workspace.faults.add(method=GET_FILE, skip=2, corrupt=True)

        assert refused(world, recording).code == "copy_corrupt"
        assert world.copied(recording) is None
        assert world.storage.calls.count(DELETE) == 1

        world.assert_copied(world.finish(world.copier(), recording))

    def test_is_left_where_somebody_replaced_it(self, world: World) -> None:
        recording = world.copier().advance(world.meeting, world.record())
        world.workspace.faults.add(method=GET_FILE, skip=2, corrupt=True)
        world.storage.on(DELETE, lambda _: put(world, recording, b"theirs"), moment="before")

        assert refused(world, recording).code == "copy_corrupt"
        assert world.copied(recording) == b"theirs"

    @pytest.mark.parametrize("size", [100, 700_000])
    def test_a_file_that_changed_midway(self, world: World, size: int) -> None:
        recording = world.copier().advance(world.meeting, world.record(content=b"1" * 600_000))
        world.workspace.faults.add(method=GET_FILE, skip=2, status=503)
        with pytest.raises(RetryableError):
            world.copier().advance(world.meeting, recording)
        changed = world.file(world.record(content=b"2" * size)).content
        world.file(recording).content = changed

        if size > 600_000:
            assert refused(world, recording).code == "copy_corrupt"
            assert world.copied(recording) is None

        world.assert_copied(world.finish(world.copier(), recording))

    def test_a_file_without_a_checksum_is_not_copied(self, world: World) -> None:
        recording = world.record()
        file = world.file(recording)
        world.workspace.drive.files[file.id] = Undescribed(**vars(file))

        assert refused(world, recording).code == "file_not_described"
        assert world.storage.calls == []


class TestRefusals:
    @pytest.mark.parametrize(
        ("permission", "method"), [("create", BEGIN), ("get", GET), ("list", GET)]
    )
    def test_a_permission_that_is_missing(self, world: World, permission: str, method: str) -> None:
        recording = world.record()
        bucket = world.storage.buckets.find(BUCKET)
        bucket.granted.discard(permission)

        error = refused(world, recording)

        assert error.code == "bucket_forbidden"
        assert "roles/storage.objectUser" in error.detail
        bucket.granted.add(permission)
        world.assert_copied(world.finish(world.copier(), recording))

    def test_no_such_bucket(self, world: World) -> None:
        recording = world.record()

        with pytest.raises(PermanentError) as raised:
            world.copier(bucket="misspelt").advance(world.meeting, recording)

        assert raised.value.code == "bucket_not_found"

    @pytest.mark.parametrize("method", [GET, BEGIN, PUT])
    @pytest.mark.parametrize(
        ("status", "reason", "raises", "code"),
        [
            (400, "invalid", PermanentError, "bucket_refuses"),
            (403, "forbidden", PermanentError, "bucket_forbidden"),
            (403, "rateLimitExceeded", RetryableError, "rate_limited"),
            (429, "rateLimitExceeded", RetryableError, "rate_limited"),
            (500, "backendError", RetryableError, "google_unavailable"),
            (503, "backendError", RetryableError, "google_unavailable"),
        ],
    )
    def test_failures(
        self,
        world: World,
        method: str,
        status: int,
        reason: str,
        raises: type[Exception],
        code: str,
    ) -> None:
        recording = world.record()
        world.storage.faults.add(method=method, status=status, reason=reason)

        with pytest.raises(raises) as raised:
            world.finish(world.copier(), recording)

        assert getattr(raised.value, "code", None) == code
        world.assert_copied(world.finish(world.copier(), recording))

    def test_a_token_that_is_refused_is_renewed_once(self, world: World) -> None:
        copier = world.copier()
        world.finish(copier, world.record())
        world.storage.oauth.expire_tokens()

        world.assert_copied(world.finish(copier, world.record()))

        assert world.storage.calls.count("oauth2.token") == 2

    def test_an_answer_that_is_not_googles(self, world: World) -> None:
        recording = world.record(content=b"a short film")
        put(world, recording, b"a short film")
        world.storage.faults.add(method=GET, malformed=True)

        with pytest.raises(RetryableError) as raised:
            world.copier().advance(world.meeting, recording)

        assert raised.value.code == "google_unreadable"

    def test_storage_that_cannot_be_reached(self, world: World) -> None:
        recording = world.copier().advance(world.meeting, world.record())
        world.storage.faults.add(method=PUT, reset=True, times=3)

        with pytest.raises(RetryableError) as raised:
            world.copier().advance(world.meeting, recording)

        assert raised.value.code == "google_unreachable"

    def test_without_credentials(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/no/such/key.json")

        assert refused(world, world.record()).code == "credentials_missing"

    def test_drive_that_refuses(self, world: World) -> None:
        recording = world.record()
        world.file(recording).download_forbidden = True
        assert refused(world, recording).code == "forbidden"

        world.file(recording).download_forbidden = False
        world.workspace.revoke(SERVICE_ACCOUNT, [DRIVE_MEET_READONLY])
        assert refused(world, recording).code == "delegation_missing"
        assert world.copied(recording) is None
