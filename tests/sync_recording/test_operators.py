"""What an operator says of recordings counts for more than what Google tells afterwards."""

from functions import recordings
from functions.models import Meeting, Recording, RecordingState
from functions.writing import Intent, MeetingWriter
from tests.sync_recording.world import DAY, END, HOUR, MINUTE, SOON, START, World, verdict
from tests.workspace_double.held import NEVER

ANA = Intent("ana@clinica.com")


def writer(world: World) -> MeetingWriter:
    return MeetingWriter(world.store, world.calendar_queue, world.now, lambda _: None)


def by_hand(world: World, drive_file_id: str) -> Recording:
    return Recording(
        id="f" * 32,
        state=RecordingState.AVAILABLE,
        drive_file_id=drive_file_id,
        created_at=world.time,
        registered_by="ana@clinica.com",
    )


def a_recorded(world: World) -> Meeting:
    meeting = world.meeting()
    world.double.record(world.hold(meeting), START, END)
    return world.look(meeting, SOON)


def test_one_that_was_removed_is_not_found_again(world: World) -> None:
    meeting = a_recorded(world)
    removed = recordings.remove(writer(world), meeting.id, meeting.recordings[0].id, ANA)
    assert removed.recording_sync.state != "AVAILABLE"

    world.run_until(END + 3 * HOUR)

    assert world.get(meeting).recordings == ()
    assert verdict(world.get(meeting)) == ("ABSENT", "forgotten")


def test_what_an_operator_says_is_told_at_once(world: World) -> None:
    meeting = world.meeting()
    world.double.record(world.hold(meeting), START, END, ready_at=NEVER)
    world.run_until(END + 31 * DAY)
    expired = world.get(meeting)
    file = by_hand(world, "found-by-hand")

    registered = recordings.register(writer(world), meeting.id, file, ANA)
    gone = {"state": RecordingState.MISSING}
    lost = recordings.change(writer(world), meeting.id, file.id, gone, ANA)

    assert verdict(expired) == ("FAILED", "expired")
    assert verdict(registered) == ("AVAILABLE", None)
    assert verdict(lost) == ("FAILED", "expired")


def test_one_that_was_changed_stays_as_it_was_changed(world: World) -> None:
    meeting = a_recorded(world)
    [found] = meeting.recordings
    wanted = {"state": RecordingState.MISSING, "duration_seconds": 7}
    recordings.change(writer(world), meeting.id, found.id, wanted, ANA)

    world.run_until(END + 3 * HOUR)

    [kept] = world.get(meeting).recordings
    assert (kept.state, kept.duration_seconds) == (RecordingState.MISSING, 7)
    assert world.double.count("drive.files.get") == 1


def test_a_file_that_was_registered_while_google_made_it_is_there_once(world: World) -> None:
    meeting = world.meeting()
    ready_at = END + 4 * MINUTE
    recorded = world.double.record(world.hold(meeting), START, END, ready_at=ready_at)
    world.look(meeting, SOON)
    registered = by_hand(world, recorded.file.id)
    recordings.register(writer(world), meeting.id, registered, ANA)

    world.run_until(END + 3 * HOUR)

    [kept] = world.get(meeting).recordings
    assert (kept.id, kept.recording_name) == ("f" * 32, recorded.name)
    assert kept.size_bytes == 1_000_000


def test_one_that_was_removed_before_google_told_of_it_is_not_found(world: World) -> None:
    meeting = world.meeting()
    recorded = world.double.record(world.hold(meeting), START, END)
    registered = by_hand(world, recorded.file.id)
    recordings.register(writer(world), meeting.id, registered, ANA)
    recordings.remove(writer(world), meeting.id, registered.id, ANA)

    world.run_until(END + 3 * HOUR)

    assert world.get(meeting).recordings == ()


def test_one_that_was_registered_counts_where_nobody_met(world: World) -> None:
    meeting = world.meeting()
    file = by_hand(world, "from-elsewhere")
    recordings.register(writer(world), meeting.id, file, ANA)

    world.run_until(END + 3 * HOUR)

    assert verdict(world.get(meeting)) == ("AVAILABLE", None)


def test_one_that_was_changed_while_google_made_it_gets_its_file(world: World) -> None:
    meeting = world.meeting()
    ready_at = END + 4 * MINUTE
    recorded = world.double.record(world.hold(meeting), START, END, ready_at=ready_at)
    [found] = world.look(meeting, SOON).recordings
    recordings.change(writer(world), meeting.id, found.id, {"duration_seconds": 7}, ANA)

    world.run_until(END + 3 * HOUR)

    [kept] = world.get(meeting).recordings
    assert (kept.state, kept.drive_file_id) == (RecordingState.AVAILABLE, recorded.file.id)
    assert kept.duration_seconds == 7
