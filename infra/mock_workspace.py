"""A Google Workspace that is not there: rooms are simulated, and meetings say so.

It keeps nothing. What it would remember follows from the meeting, so any number of instances
agree. The beginning of `external_reference` scripts what happens (docs/mock-workspace.md):

    sim-fail-<code>-…          every call fails with that code of infra/google_errors.py
    sim-transient-<n>-…        the first n attempts fail, then all is well
    sim-link-after-<n>-…       the room is there n seconds after the meeting was made
    sim-link-never-…           the room stays pending
    sim-room-fails-…           Google says that it cannot make the room
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from functions.errors import PermanentError, RetryableError
from functions.models import CalendarEvent, Conference, Meeting
from infra.google_errors import CALENDAR_NOT_FOUND, TABLE

SCRIPT = re.compile(
    r"sim-(?:fail-(?P<code>[a-z_]+)|transient-(?P<times>\d{1,3})|link-after-(?P<seconds>\d{1,5})"
    r"|(?P<never>link-never)|(?P<room>room-fails))-"
)
FAILURES = {
    row.code: row
    for row in (*TABLE, CALENDAR_NOT_FOUND)
    if row.raises in (PermanentError, RetryableError)
}
PREFIX = "sim-"
TRANSIENT = "google_unavailable"
UNKNOWN = "The external_reference begins with sim- and no known script: see docs/mock-workspace.md."
LETTERS = "abcdefghijkmnopqrstuvwxyz"


class MockCalendar:
    livemode = False

    def __init__(self, link_host: str, now: Callable[[], datetime]) -> None:
        self._link_host = link_host
        self._now = now

    def insert(self, meeting: Meeting) -> CalendarEvent:
        return self._event(meeting)

    def get(self, meeting: Meeting) -> CalendarEvent:
        event = self._event(meeting)
        return replace(event, revision=max(1, meeting.calendar.synced_revision))

    def patch(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        return self._event(meeting)

    def request_conference(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        return self._event(meeting)

    def delete(self, meeting: Meeting) -> None:
        self._play(meeting)

    def _event(self, meeting: Meeting) -> CalendarEvent:
        conference = self._play(meeting)
        has_room = conference is Conference.SUCCESS
        code = _meeting_code(meeting.event_id)
        return CalendarEvent(
            event_id=meeting.event_id,
            etag=str(meeting.revision),
            meeting_id=meeting.id,
            revision=meeting.revision,
            conference=conference,
            conference_request_id=meeting.conference_request_id,
            meet_link=f"{self._link_host}/{code}" if has_room else None,
            meeting_code=code if has_room else None,
        )

    def _play(self, meeting: Meeting) -> Conference:
        """Return what the script has for the room, or raise what it has instead."""
        reference = meeting.external_reference or ""
        script = SCRIPT.match(reference)
        if script is None and not reference.startswith(PREFIX):
            return Conference.SUCCESS
        if script is None or script["code"] not in (None, *FAILURES):
            raise PermanentError("unknown_simulation", UNKNOWN)
        failure = FAILURES.get(script["code"] or "")
        if script["times"] and meeting.calendar.attempts < int(script["times"]):
            failure = FAILURES[TRANSIENT]
        if failure is not None:
            raise failure.error()
        if script["room"]:
            return Conference.FAILURE
        made_at = meeting.created_at + timedelta(seconds=int(script["seconds"] or 0))
        return (
            Conference.PENDING if script["never"] or self._now() < made_at else (Conference.SUCCESS)
        )


def _meeting_code(event_id: str) -> str:
    digits = hashlib.sha256(event_id.encode()).digest()
    letters = "".join(LETTERS[digit % len(LETTERS)] for digit in digits[:10])
    return f"{letters[:3]}-{letters[3:7]}-{letters[7:]}"
