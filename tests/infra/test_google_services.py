"""Which of Google's services is spoken to, and that a start loads no client of theirs."""

import subprocess
import sys

import pytest

from infra.google_calendar import GoogleCalendar
from infra.google_connections import Mailboxes
from infra.google_drive import GoogleDrive
from infra.google_meet import GoogleMeet
from tests.infra.appointment import EVENT_PATH, meeting, resource
from tests.infra.loopback_google import LoopbackGoogle


class TestEndpoint:
    @pytest.mark.parametrize("suffix", ["", "/", "/calendar/v3", "/calendar/v3/"])
    def test_of_calendar_is_the_root_or_the_whole_base_url(
        self, mailboxes: Mailboxes, google: LoopbackGoogle, suffix: str
    ) -> None:
        google.answers.append((200, resource()))

        GoogleCalendar(mailboxes, google.url + suffix).get(meeting())

        assert google.api_calls[0].path == EVENT_PATH

    @pytest.mark.parametrize("suffix", ["", "/"])
    def test_of_meet_is_the_root(
        self, mailboxes: Mailboxes, google: LoopbackGoogle, suffix: str
    ) -> None:
        google.answers.append((200, {"name": "spaces/jQCFfuBOdN5z"}))

        GoogleMeet(mailboxes, google.url + suffix).find_space(meeting(meeting_code="abc-defg-hij"))

        assert google.api_calls[0].path == "/v2/spaces/abc-defg-hij"

    @pytest.mark.parametrize("suffix", ["", "/", "/drive/v3", "/drive/v3/"])
    def test_of_drive_is_the_root_or_the_whole_base_url(
        self, mailboxes: Mailboxes, google: LoopbackGoogle, suffix: str
    ) -> None:
        google.answers.append((200, {"id": "1x", "trashed": False}))

        GoogleDrive(mailboxes, google.url + suffix).get_file(meeting(), "1x")

        assert google.api_calls[0].path == "/drive/v3/files/1x"

    def test_without_one_it_is_googles_own(self, mailboxes: Mailboxes) -> None:
        events = GoogleCalendar(mailboxes)._service("events")
        spaces = GoogleMeet(mailboxes)._service("spaces")
        files = GoogleDrive(mailboxes)._service("files")

        uris = [
            events.get(calendarId="primary", eventId="e").uri,
            spaces.get(name="spaces/s").uri,
            files.get(fileId="f").uri,
        ]

        assert [uri.partition("?")[0] for uri in uris] == [
            "https://www.googleapis.com/calendar/v3/calendars/primary/events/e",
            "https://meet.googleapis.com/v2/spaces/s",
            "https://www.googleapis.com/drive/v3/files/f",
        ]


class TestColdStart:
    def test_neither_import_nor_construction_loads_a_google_client(self) -> None:
        code = (
            "import sys\n"
            "from infra.credentials import DelegatedCredentials\n"
            "from infra.google_calendar import GoogleCalendar\n"
            "from infra.google_connections import Mailboxes\n"
            "from infra.google_drive import GoogleDrive\n"
            "from infra.google_meet import GoogleMeet\n"
            "mailboxes = Mailboxes(DelegatedCredentials(), frozenset(), 'a@b')\n"
            "GoogleCalendar(mailboxes), GoogleMeet(mailboxes), GoogleDrive(mailboxes)\n"
            "clients = {'google.auth', 'google.oauth2', 'googleapiclient', 'httplib2'}\n"
            "print(sorted(clients & set(sys.modules)))\n"
        )

        loaded = subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True
        )

        assert loaded.stdout == "[]\n"
