"""Google Calendar as the mock Workspace has it."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from functions.models import CalendarEvent, Conference, Meeting
from infra.mock_workspace.scripts import FAILURES, Script, play_of

TRANSIENT = "google_unavailable"
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
        play = play_of(meeting)
        play.check(Script.FAIL)
        if play.script is Script.TRANSIENT and meeting.calendar.attempts < play.number:
            raise FAILURES[TRANSIENT].error()
        if play.script is Script.ROOM_FAILS:
            return Conference.FAILURE
        if play.script is Script.LINK_NEVER:
            return Conference.PENDING
        made_after = timedelta(seconds=play.number if play.script is Script.LINK_AFTER else 0)
        is_made = self._now() >= meeting.created_at + made_after
        return Conference.SUCCESS if is_made else Conference.PENDING


def _meeting_code(event_id: str) -> str:
    digits = hashlib.sha256(event_id.encode()).digest()
    letters = "".join(LETTERS[digit % len(LETTERS)] for digit in digits[:10])
    return f"{letters[:3]}-{letters[3:7]}-{letters[7:]}"
