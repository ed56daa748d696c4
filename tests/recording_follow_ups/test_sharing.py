"""Each account may read every recording, one after the other, and nobody gets a mail."""

from datetime import timedelta

import pytest

from functions.errors import PermanentError, RetryableError
from functions.models import Recording
from tests.recording_follow_ups.world import World
from tests.values import NOW, ORGANIZER
from tests.workspace_double.double import DRIVE, SERVICE_ACCOUNT
from tests.workspace_double.formats import parse_date_time

CREATE = "drive.permissions.create"
ARCHIVE = "archive@clinica.com"
QUALITY = "quality@elsewhere.org"


def readers(world: World, recording: Recording) -> dict[str, str | None]:
    """Return who may read the file besides its owner, and until when."""
    return {
        permission["emailAddress"]: permission.get("expirationTime")
        for permission in world.file(recording).live_permissions(world.time).values()
        if permission["role"] == "reader"
    }


def test_one_account_at_a_time(world: World) -> None:
    sharer, recording = world.sharer(ARCHIVE, QUALITY), world.record()

    once = sharer.advance(world.meeting, recording)

    assert once.shared_with == (ARCHIVE,)
    assert readers(world, recording) == {ARCHIVE: None}
    assert not sharer.is_done(once)

    twice = sharer.advance(world.meeting, once)

    assert twice.shared_with == (ARCHIVE, QUALITY)
    assert readers(world, recording) == {ARCHIVE: None, QUALITY: None}
    assert sharer.is_done(twice)


def test_nobody_gets_a_mail(world: World) -> None:
    world.finish(world.sharer(ARCHIVE, QUALITY), world.record())

    assert world.workspace.mail == []


def test_for_a_time(world: World) -> None:
    recording = world.record()

    world.finish(world.sharer(ARCHIVE, share_for=timedelta(days=30)), recording)

    (expiry,) = readers(world, recording).values()
    assert parse_date_time(str(expiry)) == NOW + timedelta(days=30)
    world.time += timedelta(days=30)
    assert readers(world, recording) == {}


def test_repeated_after_a_lost_answer(world: World) -> None:
    sharer, recording = world.sharer(ARCHIVE, QUALITY), world.record()
    world.workspace.faults.add(method=CREATE, lose_answer=True, times=3)
    with pytest.raises(RetryableError):
        sharer.advance(world.meeting, recording)
    assert readers(world, recording) == {ARCHIVE: None}
    world.workspace.faults.clear()

    done = world.finish(sharer, recording)

    assert done.shared_with == (ARCHIVE, QUALITY)
    assert readers(world, recording) == {ARCHIVE: None, QUALITY: None}


def test_a_higher_role_is_kept(world: World) -> None:
    recording = world.record()
    world.workspace.share_file(str(recording.drive_file_id), ARCHIVE, "writer")

    world.finish(world.sharer(ARCHIVE), recording)

    assert world.file(recording).role(ARCHIVE, world.time) == "writer"


def test_the_owner_has_it_already(world: World) -> None:
    recording = world.record()

    done = world.finish(world.sharer(ORGANIZER), recording)

    assert done.shared_with == (ORGANIZER,)
    assert world.workspace.count(CREATE) == 0


def test_an_account_added_later_is_given_what_was_shared_before(world: World) -> None:
    recording = world.finish(world.sharer(ARCHIVE), world.record())

    assert not world.sharer(ARCHIVE, QUALITY).is_done(recording)
    done = world.finish(world.sharer(ARCHIVE, QUALITY), recording)

    assert done.shared_with == (ARCHIVE, QUALITY)
    assert world.workspace.count(CREATE) == 2


def test_what_has_no_file_is_not_shared(world: World) -> None:
    recording = world.record().replace(drive_file_id=None)

    assert world.sharer(ARCHIVE).is_done(recording)


def test_needs_the_scope_drive_and_says_so(world: World) -> None:
    world.workspace.revoke(SERVICE_ACCOUNT, [DRIVE])
    recording = world.record()

    with pytest.raises(PermanentError) as raised:
        world.sharer(ARCHIVE).advance(world.meeting, recording)

    assert raised.value.code == "sharing_scope_missing"
    assert "auth/drive," in raised.value.detail
    assert readers(world, recording) == {}


def test_an_account_that_google_does_not_know(world: World) -> None:
    world.workspace.drive.without_account.add(QUALITY)

    with pytest.raises(PermanentError) as raised:
        world.sharer(QUALITY).advance(world.meeting, world.record())

    assert raised.value.code == "sharing_refused"
    assert QUALITY not in raised.value.detail


@pytest.mark.parametrize(
    ("status", "reason", "raises", "code"),
    [
        (403, "insufficientFilePermissions", PermanentError, "sharing_forbidden"),
        (403, "insufficientPermissions", PermanentError, "sharing_scope_missing"),
        (403, "rateLimitExceeded", RetryableError, "rate_limited"),
        (429, "rateLimitExceeded", RetryableError, "rate_limited"),
        (503, "backendError", RetryableError, "google_unavailable"),
    ],
)
def test_failures(
    world: World, status: int, reason: str, raises: type[Exception], code: str
) -> None:
    world.workspace.faults.add(method=CREATE, status=status, reason=reason)

    with pytest.raises(raises) as raised:
        world.sharer(ARCHIVE).advance(world.meeting, world.record())

    assert getattr(raised.value, "code", None) == code
