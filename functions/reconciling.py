"""Compare what is stored with the organizers' calendars, after an older backup was restored."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from functions.errors import (
    GoneError,
    MeetingNotFound,
    NotFoundError,
    RetryableError,
    UpstreamError,
)
from functions.mismatches import Finding, Mismatch, compare, generation_of, mismatch_of
from functions.models import (
    EventInFull,
    Meeting,
    MeetingQuery,
    Ordering,
    Page,
    Position,
    user_id,
)
from functions.ports import ListedCalendar, MeetingStore, UserStore

PAGE_SIZE = 100
GENERATIONS_AHEAD = 3
"""How many events that were made anew since the backup are looked for by their ids."""

PAUSES_SECONDS = (1.0, 4.0)

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Unread:
    """A calendar, or one meeting's event in it, that could not be read."""

    user_id: str
    """The mailbox's id in the users' directory."""

    code: str
    meeting_id: str | None = None


@dataclass(frozen=True)
class Window:
    """Events that end after, and meetings that begin from; until its end where there is one."""

    begins_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Reconciler:
    store: MeetingStore
    users: UserStore
    calendar: ListedCalendar
    now: Callable[[], datetime]
    sleep: Callable[[float], object]

    def organizers(self, window: Window) -> set[str]:
        """Return all users, and who organizes a meeting of the window without being one."""
        users = _all(lambda after: self.users.page(None, PAGE_SIZE, after))
        return {user.email for user in users} | {
            meeting.organizer_email for meeting in self._stored(window, None)
        }

    def find(
        self, organizers: Collection[str], window: Window, only_theirs: bool
    ) -> Iterator[Finding | Unread]:
        """Yield what is wrong, one mailbox after the other.

        `only_theirs` leaves out the events that others organize in the same mailbox.

        Raises:
            RetryableError, PermanentError: what is stored could not be read.
        """
        mailboxes = defaultdict(set)
        for organizer in organizers:
            mailboxes[self.calendar.owner_of(organizer)].add(organizer)
        for mailbox in sorted(mailboxes):
            yield from self._find_in(mailbox, mailboxes[mailbox], window, only_theirs)

    def find_event(self, meeting: Meeting) -> EventInFull | None:
        """Return the meeting's live event, also one that was made anew since; None: it is missing.

        Raises:
            NotFoundError: there never was one.
        """
        unknown = None if meeting.google_event_id else NotFoundError("not_found", "Never made.")
        first = meeting.calendar.generation
        for generation in range(first, first + GENERATIONS_AHEAD):
            calendar = meeting.calendar.replace(generation=generation)
            read = partial(self.calendar.read_event, meeting.replace(calendar=calendar))
            try:
                return self._patiently(read)
            except NotFoundError:
                continue
            except GoneError:
                unknown = None
        if unknown is not None:
            raise unknown
        return None

    def _find_in(
        self, mailbox: str, organizers: set[str], window: Window, only_theirs: bool
    ) -> Iterator[Finding | Unread]:
        try:
            events = self._patiently(
                lambda: list(self.calendar.list_events(mailbox, window.begins_at, window.ends_at))
            )
        except UpstreamError as error:
            yield Unread(user_id(mailbox), error.code)
            return
        ours = [
            event
            for event in events
            if generation_of(event) is not None
            and self.calendar.owner_of(event.organizer_email) == mailbox
            and (not only_theirs or event.organizer_email in organizers)
        ]
        meetings = {
            meeting.id: meeting
            for organizer in sorted(organizers)
            for meeting in self._stored(window, organizer)
        }
        shown = {event.meeting_id or "" for event in ours}
        without_event = [meeting for id, meeting in meetings.items() if id not in shown]
        for meeting_id in shown - meetings.keys():
            try:
                meetings[meeting_id] = self.store.get(meeting_id).meeting
            except MeetingNotFound:
                continue
        yield from compare(meetings, ours, self.now())
        for meeting in without_event:
            if not meeting.is_cancelled and meeting.scheduled_end > self.now() and meeting.livemode:
                yield from self._look_for_event(mailbox, meeting)

    def _look_for_event(self, mailbox: str, meeting: Meeting) -> Iterator[Finding | Unread]:
        """Tell an event that was deleted from one that is outside of the window, or yet to come."""
        try:
            event = self.find_event(meeting)
        except NotFoundError:
            return
        except UpstreamError as error:
            yield Unread(user_id(mailbox), error.code, meeting.id)
            return
        mismatch = mismatch_of(meeting, event, self.now()) if event else Mismatch.MISSING
        if mismatch is not None:
            event_id = event.event_id if event else meeting.event_id
            yield Finding(mismatch, meeting.id, event_id, meeting.revision, event)

    def _stored(self, window: Window, organizer_email: str | None) -> Iterator[Meeting]:
        query = MeetingQuery(
            ordering=Ordering.EARLIEST,
            organizer_email=organizer_email,
            scheduled_from=window.begins_at,
            scheduled_to=window.ends_at,
        )
        return _all(lambda after: self.store.page(query, PAGE_SIZE, after))

    def _patiently(self, call: Callable[[], Result]) -> Result:
        """Ask Google, again where it is out of order: no queue does it here."""
        for pause_seconds in PAUSES_SECONDS:
            try:
                return call()
            except RetryableError:
                self.sleep(pause_seconds)
        return call()


def _all(page_after: Callable[[Position | None], Page[Item]]) -> Iterator[Item]:
    page = page_after(None)
    yield from page.items
    while page.next is not None:
        page = page_after(page.next)
        yield from page.items
