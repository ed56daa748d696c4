"""One try to make a meeting's calendar event match the meeting."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from functions import measurements
from functions.errors import (
    ChangedError,
    ConcurrentChange,
    DuplicateError,
    GoneError,
    NotFoundError,
    PermanentError,
    RetryableError,
)
from functions.journaled_calendar import JournaledCalendar
from functions.models import (
    CalendarEvent,
    Conference,
    EntryKind,
    Meeting,
    MeetingStatus,
    RecordingSync,
    StoredMeeting,
    SyncError,
)
from functions.ports import MeetingStore
from functions.tracing import current_request_id

logger = logging.getLogger(__name__)

INSERT_IN_FLIGHT = timedelta(seconds=60)
"""Longer than an insert can take: nothing is sent later than 10 s after its start, nor waited for
longer than 10 s, and the HTTP client sends a lost request once more."""

EVENT_IDS_TRIED = 5
EVENT_MISSING = "event_missing"
CONFERENCE_POLLS_SECONDS = (0.25, 0.5, 1.0, 2.0)
CONFERENCE_ATTEMPTS = 3


class CalendarRound:
    """One try on the meeting as it was read; `stored` follows what the round itself saves."""

    def __init__(
        self,
        store: MeetingStore,
        calendar: JournaledCalendar,
        now: Callable[[], datetime],
        sleep: Callable[[float], object],
        prepares_rooms: bool,
        stored: StoredMeeting,
    ) -> None:
        self._store = store
        self._calendar = calendar
        self._now = now
        self._sleep = sleep
        self._prepares_rooms = prepares_rooms
        self._stored = stored

    def run(self) -> Meeting:
        try:
            matched = self._match()
        except RetryableError as error:
            self._postpone(error)
            if error.delay is None:
                raise
            return self._stored.meeting
        except PermanentError as error:
            reason = SyncError(code=error.code, detail=error.detail)
            failed = self._stored.meeting.failed(self._now(), reason)
            concluded = self._conclude(failed, EntryKind.CALENDAR_FAILED, code=error.code)
            measurements.meeting_failed(concluded, error.code)
            return concluded
        is_first_link = self._stored.meeting.status is MeetingStatus.CREATED
        concluded = self._conclude(matched, EntryKind.CALENDAR_SYNCED)
        if is_first_link:
            measurements.link_ready(concluded, self._now())
        return concluded

    def _match(self) -> Meeting:
        meeting = self._stored.meeting
        if meeting.livemode != self._calendar.livemode:
            raise PermanentError(
                "livemode_changed",
                "The meeting was made in the other mode (mock or live): create a new one.",
            )
        if meeting.is_cancelled:
            return self._delete()
        if meeting.meet_link is None:
            self._require_to_come()
        event = self._find_event() or self._insert()
        if event.revision > meeting.revision:
            raise ChangedError("stale_read", "The event shows a newer revision.")
        if event.revision < meeting.revision:
            event = self._write(self._calendar.patch, event)
        return self._with_conference(event).synced(self._now(), self._prepares_rooms)

    def _delete(self) -> Meeting:
        meeting = self._stored.meeting
        try:
            self._calendar.delete(meeting)
        except GoneError as error:
            started_at = meeting.calendar.insert_started_at
            if started_at is not None and self._now() < started_at + INSERT_IN_FLIGHT:
                raise RetryableError(
                    "insert_in_flight", "An event may still arrive: it is looked for again."
                ) from error
        return meeting.synced(self._now())

    def _find_event(self) -> CalendarEvent | None:
        if self._stored.meeting.google_event_id is None:
            return None
        event = self._look()
        if event is None:
            self._require_to_come()
            # Somebody deleted it at Google, where its id stays taken.
            self._next_generation()
        return event

    def _require_to_come(self) -> None:
        """Raise PermanentError where a new event would invite to what is over."""
        if self._stored.meeting.scheduled_end <= self._now():
            raise PermanentError("appointment_over", "The appointment is over: nobody is invited.")

    def _look(self) -> CalendarEvent | None:
        """Return the meeting's event if it is live; None where it is, for sure, no more."""
        try:
            event = self._calendar.get(self._stored.meeting)
        except NotFoundError as error:
            last = self._stored.meeting.calendar.error
            if last is None or last.code != EVENT_MISSING:
                # Said of an event that is there, it would make a second one: it must be said twice.
                raise RetryableError(
                    EVENT_MISSING, "Google does not find the event: it is looked for once more."
                ) from error
            return None
        except GoneError:
            return None
        is_ours = event.meeting_id in (None, self._stored.meeting.id)
        return event if is_ours and not event.is_cancelled else None

    def _insert(self) -> CalendarEvent:
        for _ in range(EVENT_IDS_TRIED):
            meeting = self._stored.meeting
            if meeting.calendar.insert_started_at is not None:
                # Another worker may be at it, or its answer was lost: look before asking again.
                with suppress(GoneError):
                    event = self._calendar.get(meeting)
                    if not event.is_cancelled:
                        return event
            # Before the call: a cancellation must know that an event may still arrive.
            self._save(self._calendar_with(insert_started_at=self._now()))
            try:
                return self._calendar.insert(self._stored.meeting)
            except DuplicateError:
                made = self._look()
            if made is not None:
                return made
            self._next_generation()
        raise RetryableError("event_ids_taken", "Google has every event id that was tried.")

    def _with_conference(self, event: CalendarEvent) -> Meeting:
        """Return the meeting with the event's Meet room, waiting a little for one that is made."""
        for delay_seconds in (*CONFERENCE_POLLS_SECONDS, None):
            meeting = self._stored.meeting
            if event.conference is Conference.SUCCESS:
                return meeting.replace(
                    google_event_id=event.event_id,
                    meet_link=event.meet_link,
                    meeting_code=event.meeting_code,
                )
            if event.conference is not Conference.PENDING:
                event = self._request_conference(event)
            elif delay_seconds is not None:
                self._sleep(delay_seconds)
                event = self._reread()
        self._save(self._stored.meeting.replace(google_event_id=event.event_id))
        raise RetryableError("conference_pending", "Google has not made the Meet room yet.")

    def _request_conference(self, event: CalendarEvent) -> CalendarEvent:
        meeting = self._stored.meeting
        asked = event.conference_request_id
        # The failure of an earlier request is no news: the present one was not made yet.
        if asked is None or asked == meeting.conference_request_id:
            attempt = meeting.calendar.conference_attempt + 1
            # Saved also where it ends here: what opens the meeting again needs a fresh request id.
            self._save(
                self._calendar_with(conference_attempt=attempt).replace(
                    google_event_id=event.event_id
                )
            )
            if attempt % CONFERENCE_ATTEMPTS == 0:
                raise PermanentError(
                    "conference_failed",
                    "Google made no Meet room: check that Google Meet is on for the organizer in"
                    " the Admin console under Apps > Google Workspace > Google Meet.",
                )
        return self._write(self._calendar.request_conference, event)

    def _write(
        self, write: Callable[[Meeting, CalendarEvent], CalendarEvent], event: CalendarEvent
    ) -> CalendarEvent:
        """Write what was read; an event that was deleted meanwhile counts as changed."""
        try:
            return write(self._stored.meeting, event)
        except GoneError as error:
            raise _deleted() from error
        except PermanentError as error:
            # Google forbids what is done to a deleted event, and does not say that it is gone.
            self._reread()
            raise error

    def _reread(self) -> CalendarEvent:
        try:
            event = self._calendar.get(self._stored.meeting)
        except GoneError as error:
            raise _deleted() from error
        if event.is_cancelled:
            raise _deleted()
        return event

    def _next_generation(self) -> None:
        meeting = self._calendar_with(
            generation=self._stored.meeting.calendar.generation + 1,
            conference_attempt=0,
            insert_started_at=None,
        )
        # With the room go all looks at it: there is one to come when there is another.
        self._save(
            meeting.replace(
                recording_sync=RecordingSync(),
                google_event_id=None,
                meet_link=None,
                meeting_code=None,
                space_name=None,
                access_type=None,
                auto_recording=None,
            )
        )

    def _postpone(self, error: RetryableError) -> None:
        reason = SyncError(code=error.code, detail=error.detail)
        postponed = self._stored.meeting.postponed(self._now(), reason, error.delay)
        try:
            self._conclude(postponed, EntryKind.CALENDAR_POSTPONED, code=error.code)
        except ConcurrentChange:
            # The other writer's change is due by itself.
            logger.info("sync outcome not saved", extra={"meeting_id": self._stored.meeting.id})

    def _conclude(self, meeting: Meeting, kind: EntryKind, **details: str) -> Meeting:
        """Save how the round ended, with what was asked of Google."""
        noted, entry = meeting.noting(
            kind,
            self._now(),
            "sync_calendar",
            details=details,
            google_calls=tuple(self._calendar.calls),
            request_id=current_request_id(),
        )
        self._stored = self._store.save(self._stored, noted, entry)
        return noted

    def _calendar_with(self, **changes: object) -> Meeting:
        meeting = self._stored.meeting
        return meeting.replace(calendar=meeting.calendar.replace(**changes))

    def _save(self, meeting: Meeting) -> None:
        if meeting != self._stored.meeting:
            self._stored = self._store.save(self._stored, meeting)


def _deleted() -> ChangedError:
    return ChangedError("event_deleted", "The event was deleted meanwhile.")
