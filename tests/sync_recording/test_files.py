"""What Drive tells of a recording's file, and what is made of its silence."""

import pytest

from functions.errors import RetryableError
from tests.sync_recording.world import DAY, END, HOUR, MINUTE, SOON, START, World, verdict

GET_FILE = "drive.files.get"


def test_a_404_must_be_said_twice(world: World) -> None:
    meeting = world.meeting()
    world.double.record(world.hold(meeting), START, END)
    world.run_until(END + HOUR)
    world.double.faults.add(method=GET_FILE, status=404, reason="notFound")

    world.run_until(END + 3 * HOUR)
    doubted = world.get(meeting)
    world.run_until(END + DAY)

    assert verdict(doubted) == ("AVAILABLE", None)
    assert doubted.recording_sync.due_at is not None
    assert verdict(world.get(meeting)) == ("AVAILABLE", None)
    assert world.get(meeting).recording_sync.due_at is None


def test_a_deleted_one_that_is_restored_weeks_later_is_there_again(world: World) -> None:
    meeting = world.meeting()
    recorded = world.double.record(world.hold(meeting), START, END)
    world.double.trash_file(recorded.file.id, END)
    world.run_until(END + 20 * DAY)
    missing = world.get(meeting)
    world.double.restore_file(recorded.file.id)

    world.run_until(END + 22 * DAY)

    assert verdict(missing) == ("ABSENT", "file_deleted")
    assert verdict(world.get(meeting)) == ("AVAILABLE", None)


def test_one_that_is_forbidden_leaves_the_others(world: World) -> None:
    meeting = world.meeting()
    held = world.hold(meeting)
    first = world.double.record(held, START, START + 20 * MINUTE)
    world.double.record(held, START + 30 * MINUTE, END)
    world.double.restrict_file(first.file.id, "doctor@clinica.com")

    found = world.look(meeting, SOON)

    assert [r.size_bytes for r in found.recordings] == [None, 1_000_000]
    assert verdict(found) == ("AVAILABLE", "no_permission")


@pytest.mark.parametrize("hours", [1, 12])
def test_one_that_drive_never_had_is_never_said_to_be_there(world: World, hours: int) -> None:
    meeting = world.meeting()
    recorded = world.double.record(world.hold(meeting), START, END)
    world.double.delete_file(recorded.file.id, END)
    seen = set()
    for hour in range(1, 80, hours):
        world.run_until(END + hour * HOUR)
        seen.add(verdict(world.get(meeting))[0])

    assert seen == {"PENDING", "ABSENT"}
    assert verdict(world.get(meeting)) == ("ABSENT", "file_deleted")


def test_a_drive_that_is_out_is_asked_once_a_look_and_warns_of_nothing(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    meeting = world.meeting()
    held = world.hold(meeting)
    for minutes in (0, 20, 40):
        began = START + minutes * MINUTE
        world.double.record(held, began, began + 10 * MINUTE)
    world.double.faults.add(method=GET_FILE, status=503, times=3)

    with pytest.raises(RetryableError):
        world.look(meeting, SOON)

    assert world.double.count(GET_FILE) == 1
    assert [r for r in caplog.records if r.levelname == "ERROR"] == []
