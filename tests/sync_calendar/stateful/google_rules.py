"""What Google does, and others at the same moment."""

from contextlib import suppress
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from functions.errors import UpstreamError
from infra.google_calendar import GoogleCalendar
from tests.sync_calendar.stateful.callers_rules import CallerRules
from tests.sync_calendar.stateful.strategies import (
    FAULTS,
    HOURS,
    INSTANTS,
    METHODS,
    OVERTAKING,
    PICKS,
)
from tests.values import ORGANIZER


class GoogleRules(CallerRules):
    @precondition(lambda self: not self.double.faults.pending)
    @rule(method=METHODS, fault=FAULTS)
    def google_fails(self, method: str, fault: dict[str, Any]) -> None:
        self.double.faults.add(method=method, **fault)

    @rule(polls=st.sampled_from([0, 3, 9]))
    def a_room_takes_long(self, polls: int) -> None:
        self.double.script_conference("pending", polls=polls)

    @rule()
    def a_room_fails(self) -> None:
        self.has_failing_rooms = True
        self.double.script_conference("failure")

    @precondition(lambda self: self.wanted)
    @rule(pick=PICKS, at=INSTANTS, what=OVERTAKING, is_synced=st.booleans())
    def another_overtakes(self, pick: int, at: tuple[str, Any], what: str, is_synced: bool) -> None:
        """At the moment of a call to Google a caller changes the meeting, or another syncs it."""
        meeting_id = self.pick(pick)
        if is_synced:
            self.sync(meeting_id)
            self.change(pick, f"Changed {len(self.double.calls)}", 0, None)

        def overtake(_: object) -> None:
            if what.startswith("change"):
                self.change(pick, f"Overtaken {len(self.double.calls)}", 1, None)
            if what == "cancel":
                self.cancel(pick, None)
            if what.endswith("sync"):
                self.sync(meeting_id)

        method, moment = at
        self.double.on(method, overtake, moment=moment)
        self.sync(meeting_id)

    @precondition(lambda self: self.wanted)
    @rule(pick=PICKS)
    def a_meeting_is_cancelled_while_its_insert_is_under_way(self, pick: int) -> None:
        self.death.due = ("insert", "before")
        self.sync(self.pick(pick))
        self.death.due = None
        self.cancel(pick, None)
        self.sync(self.pick(pick))

    @precondition(lambda self: self.calendar.under_way)
    @rule()
    def an_insert_arrives_late(self) -> None:
        with suppress(UpstreamError):
            GoogleCalendar.insert(self.calendar, self.calendar.under_way.pop())

    @precondition(lambda self: self.wanted)
    @rule(pick=PICKS, hour=HOURS)
    def somebody_deletes_the_event(self, pick: int, hour: int) -> None:
        meeting_id = self.pick(pick)
        self.sync(meeting_id)
        meeting = self.store.get(meeting_id).meeting
        if meeting.google_event_id in self.live_events() and not meeting.is_cancelled:
            self.double.edit_event(ORGANIZER, str(meeting.google_event_id), status="cancelled")
            # Only a change makes the product look at the event again.
            self.change(pick, f"Again {len(self.double.calls)}", hour, None)
            self.sync(meeting_id)
