"""All that happens to the product, the tasks included, and what holds whatever it is."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from functions.models import CalendarState
from tests.processes.invariants import assert_settled
from tests.sync_calendar.stateful.dying import Killed
from tests.sync_calendar.stateful.google_rules import GoogleRules
from tests.sync_calendar.stateful.strategies import DEATHS, PICKS, QUEUE_FAULTS
from tests.sync_calendar.stateful.wanted import Wanted

SETTLES_WITHIN_ROUNDS = 40


class Machine(GoogleRules):
    @precondition(lambda self: self.queue.tasks)
    @rule(pick=PICKS, again=st.booleans(), death=DEATHS)
    def deliver(self, pick: int, again: bool, death: tuple[str, str] | None) -> None:
        meeting_id = self.queue.tasks.pop(pick % len(self.queue.tasks))
        self.death.due = death
        if not self.sync(meeting_id) or again:
            self.queue.tasks.append(meeting_id)
        self.death.due = None

    @precondition(lambda self: self.queue.tasks)
    @rule()
    def all_tasks_are_lost(self) -> None:
        self.queue.tasks.clear()

    @rule(minutes=st.sampled_from([0, 1, 2, 60, 200]), fault=QUEUE_FAULTS, death=DEATHS)
    def sweep(self, minutes: int, fault: str | None, death: tuple[str, str] | None) -> None:
        self.pass_time(timedelta(minutes=minutes))
        self.queue.fault, self.death.due = fault, death
        with suppress(Killed):
            self.sweeper.sweep()
        self.death.due = None

    @invariant()
    def no_meeting_has_two_events(self) -> None:
        assert max(Counter(self.live_events().values()).values(), default=1) == 1

    def teardown(self) -> None:
        try:
            self.settle()
            assert {m.id: Wanted.of(m) for m in self.stored()} == self.wanted
            assert_settled(self.stored(), self.double, self.wanted)
        finally:
            self.calendar.mailboxes.close()
            self.double.stop()
            self._folder.cleanup()

    def settle(self) -> None:
        """Let hours pass without another fault, and deliver whatever there is."""
        self.double.faults.clear()
        self.queue.fault = None
        while self.calendar.under_way:
            self.an_insert_arrives_late()
        for _ in range(SETTLES_WITHIN_ROUNDS):
            self.pass_time(timedelta(hours=1))
            self.sweeper.sweep()
            self.change_what_got_no_room()
            self.queue.tasks = [task for task in self.queue.tasks if not self.sync(task)]
            states = {meeting.calendar.state for meeting in self.stored()}
            if not self.queue.tasks and states <= {CalendarState.SYNCED}:
                return
        raise AssertionError(f"not settled: {[m.calendar for m in self.stored()]}")

    def change_what_got_no_room(self) -> None:
        """Some rooms in a row that fail end on the meeting, until somebody mends what is wrong."""
        for number, meeting_id in enumerate(self.wanted):
            meeting = self.store.get(meeting_id).meeting
            if meeting.calendar.state is CalendarState.FAILED:
                assert self.has_failing_rooms
                assert meeting.calendar.error is not None
                assert meeting.calendar.error.code == "conference_failed"
                self.change(number, f"Again {self.time}", 0, None)
