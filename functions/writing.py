"""Change a stored meeting: read it, change it, one commit, and a nudge where Google must see it.

The stored meeting is the intent. A nudge that is lost costs time, never the meeting: the sweep
finds the meeting by `calendar.due_at`, which is set in the same commit.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from functions import meeting_tasks
from functions.errors import ConcurrentChange
from functions.models import Claim, EntryKind, Meeting, Value
from functions.ports import MeetingStore, TaskQueue
from functions.tracing import current_request_id

ATTEMPTS = 8
"""How often a change that lost a race is made again on what won it."""

FIRST_PAUSE_SECONDS = 0.01
"""It doubles with each race lost; half of it is chance, so that the losers part."""


def unconditional(_: Any) -> None:
    return


@dataclass(frozen=True)
class Intent:
    """Who wants a change, under which Idempotency-Key, and on which condition."""

    by: str
    claim: Claim | None = None
    check: Callable[[Any], None] = unconditional
    """Raises where what is stored is not what the caller expects."""

    def claim_of(self, resource: str) -> Claim | None:
        return self.claim and self.claim.replace(resource=resource)


@dataclass(frozen=True)
class Change:
    """A meeting as it shall be, and what its journal says of it."""

    meeting: Meeting
    kind: EntryKind
    details: Mapping[str, Any] = field(default_factory=dict)
    resource: str = ""
    """The id of the part that was made; empty for the meeting itself."""


def differences(before: Value, after: Value, names: Iterable[str]) -> dict[str, Any]:
    """Return what changed of these fields, for the journal: `{name: {"from": …, "to": …}}`."""
    return {
        name: {"from": getattr(before, name), "to": getattr(after, name)}
        for name in names
        if getattr(before, name) != getattr(after, name)
    }


@dataclass(frozen=True)
class MeetingWriter:
    store: MeetingStore
    queue: TaskQueue
    now: Callable[[], datetime]
    sleep: Callable[[float], object]

    def change(
        self, meeting_id: str, intent: Intent, change: Callable[[Meeting], Change | None]
    ) -> Meeting:
        """Apply a change to the meeting as it is now stored; None of it does nothing.

        Raises:
            MeetingNotFound, KeyTaken, ReferenceTaken, and whatever `change` raises.
            ConcurrentChange: others were faster every time.
        """
        for attempt in range(ATTEMPTS):
            if attempt > 0:
                self.sleep(FIRST_PAUSE_SECONDS * 2**attempt * random.uniform(0.5, 1.0))
            stored = self.store.get(meeting_id)
            intent.check(stored.meeting)
            wanted = change(stored.meeting)
            try:
                if wanted is None:
                    if intent.claim is not None:
                        self.store.save(stored, stored.meeting, None, intent.claim_of(meeting_id))
                    return stored.meeting
                changed, entry = wanted.meeting.noting(
                    wanted.kind,
                    self.now(),
                    intent.by,
                    details=wanted.details,
                    request_id=current_request_id(),
                )
                self.store.save(
                    stored, changed, entry, intent.claim_of(wanted.resource or meeting_id)
                )
            except ConcurrentChange:
                continue
            if changed.revision != stored.meeting.revision:
                self.nudge(changed)
            elif changed.calendar != stored.meeting.calendar:
                # The name of the revision's first task is taken: the same revision needs another.
                self.nudge(changed, changed.calendar.due_at)
            return changed
        raise ConcurrentChange

    def nudge(self, meeting: Meeting, due_at: datetime | None = None) -> bool:
        """Hand over the meeting's task; False where nobody knows whether it is there."""
        return meeting_tasks.try_to(
            lambda: meeting_tasks.enqueue_calendar(self.queue, meeting, due_at), meeting
        )
