"""What Calendar refuses, loses or never answers ends as an error of ours, and in time."""

import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from functions.errors import DuplicateError, PermanentError, RetryableError
from infra.credentials import DelegatedCredentials
from infra.google_calendar import GoogleCalendar
from infra.google_connections import Mailboxes
from tests.infra.appointment import DELEGATE, DOMAINS, meeting, resource
from tests.infra.conftest import mailboxes_on
from tests.infra.loopback_google import HANG_UP, SILENCE, LoopbackGoogle, refusal


class SlowCredentials(DelegatedCredentials):
    def for_subject(self, *args: Any, **kwargs: Any) -> Any:
        time.sleep(0.15)
        return super().for_subject(*args, **kwargs)


class TestTrouble:
    def test_a_refused_token_is_replaced_once(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.extend([refusal(401, "authError"), (200, resource())])

        calendar.get(meeting())

        used = [call.headers["authorization"] for call in google.api_calls]
        assert used == ["Bearer token-1", "Bearer token-2"]

    def test_a_refused_fresh_token_is_for_somebody_to_mend(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.extend([refusal(401, "authError")] * 9)

        with pytest.raises(PermanentError) as raised:
            calendar.get(meeting())

        assert raised.value.code == "unauthorized"
        assert len(google.api_calls) == 2

    def test_nothing_is_repeated_that_the_queue_will_repeat(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append((503, b"<html>later</html>"))

        with pytest.raises(RetryableError) as raised:
            calendar.insert(meeting())

        assert raised.value.code == "google_unavailable"
        assert len(google.api_calls) == 1

    def test_a_missing_delegation_is_said_to_be_missing(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.token_answers.append((401, {"error": "unauthorized_client"}))

        with pytest.raises(PermanentError) as raised:
            calendar.insert(meeting())

        assert raised.value.code == "delegation_missing"
        assert google.api_calls == []

    @pytest.mark.parametrize("silent", ["answers", "token_answers"])
    def test_silence_is_given_up_in_time(
        self, google: LoopbackGoogle, tmp_path: Path, silent: str
    ) -> None:
        getattr(google, silent).append(SILENCE)
        with closing(mailboxes_on(google, tmp_path, timeout_seconds=0.2)) as mailboxes:
            began = time.monotonic()

            with pytest.raises(RetryableError) as raised:
                GoogleCalendar(mailboxes, google.url).get(meeting())

            assert raised.value.code == "google_timeout"
            assert time.monotonic() - began < 2

    def test_an_insert_is_not_sent_late(self, google: LoopbackGoogle, tmp_path: Path) -> None:
        credentials = SlowCredentials(key_file=google.key_file(tmp_path))
        with closing(Mailboxes(credentials, DOMAINS, DELEGATE, 0.1)) as mailboxes:
            with pytest.raises(RetryableError) as raised:
                GoogleCalendar(mailboxes, google.url).insert(meeting())

        assert raised.value.code == "google_timeout"
        assert google.api_calls == []

    def test_a_lost_answer_to_an_insert_ends_as_a_duplicate(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        # httplib2 takes the closed connection for a stale one, and sends the same once more.
        google.answers.extend([HANG_UP, refusal(409, "duplicate")])

        with pytest.raises(DuplicateError):
            calendar.insert(meeting())

        first, second = google.api_calls
        assert first.json == second.json

    def test_answers_lost_again_and_again_are_left_to_the_queue(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.extend([HANG_UP] * 9)

        with pytest.raises(RetryableError) as raised:
            calendar.insert(meeting())

        assert raised.value.code == "google_unreachable"
        assert len(google.api_calls) == 2

    @pytest.mark.parametrize("content", [b"<html>sign in</html>", b"[]", b"\xff", b""])
    def test_an_answer_that_is_not_an_event_is_tried_again(
        self, calendar: GoogleCalendar, google: LoopbackGoogle, content: bytes
    ) -> None:
        google.answers.append((200, content))

        with pytest.raises(RetryableError) as raised:
            calendar.get(meeting())

        assert raised.value.code == "google_unreadable"
