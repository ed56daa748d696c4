"""A calendar that notes what is asked of it, for the journal of the meeting."""

from collections.abc import Callable
from typing import TypeVar

from functions.errors import UpstreamError
from functions.models import CalendarEvent, GoogleCall, Meeting
from functions.ports import Calendar

Result = TypeVar("Result")


class JournaledCalendar:
    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self.calls: list[GoogleCall] = []

    @property
    def livemode(self) -> bool:
        return self._calendar.livemode

    def insert(self, meeting: Meeting) -> CalendarEvent:
        return self._note("events.insert", lambda: self._calendar.insert(meeting))

    def get(self, meeting: Meeting) -> CalendarEvent:
        return self._note("events.get", lambda: self._calendar.get(meeting))

    def patch(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        return self._note("events.patch", lambda: self._calendar.patch(meeting, event))

    def request_conference(self, meeting: Meeting, event: CalendarEvent) -> CalendarEvent:
        return self._note("events.patch", lambda: self._calendar.request_conference(meeting, event))

    def delete(self, meeting: Meeting) -> None:
        self._note("events.delete", lambda: self._calendar.delete(meeting))

    def _note(self, method: str, call: Callable[[], Result]) -> Result:
        try:
            result = call()
        except UpstreamError as error:
            self.calls.append(GoogleCall(method=method, outcome=error.code))
            raise
        self.calls.append(GoogleCall(method=method, outcome="ok"))
        return result
