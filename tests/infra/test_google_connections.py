"""Many calls at once share tokens, and each has a connection to itself while it lasts."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from infra.credentials import DelegatedCredentials
from infra.google_calendar import SERVICE_PATH, GoogleCalendar
from infra.google_connections import DelegatedConnections, Mailboxes
from infra.google_services import GoogleService
from tests.infra.appointment import DELEGATE, LINK, meeting, resource
from tests.infra.loopback_google import LoopbackGoogle


class TestThreads:
    def test_a_token_refused_to_many_at_once_is_replaced_once(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        together = threading.Barrier(20)
        google.refused_tokens.add("token-1")
        google.answers.extend([(200, resource())] * 20)

        def get(_: int) -> str | None:
            together.wait()
            return calendar.get(meeting()).meet_link

        with ThreadPoolExecutor(20) as pool:
            links = list(pool.map(get, range(20)))

        assert links == [LINK] * 20
        assert len(google.tokens) == 2

    def test_each_call_at_a_time_has_a_connection_and_all_share_a_token(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        together = threading.Barrier(20)
        google.answers.extend([(200, resource())] * 40)

        def get(_: int) -> str | None:
            together.wait()
            return calendar.get(meeting()).meet_link

        with ThreadPoolExecutor(20) as pool:
            links = list(pool.map(get, range(20))) + list(pool.map(get, range(20)))

        assert links == [LINK] * 40
        assert len(google.tokens) == 1
        assert len({call.client for call in google.api_calls}) <= 20

    def test_one_connection_serves_calls_that_follow_each_other(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.extend([(200, resource())] * 3)

        for organizer in ("ana@clinic.example", "eva@clinic.example", "leo@hospital.example"):
            calendar.get(meeting(organizer))

        assert len(google.tokens) == 3
        assert len({call.client for call in google.api_calls}) == 1

    @pytest.mark.parametrize(("idle_seconds", "connections"), [(60, 1), (0, 2)])
    def test_a_connection_long_unused_is_not_trusted(
        self, google: LoopbackGoogle, tmp_path: Path, idle_seconds: float, connections: int
    ) -> None:
        google.answers.extend([(200, resource())] * 2)
        credentials = DelegatedCredentials(key_file=google.key_file(tmp_path))
        service = GoogleService("calendar", "v3", SERVICE_PATH, google.url)
        request = service().events().get(calendarId="primary", eventId="e")

        with closing(DelegatedConnections(credentials, 10, idle_seconds)) as used:
            used.execute(request, DELEGATE, ["scope"])
            used.execute(request, DELEGATE, ["scope"])

        assert len({call.client for call in google.api_calls}) == connections

    def test_closed_mailboxes_can_be_used_again(
        self, calendar: GoogleCalendar, mailboxes: Mailboxes, google: LoopbackGoogle
    ) -> None:
        google.answers.extend([(200, resource())] * 2)

        calendar.get(meeting())
        mailboxes.close()
        calendar.get(meeting())

        assert len({call.client for call in google.api_calls}) == 2
