"""What a look costs, what a repeated one does, and that the meeting's present state decides."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.models import MeetingStatus, Session, StoredMeeting
from infra.embedded.meetings import EmbeddedMeetingStore
from tests.sync_recording.world import DOCTOR, END, HOUR, MINUTE, SOON, START, World, verdict
from tests.values import ORGANIZER
from tests.workspace_double.held import anonymous, phone, signed_in

LIST = "meet.conferenceRecords.list"


def calls_of(world: World, since: int) -> list[str]:
    """Return the calls of Google's APIs, without those for tokens, which last an hour."""
    calls = (method.partition(".")[2] for method, _ in world.double.calls[since:])
    return [method for method in calls if method != "token"]


class CountedStore(EmbeddedMeetingStore):
    """Counts the reads and the commits."""

    def __init__(self, world: World) -> None:
        super().__init__(world.database)
        self.reads = self.commits = 0

    def get(self, meeting_id: str) -> StoredMeeting:
        self.reads += 1
        return super().get(meeting_id)

    def save(self, *arguments: Any) -> StoredMeeting:
        self.commits += 1
        return super().save(*arguments)


def counted(world: World) -> CountedStore:
    store = CountedStore(world)
    world.recordings = replace(world.recordings, store=store)
    return store


class TestCosts:
    def test_a_first_look_at_one_recording_is_a_read_four_calls_and_a_commit(
        self, world: World
    ) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END)
        since, store = len(world.double.calls), counted(world)

        world.look(meeting, SOON)

        assert (store.reads, store.commits) == (1, 1)
        assert calls_of(world, since) == [
            "spaces.get",
            "conferenceRecords.list",
            "conferenceRecords.recordings.list",
            "files.get",
        ]

    def test_the_room_is_read_by_its_code_once(self, world: World) -> None:
        meeting = world.meeting()

        for minutes in (1, 2, 5):
            world.look(meeting, END + minutes * MINUTE)

        assert world.double.count("meet.spaces.get") == 1
        assert world.get(meeting).space_name == world.double.space(meeting.meeting_code or "").name

    def test_a_settled_meeting_is_never_looked_at_again(self, world: World) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END)
        world.run_until(END + 3 * HOUR)
        since, store = len(world.double.calls), counted(world)

        world.run_until(END + 1000 * HOUR)
        assert (store.reads, store.commits) == (0, 0)
        again = world.look(meeting)

        assert (store.reads, store.commits) == (1, 0)
        assert world.double.calls[since:] == []
        assert again.recording_sync.due_at is None

    def test_a_meeting_is_settled_in_a_handful_of_looks(self, world: World) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END, ready_at=END + 4 * MINUTE)

        world.run_until(END + 24 * HOUR)

        # At the start, after 30 s, 2 and 5 minutes, and when nobody can come back.
        assert world.double.count(LIST) == 5


class TestRepeated:
    @pytest.mark.parametrize("at", [START + 5 * MINUTE, SOON, END + 2 * MINUTE, END + 11 * MINUTE])
    def test_a_second_look_writes_nothing(self, world: World, at: Any) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END, ready_at=END + 10 * MINUTE)
        world.run_until(at)
        world.look(meeting)
        if at == SOON:
            # The attendees are the one thing that the first look leaves to the second.
            world.look(meeting)
        before = world.store.get(meeting.id)

        world.look(meeting)

        assert world.store.get(meeting.id) == before

    def test_a_conference_is_known_by_its_name(self, world: World) -> None:
        meeting = world.meeting()
        world.hold(meeting)

        for minutes in range(1, 20):
            world.look(meeting, END + minutes * MINUTE)

        assert len(world.get(meeting).conferences) == 1


class TestPresentState:
    def test_one_that_is_moved_meanwhile_is_judged_by_its_new_time(self, world: World) -> None:
        meeting = world.meeting()

        def move(_: object) -> None:
            stored = world.store.get(meeting.id)
            later = {"scheduled_start": START + 5 * HOUR, "scheduled_end": END + 5 * HOUR}
            world.store.save(stored, stored.meeting.changed(world.time, **later))

        world.double.on(LIST, move)

        found = world.look(meeting, END + 2 * HOUR)

        assert verdict(found) == ("WAITING", None)
        assert found.recording_sync.due_at == START + 5 * HOUR + 5 * MINUTE

    def test_one_that_is_cancelled_meanwhile_is_let_be(self, world: World) -> None:
        meeting = world.meeting()

        def cancel(_: object) -> None:
            stored = world.store.get(meeting.id)
            world.store.save(stored, stored.meeting.cancelled(world.time, "xoma@clinica.com"))

        world.double.on(LIST, cancel)

        found = world.look(meeting, END + 2 * HOUR)

        assert found.status is MeetingStatus.CANCELLED
        assert found.recording_sync.due_at is None
        assert world.kinds(meeting) == []

    def test_what_was_held_at_the_old_time_does_not_finish_the_new_one(self, world: World) -> None:
        meeting = world.meeting()
        world.hold(meeting, START, START + 3 * MINUTE)
        world.look(meeting, START + 5 * MINUTE)
        stored = world.store.get(meeting.id)
        later = {"scheduled_start": START + 5 * HOUR, "scheduled_end": END + 5 * HOUR}
        world.store.save(stored, stored.meeting.changed(world.time, **later))

        world.run_until(END + 8 * HOUR)

        assert verdict(world.get(meeting)) == ("ABSENT", "never_held")
        assert world.get(meeting).status is MeetingStatus.SCHEDULED

    def test_the_organizer_who_opens_the_room_early_is_seen(self, world: World) -> None:
        meeting = world.meeting()
        world.hold(meeting, START - 50 * MINUTE, None)

        assert verdict(world.look(meeting, START + 5 * MINUTE)) == ("WAITING", None)


class TestAttendees:
    def test_who_was_there_is_asked_at_the_look_after_the_first(self, world: World) -> None:
        back = START + 30 * MINUTE
        left = back - 10 * MINUTE
        meeting = world.meeting()
        world.hold(
            meeting,
            attendees=(
                DOCTOR,
                anonymous("Ana", (START + MINUTE, left), (back, None)),
                phone("+34 ··· 12", (START + 2 * MINUTE, None)),
            ),
        )

        first = world.look(meeting, SOON)
        second = world.look(meeting, END + 2 * MINUTE)

        assert [c.attendees for c in first.conferences] == [None]
        [conference] = second.conferences
        assert [(a.kind.value, a.display_name) for a in conference.attendees or ()] == [
            ("signed_in", "Doctor"),
            ("anonymous", "Ana"),
            ("phone", "+34 ··· 12"),
        ]
        ana = (conference.attendees or ())[1]
        assert ana.sessions == (
            Session(joined_at=START + MINUTE, left_at=left),
            Session(joined_at=back, left_at=END),
        )

    def test_no_address_comes_into_what_is_known_of_them(self, world: World) -> None:
        meeting = world.meeting()
        world.hold(meeting, attendees=(DOCTOR, signed_in("ana@clinica.com")))

        world.run_until(END + timedelta(minutes=3))

        known = world.get(meeting).conferences[0].model_dump_json()
        assert "Ana" in known
        assert "@" not in known
        assert ORGANIZER not in known
