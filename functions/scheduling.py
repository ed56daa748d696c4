"""Make, move and cancel a meeting: the rules, then one commit, then a nudge.

The stored meeting is the intent. A nudge that is lost costs time, never the meeting: the sweep
finds the meeting by `calendar.due_at`, which is set in the same commit.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from functions import calendar_task
from functions.errors import ConcurrentChange, MeetingNotFound, ReferenceTaken, UpstreamError
from functions.models import (
    OVERDUE_AFTER,
    CalendarSync,
    Meeting,
    Notify,
    Participant,
    Role,
    new_id,
)
from functions.ports import MeetingStore, TaskQueue

logger = logging.getLogger(__name__)

ATTEMPTS = 5
"""How often a change that lost a race is made again on what won it."""

SAME_CONTENT = (
    "organizer_email",
    "summary",
    "description",
    "scheduled_start",
    "scheduled_end",
    "time_zone",
    "notify",
)


@dataclass(frozen=True)
class NewMeeting:
    """What a caller asks for; emails in lower case, instants aware."""

    organizer_email: str
    guest_emails: tuple[str, ...]
    summary: str
    description: str | None
    scheduled_start: datetime
    scheduled_end: datetime
    time_zone: str
    external_reference: str | None
    notify: Notify


class Created(NamedTuple):
    """A meeting that was asked for, whether it is new, and whether a link can be expected soon."""

    meeting: Meeting
    is_new: bool
    is_under_way: bool


@dataclass(frozen=True)
class MeetingScheduler:
    store: MeetingStore
    queue: TaskQueue
    now: Callable[[], datetime]
    livemode: bool

    def create(self, new: NewMeeting, by: str) -> Created:
        """Store a meeting and nudge the calendar; idempotent by its external_reference.

        Where an active meeting has the same reference and content, that one is returned.

        Raises:
            ReferenceTaken: an active meeting has the same reference and other content.
        """
        meeting = self._meeting(new, by)
        for _ in range(ATTEMPTS):
            try:
                self.store.create(meeting)
            except ConcurrentChange:
                continue
            except ReferenceTaken as taken:
                existing = self._find_active(taken.existing_id)
                if existing is None:
                    continue
                if not _same_content(existing, meeting):
                    raise
                return Created(existing, is_new=False, is_under_way=True)
            return Created(meeting, is_new=True, is_under_way=self._nudge(meeting))
        raise ConcurrentChange

    def change(self, meeting_id: str, change: Callable[[Meeting], Mapping[str, Any]]) -> Meeting:
        """Apply a change to the meeting as it is now stored; one that changes nothing does nothing.

        Raises:
            MeetingNotFound, InvalidTransition: there is no such meeting, or it is over.
            InvalidRequest: raised by `change` where the result would not be valid.
        """

        def changed(meeting: Meeting) -> Meeting:
            changes = {k: v for k, v in change(meeting).items() if v != getattr(meeting, k)}
            result = meeting.changed(self.now(), **changes)
            return result if changes else meeting

        return self._apply(meeting_id, changed)

    def cancel(self, meeting_id: str, by: str) -> Meeting:
        """Cancel the meeting and free its reference; idempotent.

        Raises:
            MeetingNotFound, InvalidTransition: there is no such meeting, or it is finished.
        """

        def cancelled(meeting: Meeting) -> Meeting:
            return meeting if meeting.is_cancelled else meeting.cancelled(self.now(), by)

        return self._apply(meeting_id, cancelled)

    def retry(self, meeting_id: str) -> Meeting:
        """Have what failed tried once more.

        Raises:
            MeetingNotFound, NothingToRetry: there is no such meeting, or it has not failed.
        """
        return self._apply(meeting_id, lambda meeting: meeting.retried(self.now()))

    def _apply(self, meeting_id: str, change: Callable[[Meeting], Meeting]) -> Meeting:
        for _ in range(ATTEMPTS):
            stored = self.store.get(meeting_id)
            changed = change(stored.meeting)
            if changed is stored.meeting:
                return changed
            try:
                self.store.save(stored, changed)
            except ConcurrentChange:
                continue
            # The name of the revision's first task is taken: the same revision needs another.
            is_repeat = changed.revision == stored.meeting.revision
            self._nudge(changed, changed.calendar.due_at if is_repeat else None)
            return changed
        raise ConcurrentChange

    def _meeting(self, new: NewMeeting, by: str) -> Meeting:
        now = self.now()
        emails = (new.organizer_email, *new.guest_emails)
        roles = (Role.ORGANIZER, *(Role.GUEST for _ in new.guest_emails))
        return Meeting(
            id=new_id(),
            livemode=self.livemode,
            organizer_email=new.organizer_email,
            participants=tuple(
                Participant(id=new_id(), email=email, role=role)
                for email, role in zip(emails, roles, strict=True)
            ),
            participant_emails=emails,
            summary=new.summary,
            description=new.description,
            scheduled_start=new.scheduled_start,
            scheduled_end=new.scheduled_end,
            time_zone=new.time_zone,
            external_reference=new.external_reference,
            notify=new.notify,
            calendar=CalendarSync(due_at=now + OVERDUE_AFTER),
            created_at=now,
            updated_at=now,
            created_by=by,
        )

    def _find_active(self, meeting_id: str) -> Meeting | None:
        try:
            meeting = self.store.get(meeting_id).meeting
        except MeetingNotFound:
            return None
        return None if meeting.is_cancelled else meeting

    def _nudge(self, meeting: Meeting, due_at: datetime | None = None) -> bool:
        try:
            calendar_task.enqueue(self.queue, meeting, due_at)
        except UpstreamError as error:
            # The meeting is stored: the caller keeps it, and the sweep nudges again.
            logger.warning(
                "task not enqueued", extra={"meeting_id": meeting.id, "code": error.code}
            )
            return False
        return True


def _same_content(one: Meeting, other: Meeting) -> bool:
    return set(one.participant_emails) == set(other.participant_emails) and all(
        getattr(one, name) == getattr(other, name) for name in SAME_CONTENT
    )
