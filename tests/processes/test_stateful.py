"""Random sequences of changes, deliveries, faults and deaths, in one process, against a model."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from functions.errors import InvalidTransition, ReferenceTaken, RetryableError, UpstreamError
from functions.models import (
    CalendarEvent,
    CalendarState,
    Claim,
    JournalEntry,
    Meeting,
    MeetingQuery,
    Notify,
    StoredMeeting,
)
from functions.scheduling import MeetingScheduler, NewMeeting
from functions.sweep import Sweeper
from functions.sync_calendar import INSERT_IN_FLIGHT, CalendarSynchronizer
from functions.writing import Intent, MeetingWriter
from infra.credentials import DelegatedCredentials
from infra.embedded.database import EmbeddedDatabase
from infra.embedded.meetings import EmbeddedMeetingStore
from infra.google_calendar import GoogleCalendar
from infra.google_connections import Mailboxes
from tests.processes.invariants import assert_settled
from tests.processes.workspace import DELEGATE, DELETE, DOMAIN, GET, INSERT, PATCH, open_clinic
from tests.values import GUEST, NOW, ORGANIZER
from tests.workspace_double import WorkspaceDouble

FAR_AHEAD = NOW + timedelta(days=3650)
"""No appointment is over before its event is there, however the clock runs."""

SETTLES_WITHIN_ROUNDS = 40
CALLER = Intent(by="xoma@clinica.com")
PICKS = st.integers(0, 7)
METHODS = st.sampled_from([INSERT, GET, PATCH, DELETE])
MOMENTS = st.sampled_from(["before", "after"])
INSTANTS = st.sampled_from(
    [
        (INSERT, "before"),
        (INSERT, "after"),
        (GET, "after"),
        (PATCH, "before"),
        (PATCH, "after"),
        (DELETE, "before"),
        (DELETE, "after"),
    ]
)
OVERTAKING = st.sampled_from(["change", "cancel", "sync", "change and sync"])
SUMMARIES = st.sampled_from(["Appointment", "Check-up", "Control ñ"])
HOURS = st.integers(0, 3)
QUEUE_FAULTS = st.sampled_from([None, None, "refused", "unanswered", "killed"])
DEATHS = st.none() | st.tuples(
    st.sampled_from(["insert", "get", "patch", "delete", "save"]), MOMENTS
)
FAULTS = st.sampled_from(
    [
        {"lose_answer": True},
        {"malformed": True},
        {"reset": True},
        {"html": True},
        {"status": 503},
        {"status": 429, "reason": "rateLimitExceeded"},
        {"status": 403, "reason": "userRateLimitExceeded"},
        {"status": 403, "reason": "quotaExceeded"},
    ]
)


class Killed(BaseException):
    """Stands for the end of the process: nothing after it runs."""


class Death:
    """Ends the process in the next call of a name, before it has been done or after."""

    def __init__(self) -> None:
        self.due: tuple[str, str] | None = None

    @contextmanager
    def around(self, name: str) -> Iterator[None]:
        self._strike(name, "before")
        yield
        self._strike(name, "after")

    def _strike(self, name: str, moment: str) -> None:
        if self.due == (name, moment):
            self.due = None
            raise Killed


class Store(EmbeddedMeetingStore):
    def __init__(self, death: Death) -> None:
        super().__init__(EmbeddedDatabase())
        self._death = death

    def save(
        self,
        stored: StoredMeeting,
        changed: Meeting,
        entry: JournalEntry | None = None,
        claim: Claim | None = None,
    ) -> StoredMeeting:
        with self._death.around("save"):
            return super().save(stored, changed, entry, claim)


class Calendar(GoogleCalendar):
    """The real adapter; an insert whose sender died before it was sent may still arrive."""

    def __init__(self, death: Death, credentials: DelegatedCredentials, endpoint: str) -> None:
        self.mailboxes = Mailboxes(credentials, frozenset({DOMAIN}), DELEGATE)
        super().__init__(self.mailboxes, endpoint)
        self._death = death
        self.under_way: list[Meeting] = []

    def insert(self, meeting: Meeting) -> CalendarEvent:
        if self._death.due == ("insert", "before"):
            self.under_way.append(meeting)
        with self._death.around("insert"):
            return super().insert(meeting)

    def get(self, meeting: Meeting) -> CalendarEvent:
        with self._death.around("get"):
            return super().get(meeting)

    def patch(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        with self._death.around("patch"):
            return super().patch(meeting, event)

    def request_conference(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        with self._death.around("patch"):
            return super().request_conference(meeting, event)

    def delete(self, meeting: Meeting) -> None:
        with self._death.around("delete"):
            super().delete(meeting)


class Queue:
    """Tasks by name, delivered only when the machine says so."""

    def __init__(self) -> None:
        self.tasks: list[str] = []
        self.fault: str | None = None
        self._names: set[str] = set()

    def enqueue(self, name: str, payload: Mapping[str, object]) -> None:
        fault, self.fault = self.fault, None
        if fault == "refused":
            raise RetryableError("queue_unavailable", "Refused.")
        if fault == "killed":
            raise Killed
        if name not in self._names:
            self._names.add(name)
            self.tasks.append(str(payload["meeting_id"]))
        if fault == "unanswered":
            raise RetryableError("queue_unavailable", "Its answer is lost.")

    def ping(self) -> None:
        return


@dataclass(frozen=True)
class Wanted:
    """The model: what the callers have asked of a meeting so far."""

    summary: str
    hour: int
    reference: str | None
    is_cancelled: bool = False

    @classmethod
    def of(cls, meeting: Meeting) -> "Wanted":
        hour = (meeting.scheduled_start - FAR_AHEAD) // timedelta(hours=1)
        return cls(meeting.summary, hour, meeting.external_reference, meeting.is_cancelled)


class Machine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.time = NOW
        self.wanted: dict[str, Wanted] = {}
        self.has_failing_rooms = False
        self.death = Death()
        self.queue = Queue()
        self.store = Store(self.death)
        self.double = WorkspaceDouble(now=lambda: NOW)
        self.double.start()
        self._folder = TemporaryDirectory()
        key_file = Path(self._folder.name) / "key.json"
        open_clinic(self.double, key_file)
        credentials = DelegatedCredentials(key_file=str(key_file))
        self.calendar = Calendar(self.death, credentials, self.double.url)
        self.scheduler = MeetingScheduler(
            MeetingWriter(self.store, self.queue, self.now, lambda _: None), livemode=True
        )
        self.sweeper = Sweeper(self.store, self.queue, self.queue, self.now)
        self.synchronizer = CalendarSynchronizer(
            self.store, self.calendar, self.now, lambda _: None
        )

    def now(self) -> Any:
        return self.time

    # What callers do.

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
            meeting, is_new, _ = self.scheduler.create(_new_meeting(wanted), CALLER)
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

    # What Cloud Tasks and Cloud Scheduler do.

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

    # What Google does, and others at the same moment.

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

    # What holds.

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

    def pass_time(self, by: timedelta) -> None:
        self.time += by
        if by >= INSERT_IN_FLIGHT:
            self.calendar.under_way.clear()

    def sync(self, meeting_id: str) -> bool:
        """Whether the function answered with success."""
        try:
            self.synchronizer.sync(meeting_id)
        except (RetryableError, Killed):
            return False
        return True

    def pick(self, number: int) -> str:
        return list(self.wanted)[number % len(self.wanted)]

    def stored(self) -> tuple[Meeting, ...]:
        return self.store.page(MeetingQuery(), 1000, None).items

    def live_events(self) -> dict[str, str]:
        """Each live event's id, and the meeting it is of."""
        return {
            event["id"]: event["extendedProperties"]["private"]["meeting_id"]
            for event in self.double.events
            if event["status"] != "cancelled"
        }


def _new_meeting(wanted: Wanted) -> NewMeeting:
    start = FAR_AHEAD + timedelta(hours=wanted.hour)
    return NewMeeting(
        organizer_email=ORGANIZER,
        guest_emails=(GUEST,),
        summary=wanted.summary,
        description=None,
        scheduled_start=start,
        scheduled_end=start + timedelta(hours=1),
        time_zone="Europe/Madrid",
        external_reference=wanted.reference,
        notify=Notify.ALL,
    )


def test_whatever_happens_nothing_is_lost_and_nothing_doubled() -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=180,
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=os.environ.get("CI") == "true",
            suppress_health_check=list(HealthCheck),
        ),
    )
