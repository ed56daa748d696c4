"""A calendar that notes what is asked of it, for the journal of the meeting."""

from functions.google_calls import GoogleCalls
from functions.models import CalendarEvent, GoogleCall, Meeting
from functions.ports import Calendar


class JournaledCalendar:
    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._google = GoogleCalls()

    @property
    def calls(self) -> list[GoogleCall]:
        return self._google.made

    @property
    def livemode(self) -> bool:
        return self._calendar.livemode

    def insert(self, meeting: Meeting) -> CalendarEvent:
        return self._google.ask("events.insert", lambda: self._calendar.insert(meeting))

    def get(self, meeting: Meeting) -> CalendarEvent:
        return self._google.ask("events.get", lambda: self._calendar.get(meeting))

    def patch(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        return self._google.ask("events.patch", lambda: self._calendar.patch(meeting, event))

    def request_conference(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        return self._google.ask(
            "events.patch", lambda: self._calendar.request_conference(meeting, event)
        )

    def delete(self, meeting: Meeting) -> None:
        self._google.ask("events.delete", lambda: self._calendar.delete(meeting))
