"""Make, move and cancel a meeting: the rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from functions import measurements
from functions.errors import ConcurrentChange, MeetingNotFound, ReferenceTaken
from functions.models import (
    CalendarSync,
    EntryKind,
    Meeting,
    Notify,
    Participant,
    Role,
    StoredMeeting,
    new_id,
)
from functions.tracing import current_request_id
from functions.writing import ATTEMPTS, Change, Intent, MeetingWriter, differences

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
    writer: MeetingWriter
    livemode: bool

    def create(self, new: NewMeeting, intent: Intent) -> Created:
        """Store a meeting and nudge the calendar; idempotent by its external_reference.

        Where an active meeting has the same reference and content, that one is returned.

        Raises:
            ReferenceTaken: an active meeting has the same reference and other content.
        """
        store = self.writer.store
        meeting, entry = self._meeting(new, intent.by).noting(
            EntryKind.MEETING_CREATED, self.writer.now(), intent.by, request_id=current_request_id()
        )
        for _ in range(ATTEMPTS):
            try:
                store.create(meeting, entry, intent.claim_of(meeting.id))
            except ConcurrentChange:
                continue
            except ReferenceTaken as taken:
                existing = self._find_holder(taken.existing_id, meeting)
                if existing is None:
                    continue
                if not _same_content(existing.meeting, meeting):
                    raise
                if not self._claim_existing(existing, intent):
                    continue
                return Created(existing.meeting, is_new=False, is_under_way=True)
            measurements.link_requested(meeting)
            return Created(meeting, is_new=True, is_under_way=self.writer.nudge(meeting))
        raise ConcurrentChange

    def recall(self, meeting_id: str, is_new: bool) -> Created:
        """Return a meeting that `create` made or found, for whom its answer was lost.

        Whoever made it may have died before the task; its name makes a second one nothing.
        """
        meeting = self.writer.store.get(meeting_id).meeting
        return Created(meeting, is_new, self.writer.nudge(meeting))

    def check_new(self, new: NewMeeting) -> None:
        """Raise ReferenceTaken where `create` would."""
        if new.external_reference is None:
            return
        existing = self.writer.store.find_active(new.external_reference)
        if existing is not None and not _same_content(existing, self._meeting(new, "")):
            raise ReferenceTaken(existing.id)

    def change(
        self, meeting_id: str, intent: Intent, change: Callable[[Meeting], Mapping[str, Any]]
    ) -> Meeting:
        """Apply a change to the meeting as it is now stored; one that changes nothing does nothing.

        Raises:
            MeetingNotFound, InvalidTransition: there is no such meeting, or it is over.
            ReferenceTaken: another active meeting has the new reference.
            InvalidRequest: raised by `change` where the result would not be valid.
        """
        return self.writer.change(
            meeting_id, intent, lambda meeting: self._changed(meeting, change(meeting))
        )

    def check_change(
        self, meeting_id: str, intent: Intent, change: Callable[[Meeting], Mapping[str, Any]]
    ) -> None:
        """Raise what `change` would raise, and change nothing."""
        meeting = self.writer.store.get(meeting_id).meeting
        intent.check(meeting)
        wanted = self._changed(meeting, change(meeting))
        reference = wanted.meeting.external_reference if wanted else None
        if reference is None or reference == meeting.external_reference:
            return
        holder = self.writer.store.find_active(reference)
        if holder is not None:
            raise ReferenceTaken(holder.id)

    def cancel(self, meeting_id: str, intent: Intent, reason: str | None = None) -> Meeting:
        """Cancel the meeting and free its reference; idempotent.

        Raises:
            MeetingNotFound, InvalidTransition: there is no such meeting, or it is finished.
        """

        def cancelled(meeting: Meeting) -> Change | None:
            if meeting.is_cancelled:
                return None
            return Change(
                meeting.cancelled(self.writer.now(), intent.by, reason),
                EntryKind.MEETING_CANCELLED,
                {"reason": reason} if reason else {},
            )

        return self.writer.change(meeting_id, intent, cancelled)

    def retry(self, meeting_id: str, intent: Intent) -> Meeting:
        """Have what failed tried once more.

        Raises:
            MeetingNotFound, NothingToRetry: there is no such meeting, or it has not failed.
        """
        return self.writer.change(
            meeting_id,
            intent,
            lambda meeting: Change(meeting.retried(self.writer.now()), EntryKind.MEETING_RETRIED),
        )

    def _changed(self, meeting: Meeting, wanted: Mapping[str, Any]) -> Change | None:
        changed = meeting.changed(self.writer.now(), **wanted)
        details = differences(meeting, changed, wanted)
        return Change(changed, EntryKind.MEETING_CHANGED, details) if details else None

    def _meeting(self, new: NewMeeting, by: str) -> Meeting:
        now = self.writer.now()
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
            summary=new.summary,
            description=new.description,
            scheduled_start=new.scheduled_start,
            scheduled_end=new.scheduled_end,
            time_zone=new.time_zone,
            external_reference=new.external_reference,
            notify=new.notify,
            calendar=CalendarSync().pending(now),
            created_at=now,
            updated_at=now,
            created_by=by,
        )

    def _find_holder(self, meeting_id: str, wanted: Meeting) -> StoredMeeting | None:
        """Return the meeting that has the wanted reference, unless it gave it up meanwhile."""
        try:
            stored = self.writer.store.get(meeting_id)
        except MeetingNotFound:
            return None
        is_held = stored.meeting.claimed_reference == wanted.external_reference
        return stored if is_held else None

    def _claim_existing(self, existing: StoredMeeting, intent: Intent) -> bool:
        """Use the Idempotency-Key for a meeting that is there already; False where it changed."""
        claim = intent.claim_of(existing.meeting.id)
        if claim is not None:
            found = claim.replace(is_new=False)
            try:
                self.writer.store.save(existing, existing.meeting, None, found)
            except ConcurrentChange:
                return False
        return True


def _same_content(one: Meeting, other: Meeting) -> bool:
    return set(one.participant_emails) == set(other.participant_emails) and all(
        getattr(one, name) == getattr(other, name) for name in SAME_CONTENT
    )
