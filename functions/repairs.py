"""Repair one thing that was found wrong: what is stored follows what Google shows.

All but the deletion of a double is a write to the store alone, which the calendar's own worker
takes from there: so nobody gets a mail about what did not change.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from functions.adoption import TAKEN_OVER, adopted, calendar_of, caught_up
from functions.errors import (
    ConcurrentChange,
    GoneError,
    InvalidTransition,
    MeetingNotFound,
    ReferenceTaken,
    UpstreamError,
)
from functions.mismatches import Finding, Mismatch, mismatch_of
from functions.models import EntryKind, EventInFull, GoogleCall, Meeting, StoredMeeting
from functions.reconciling import Reconciler
from functions.writing import differences

BY = "reconcile"


class Outcome(NamedTuple):
    """`repaired`, or the code of what hinders it, and the meeting that does."""

    code: str
    existing_id: str | None = None


REPAIRED = Outcome("repaired")
CHANGED_MEANWHILE = Outcome("changed_meanwhile")
REPAIR_OTHERS_FIRST = Outcome("repair_others_first")
"""Until what is stored has the event that stays, a double cannot be told from it."""


@dataclass(frozen=True)
class Repairer:
    reconciler: Reconciler

    def repair(self, finding: Finding) -> Outcome:
        """Repair it as it is stored now; what was changed meanwhile stays as it is."""
        repairs: dict[Mismatch, Callable[[Finding, EventInFull], Outcome]] = {
            Mismatch.LOST: self._adopt,
            Mismatch.STALE: self._catch_up,
            Mismatch.ORPHAN: self._reopen_deletion,
            Mismatch.DOUBLE: self._delete_double,
        }
        try:
            if finding.event is None:
                return self._cancel(finding)
            return repairs[finding.mismatch](finding, finding.event)
        except (ConcurrentChange, MeetingNotFound):
            return CHANGED_MEANWHILE
        except InvalidTransition:
            return Outcome("finished")
        except ReferenceTaken as taken:
            return Outcome("reference_taken", taken.existing_id)
        except UpstreamError as error:
            return Outcome(error.code)

    def _adopt(self, finding: Finding, event: EventInFull) -> Outcome:
        # The store takes a meeting of this id, which is no new one, for its own doing.
        with suppress(MeetingNotFound):
            self._stored(finding)
            return CHANGED_MEANWHILE
        meeting, entry = adopted(event, self._now(), BY).noting(
            EntryKind.MEETING_RECONCILED, self._now(), BY, details=_details(finding)
        )
        self.reconciler.store.create(meeting, entry)
        return REPAIRED

    def _catch_up(self, finding: Finding, event: EventInFull) -> Outcome:
        stored = self._stored(finding)
        if mismatch_of(stored.meeting, event, self._now()) is not Mismatch.STALE:
            return CHANGED_MEANWHILE
        changed = caught_up(stored.meeting, event, self._now())
        self._save(stored, changed, finding, **differences(stored.meeting, changed, TAKEN_OVER))
        return REPAIRED

    def _cancel(self, finding: Finding) -> Outcome:
        stored = self._stored(finding)
        # Once more: a meeting that is cancelled by mistake is cancelled at Google, too.
        if stored.meeting.is_cancelled or self.reconciler.find_event(stored.meeting) is not None:
            return CHANGED_MEANWHILE
        cancelled, entry = stored.meeting.cancelled(self._now(), BY).noting(
            EntryKind.MEETING_CANCELLED, self._now(), BY, details=_details(finding)
        )
        self.reconciler.store.save(stored, cancelled, entry)
        return REPAIRED

    def _reopen_deletion(self, finding: Finding, event: EventInFull) -> Outcome:
        stored = self._stored(finding)
        if mismatch_of(stored.meeting, event, self._now()) is not Mismatch.ORPHAN:
            return CHANGED_MEANWHILE
        calendar = calendar_of(stored.meeting, event).pending(self._now())
        self._save(stored, stored.meeting.replace(calendar=calendar), finding)
        return REPAIRED

    def _delete_double(self, finding: Finding, event: EventInFull) -> Outcome:
        try:
            stored = self._stored(finding)
        except MeetingNotFound:
            return REPAIR_OTHERS_FIRST
        if stored.meeting.event_id == event.event_id:
            return REPAIR_OTHERS_FIRST
        calendar = calendar_of(stored.meeting, event)
        outcome = "ok"
        try:
            self.reconciler.calendar.delete(stored.meeting.replace(calendar=calendar))
        except GoneError as error:
            outcome = error.code
        call = GoogleCall(method="events.delete", outcome=outcome)
        noted, entry = stored.meeting.noting(
            EntryKind.MEETING_RECONCILED,
            self._now(),
            BY,
            details=_details(finding),
            google_calls=(call,),
        )
        self.reconciler.store.save(stored, noted, entry)
        return REPAIRED

    def _stored(self, finding: Finding) -> StoredMeeting:
        return self.reconciler.store.get(finding.meeting_id)

    def _save(
        self, stored: StoredMeeting, changed: Meeting, finding: Finding, **details: object
    ) -> None:
        noted, entry = changed.noting(
            EntryKind.MEETING_RECONCILED, self._now(), BY, details=_details(finding) | details
        )
        self.reconciler.store.save(stored, noted, entry)

    def _now(self) -> datetime:
        return self.reconciler.now()


def _details(finding: Finding) -> dict[str, object]:
    return {"found": finding.mismatch.value, "google_event_id": finding.event_id}
