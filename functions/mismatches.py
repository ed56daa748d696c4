"""What can be wrong between the meetings that are stored and their events, and what is.

Every event of ours says whose it is and which revision it shows; so what an older backup does not
know can be told from the events.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from functions.models import CalendarState, EventInFull, Meeting, event_id_of

GENERATIONS_KNOWN = 100


class Mismatch(StrEnum):
    MISSING = "missing"
    """An active meeting to come whose event was deleted."""

    STALE = "stale"
    """The event shows a newer revision than what is stored."""

    LOST = "lost"
    """An event whose meeting is not stored."""

    ORPHAN = "orphan"
    """An event to come of a meeting that is cancelled."""

    DOUBLE = "double"
    """An event to come beside another one of the same meeting."""


@dataclass(frozen=True)
class Finding:
    mismatch: Mismatch
    meeting_id: str
    event_id: str
    stored_revision: int | None
    event: EventInFull | None = field(default=None, repr=False)


def compare(
    meetings: Mapping[str, Meeting], events: Iterable[EventInFull], now: datetime
) -> Iterator[Finding]:
    """Yield what is wrong with these events of one mailbox, given the meetings that are stored."""
    by_meeting = defaultdict(list)
    for event in events:
        by_meeting[event.meeting_id or ""].append(event)
    for meeting_id, found in by_meeting.items():
        meeting = meetings.get(meeting_id)
        revision = meeting.revision if meeting else None
        # The newest is the meeting's own; of two alike that which is stored, or was made last.
        found.sort(
            key=lambda event: (
                event.revision,
                meeting is not None and event.event_id == meeting.event_id,
                generation_of(event) or 0,
            )
        )
        own = found.pop()
        mismatch = mismatch_of(meeting, own, now)
        if mismatch is not None:
            yield Finding(mismatch, meeting_id, own.event_id, revision, own)
        for event in found:
            if event.scheduled_end > now:
                yield Finding(Mismatch.DOUBLE, meeting_id, event.event_id, revision, event)


def mismatch_of(meeting: Meeting | None, event: EventInFull, now: datetime) -> Mismatch | None:
    """Return what is wrong between the meeting as it is stored and its event."""
    if meeting is None:
        return Mismatch.LOST
    if not meeting.is_cancelled:
        return Mismatch.STALE if event.revision > meeting.revision else None
    is_under_way = (
        meeting.calendar.state is CalendarState.PENDING and event.event_id == meeting.event_id
    )
    return Mismatch.ORPHAN if event.scheduled_end > now and not is_under_way else None


def generation_of(event: EventInFull) -> int | None:
    """Return which of its meeting's events it is; None: it only says that it is one.

    Somebody may have copied an event with its properties: the copy has an id of its own.
    """
    ids = (event_id_of(event.meeting_id or "", n) for n in range(GENERATIONS_KNOWN))
    return next((n for n, event_id in enumerate(ids) if event_id == event.event_id), None)
