"""A token of a user is bought with a key file or without one, and kept while it serves."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from google.auth.exceptions import DefaultCredentialsError, RefreshError, TransportError

from infra.credentials import DelegatedCredentials
from tests.infra.account_key import ACCOUNT, OAUTH2, claims
from tests.infra.google_cloud import SIGN_BLOB, Answer, GoogleCloud
from tests.infra.loopback_google import SILENCE, LoopbackGoogle

CALENDAR = "https://www.googleapis.com/auth/calendar.events"
DRIVE = "https://www.googleapis.com/auth/drive.readonly"


class TestKeyFile:
    def test_asks_for_a_token_of_the_user_at_the_files_own_token_uri(
        self, google: LoopbackGoogle, tmp_path: Path
    ) -> None:
        credentials = DelegatedCredentials(key_file=google.key_file(tmp_path))

        made = credentials.for_subject("ana@clinic.example", [CALENDAR])

        assert made.token == "token-1"
        (call,) = google.tokens
        asked = call.claims
        assert (asked["iss"], asked["sub"], asked["scope"]) == (
            ACCOUNT,
            "ana@clinic.example",
            CALENDAR,
        )

    def test_each_user_and_each_set_of_scopes_has_one_token(
        self, google: LoopbackGoogle, tmp_path: Path
    ) -> None:
        credentials = DelegatedCredentials(key_file=google.key_file(tmp_path))

        first = credentials.for_subject("ana@clinic.example", [CALENDAR, DRIVE])
        again = credentials.for_subject("ana@clinic.example", [DRIVE, CALENDAR])
        credentials.for_subject("ana@clinic.example", [CALENDAR])
        credentials.for_subject("eva@clinic.example", [CALENDAR])

        assert first is again
        asked = [(call.claims["sub"], call.claims["scope"]) for call in google.tokens]
        assert asked == [
            ("ana@clinic.example", f"{CALENDAR} {DRIVE}"),
            ("ana@clinic.example", CALENDAR),
            ("eva@clinic.example", CALENDAR),
        ]

    def test_an_expired_token_is_replaced(self, google: LoopbackGoogle, tmp_path: Path) -> None:
        google.token_answers.append((200, {"access_token": "brief", "expires_in": 1}))
        credentials = DelegatedCredentials(key_file=google.key_file(tmp_path))

        first = credentials.for_subject("ana@clinic.example", [CALENDAR]).token
        second = credentials.for_subject("ana@clinic.example", [CALENDAR]).token

        assert (first, second) == ("brief", "token-2")

    def test_the_user_not_seen_for_longest_is_forgotten(
        self, google: LoopbackGoogle, tmp_path: Path
    ) -> None:
        credentials = DelegatedCredentials(key_file=google.key_file(tmp_path), capacity=2)

        for name in ("ana", "eva", "ana", "leo", "ana", "eva"):
            credentials.for_subject(f"{name}@clinic.example", [CALENDAR])

        asked = [call.claims["sub"].partition("@")[0] for call in google.tokens]
        assert asked == ["ana", "eva", "leo", "eva"]

    def test_many_threads_at_once_mint_one_token_for_a_user(
        self, google: LoopbackGoogle, tmp_path: Path
    ) -> None:
        credentials = DelegatedCredentials(key_file=google.key_file(tmp_path))
        together = threading.Barrier(20)

        def token(_: int) -> Any:
            together.wait()
            return credentials.for_subject("ana@clinic.example", [CALENDAR]).token

        with ThreadPoolExecutor(20) as pool:
            tokens = set(pool.map(token, range(20)))

        assert tokens == {"token-1"}
        assert len(google.tokens) == 1

    def test_nobody_waits_longer_than_the_limit_for_another_threads_token(
        self, google: LoopbackGoogle, tmp_path: Path
    ) -> None:
        asked, answered = threading.Event(), threading.Event()

        def endless(**_: Any) -> Answer:
            asked.set()
            answered.wait(30)
            return GoogleCloud.json({"access_token": "late", "expires_in": 3600})

        credentials = DelegatedCredentials(
            key_file=google.key_file(tmp_path), request=endless, timeout_seconds=0.05
        )
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(credentials.for_subject, "ana@clinic.example", [CALENDAR])
            asked.wait(30)
            began = time.monotonic()
            with pytest.raises(TimeoutError):
                credentials.for_subject("ana@clinic.example", [CALENDAR])
            waited = time.monotonic() - began
            answered.set()

        assert waited < 5
        assert first.result().token == "late"

    def test_a_refused_token_is_replaced_and_another_is_not(
        self, google: LoopbackGoogle, tmp_path: Path
    ) -> None:
        credentials = DelegatedCredentials(key_file=google.key_file(tmp_path))
        tokens = [
            credentials.for_subject("ana@clinic.example", [CALENDAR], refused).token
            for refused in (None, "token-1", "token-1")
        ]

        assert tokens == ["token-1", "token-2", "token-2"]

    @pytest.mark.parametrize("content", [None, "not JSON", '{"type": "authorized_user"}'])
    def test_an_unusable_file_is_named_as_such(self, tmp_path: Path, content: str | None) -> None:
        path = tmp_path / "key.json"
        if content is not None:
            path.write_text(content)

        with pytest.raises(DefaultCredentialsError):
            DelegatedCredentials(key_file=str(path)).for_subject("ana@clinic.example", [CALENDAR])


@pytest.mark.usefixtures("no_credentials_in_sight")
class TestKeyless:
    def test_has_the_assertion_signed_and_buys_a_token_with_it(self) -> None:
        cloud = GoogleCloud()

        made = DelegatedCredentials(ACCOUNT, request=cloud).for_subject(
            "ana@clinic.example", [CALENDAR]
        )

        assert made.token == "user-token"
        (body,) = cloud.bodies(OAUTH2)
        asked = claims(parse_qs(body.decode())["assertion"][0])
        assert (asked["iss"], asked["sub"], asked["scope"]) == (
            ACCOUNT,
            "ana@clinic.example",
            CALENDAR,
        )

    def test_sends_nothing_before_the_first_token_is_needed(self) -> None:
        cloud = GoogleCloud()

        DelegatedCredentials(ACCOUNT, request=cloud)

        assert cloud.heard == []

    def test_signs_once_for_a_token_that_serves_an_hour(self) -> None:
        cloud = GoogleCloud()
        credentials = DelegatedCredentials(ACCOUNT, request=cloud)

        for _ in range(5):
            credentials.for_subject("ana@clinic.example", [CALENDAR])

        assert len(cloud.bodies(SIGN_BLOB)) == len(cloud.bodies(OAUTH2)) == 1

    def test_a_refused_signature_is_an_error_of_google_auth(self) -> None:
        cloud = GoogleCloud(signing_answer=Answer(403, b'{"error": {"code": 403}}'))

        with pytest.raises(TransportError, match="signBlob"):
            DelegatedCredentials(ACCOUNT, request=cloud).for_subject(
                "ana@clinic.example", [CALENDAR]
            )


class TestTimeLimit:
    def test_a_token_endpoint_that_does_not_answer_is_given_up(
        self, google: LoopbackGoogle, tmp_path: Path
    ) -> None:
        google.token_answers.append(SILENCE)
        credentials = DelegatedCredentials(key_file=google.key_file(tmp_path), timeout_seconds=0.1)

        with pytest.raises(TransportError) as raised:
            credentials.for_subject("ana@clinic.example", [CALENDAR])

        assert isinstance(raised.value.__cause__, TimeoutError)

    def test_a_failure_is_not_remembered(self, google: LoopbackGoogle, tmp_path: Path) -> None:
        google.token_answers.append((400, {"error": "invalid_grant"}))
        credentials = DelegatedCredentials(key_file=google.key_file(tmp_path))

        with pytest.raises(RefreshError):
            credentials.for_subject("ana@clinic.example", [CALENDAR])

        assert credentials.for_subject("ana@clinic.example", [CALENDAR]).token == "token-2"
