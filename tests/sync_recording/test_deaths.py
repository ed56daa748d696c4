"""Workers that die between any two steps, and tasks that come twice: the end is the same."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from functions.models import Meeting
from functions.sync_recording import RecordingSynchronizer
from tests.sync_recording.world import END, HOUR, MINUTE, START, World


class Killed(BaseException):
    """The end of a process, which nothing in it can catch."""


class Mortal:
    """Hands calls on to a part; the process dies before or after the n-th call of all parts."""

    def __init__(self, part: Any, count: Callable[[str], None]) -> None:
        self._part = part
        self._count = count

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._part, name)
        if not callable(value):
            return value

        def call(*arguments: Any) -> Any:
            self._count("before")
            result = value(*arguments)
            self._count("after")
            return result

        return call


class Death:
    def __init__(self, step: int | None = None) -> None:
        self.steps = 0
        self._step = step

    def count(self, _: str) -> None:
        self.steps += 1
        if self.steps == self._step:
            raise Killed


def mortal(synchronizer: RecordingSynchronizer, death: Death) -> RecordingSynchronizer:
    """Return a worker that dies at one step, of all that it asks of others."""
    parts: dict[str, Any] = {
        name: Mortal(getattr(synchronizer, name), death.count)
        for name in ("store", "meet", "drive")
    }
    follow_ups = tuple(Mortal(part, death.count) for part in synchronizer.follow_ups)
    return replace(synchronizer, **parts, follow_ups=follow_ups)


def a_life(world: World) -> Meeting:
    meeting = world.meeting(id="a" * 32)
    first = world.hold(meeting, START, START + 20 * MINUTE)
    world.double.record(first, START, START + 20 * MINUTE)
    second = world.hold(meeting, START + 30 * MINUTE, END)
    world.double.record(second, START + 30 * MINUTE, END, ready_at=END + 4 * MINUTE)
    return meeting


def known(meeting: Meeting) -> dict[str, Any]:
    """Return what came of the meeting, without when and in how many steps it was found out."""
    found = meeting.model_dump(
        include={"status", "space_name", "conferences", "recordings", "recording_sync"}
    )
    for recording in found["recordings"]:
        del recording["created_at"]
    return found


class TestDeaths:
    @pytest.mark.parametrize("minutes", [0.5, 2, 5], ids=["first", "second", "third"])
    def test_a_worker_that_dies_at_any_step_of_a_look_loses_nothing(
        self, world: World, minutes: float
    ) -> None:
        meeting = a_life(world)
        immortal = world.recordings
        at = END + minutes * MINUTE
        world.run_until(at - MINUTE / 4)
        before = world.get(meeting)
        whole = Death()
        world.recordings = mortal(immortal, whole)
        world.look(meeting, at)
        world.run_until(END + 3 * HOUR)
        expected = known(world.get(meeting))
        steps = whole.steps
        assert steps > 6

        for step in range(1, steps + 1):
            world.recordings = immortal
            world.store.save(world.store.get(meeting.id), before)
            world.time = at
            # Time goes back for this test alone: the names of its tasks are free again.
            world.queue.names.clear()
            world.recordings = mortal(immortal, Death(step))
            # Those after the first look's own are of the looks that follow.
            with suppress(Killed):
                world.look(meeting)
            world.recordings = immortal
            world.run_until(END + 3 * HOUR)

            assert known(world.get(meeting)) == expected, f"died at step {step}"

    def test_a_task_that_is_lost_after_it_was_handed_over_costs_one_look(
        self, world: World
    ) -> None:
        meeting = world.meeting()
        world.double.record(world.hold(meeting), START, END)
        world.time = END + MINUTE
        world.sweeper.sweep()
        lost = list(world.queue.waiting)
        world.queue.waiting.clear()

        world.run_until(END + 2 * MINUTE)

        assert lost == [meeting.id]
        assert world.get(meeting).recording_sync.state == "AVAILABLE"

    def test_tasks_that_come_twice_late_and_in_any_order_change_nothing(self, world: World) -> None:
        meeting = a_life(world)
        for minutes in (5, 0.5, 2, 2, 30, 5):
            world.look(meeting, END + minutes * MINUTE)
        world.run_until(END + 3 * HOUR)
        disturbed = known(world.get(meeting))

        before = world.store.get(meeting.id)
        world.look(meeting)

        assert world.store.get(meeting.id) == before
        assert disturbed["recording_sync"]["state"] == "AVAILABLE"
        assert [r["state"] for r in disturbed["recordings"]] == ["AVAILABLE"] * 2


class TestTwoWorkers:
    @pytest.mark.parametrize(
        "method", ["meet.spaces.get", "meet.conferenceRecords.list", "drive.files.get"]
    )
    def test_two_at_once_find_the_same_once(self, world: World, method: str) -> None:
        meeting = a_life(world)
        world.time = END + MINUTE
        other = replace(world.recordings)
        world.double.on(method, lambda _: other.sync(meeting.id))

        found = world.look(meeting)

        assert found == world.get(meeting)
        assert len({r.id for r in found.recordings}) == len(found.recordings) == 2
        assert world.kinds(meeting).count("meeting.finished") == 1
