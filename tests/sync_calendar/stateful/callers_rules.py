"""Whoever makes, changes and cancels meetings, whatever becomes of the tasks."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from functions.errors import InvalidTransition, ReferenceTaken
from functions.writing import Intent
from tests.sync_calendar.stateful.dying import Killed
from tests.sync_calendar.stateful.product import Product
from tests.sync_calendar.stateful.strategies import HOURS, PICKS, QUEUE_FAULTS, SUMMARIES
from tests.sync_calendar.stateful.wanted import FAR_AHEAD, Wanted, new_meeting

CALLER = Intent(by="xoma@clinica.com")


class CallerRules(Product):
    @rule(
        summary=SUMMARIES,
        hour=HOURS,
        reference=st.sampled_from([None, "a", "b"]),
        fault=QUEUE_FAULTS,
    )
    def create(self, summary: str, hour: int, reference: str | None, fault: str | None) -> None:
        wanted = Wanted(summary, hour, reference)
        holder = next(
            (
                (meeting_id, held)
                for meeting_id, held in self.wanted.items()
                if reference is not None and held.reference == reference and not held.is_cancelled
            ),
            None,
        )
        self.queue.fault = fault
        try:
            meeting, is_new, _ = self.scheduler.create(new_meeting(wanted), CALLER)
        except ReferenceTaken as taken:
            assert holder is not None
            assert holder[0] == taken.existing_id
            assert holder[1] != wanted
        except Killed:
            [meeting_id] = {m.id for m in self.stored()} - self.wanted.keys()
            self.wanted[meeting_id] = wanted
        else:
            assert is_new == (holder is None)
            assert holder in (None, (meeting.id, wanted))
            self.wanted[meeting.id] = wanted

    @precondition(lambda self: self.wanted)
    @rule(pick=PICKS, summary=SUMMARIES, hour=HOURS, fault=QUEUE_FAULTS)
    def change(self, pick: int, summary: str, hour: int, fault: str | None) -> None:
        meeting_id = self.pick(pick)
        before = self.wanted[meeting_id]
        start = FAR_AHEAD + timedelta(hours=hour)
        changes = {
            "summary": summary,
            "scheduled_start": start,
            "scheduled_end": start + timedelta(hours=1),
        }
        self.queue.fault = fault
        try:
            with suppress(Killed):
                self.scheduler.change(meeting_id, CALLER, lambda _: changes)
        except InvalidTransition:
            assert before.is_cancelled
        else:
            assert not before.is_cancelled
            self.wanted[meeting_id] = replace(before, summary=summary, hour=hour)

    @precondition(lambda self: self.wanted)
    @rule(pick=PICKS, fault=QUEUE_FAULTS)
    def cancel(self, pick: int, fault: str | None) -> None:
        meeting_id = self.pick(pick)
        self.queue.fault = fault
        with suppress(Killed):
            self.scheduler.cancel(meeting_id, CALLER)
        self.wanted[meeting_id] = replace(self.wanted[meeting_id], is_cancelled=True)
