"""Which Calendar is spoken to, and that a start loads no client."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from infra.credentials import DelegatedCredentials
from infra.google_calendar import GoogleCalendar
from tests.infra.appointment import EVENT_PATH, meeting, resource
from tests.infra.conftest import DELEGATE, calendar_on
from tests.infra.loopback_google import LoopbackGoogle


class TestEndpoint:
    @pytest.mark.parametrize("suffix", ["", "/", "/calendar/v3", "/calendar/v3/"])
    def test_is_the_root_or_the_whole_base_url(
        self, google: LoopbackGoogle, tmp_path: Path, suffix: str
    ) -> None:
        google.answers.append((200, resource()))
        with closing(calendar_on(google, tmp_path, google.url + suffix)) as calendar:
            calendar.get(meeting())

        assert google.api_calls[0].path == EVENT_PATH

    def test_without_one_it_is_googles_own(self, google: LoopbackGoogle, tmp_path: Path) -> None:
        credentials = DelegatedCredentials(key_file=google.key_file(tmp_path))
        calendar = GoogleCalendar(credentials, frozenset(), DELEGATE)

        request = calendar._events().get(calendarId="primary", eventId="e")

        assert request.uri.startswith("https://www.googleapis.com/calendar/v3/calendars/primary/")


class TestColdStart:
    def test_neither_import_nor_construction_loads_a_google_client(self) -> None:
        code = (
            "import sys\n"
            "from infra.credentials import DelegatedCredentials\n"
            "from infra.google_calendar import GoogleCalendar\n"
            "GoogleCalendar(DelegatedCredentials(), frozenset(), 'a@b')\n"
            "clients = {'google.auth', 'google.oauth2', 'googleapiclient', 'httplib2'}\n"
            "print(sorted(clients & set(sys.modules)))\n"
        )

        loaded = subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True
        )

        assert loaded.stdout == "[]\n"

    def test_it_says_that_its_links_are_real(self, calendar: GoogleCalendar) -> None:
        assert calendar.livemode is True
