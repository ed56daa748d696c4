"""AUTH=local: the stack with its own issuer lets in who has a token of it, and nobody else."""

import json
import re
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from infra.local.local_issuer import KEY_FILE, signing_key
from infra.local.oidc_issuer import OidcIssuer
from tests.processes.asking import MEETINGS, ask
from tests.processes.local_stack import Stack, paste
from tests.processes.running import wait_until
from tests.processes.tokens import ME, SERVICE, ask_as, refusal, token_for
from tests.values import a_request

INVOKER = "cloud-tasks@local.iam.gserviceaccount.com"
SCHEDULER = "cloud-scheduler@local.iam.gserviceaccount.com"
UNAUTHENTICATED = (401, "Bearer", "unauthenticated", None)


def invalid(reason: str) -> tuple[int, str, str, str]:
    return 401, 'Bearer error="invalid_token"', "invalid_token", reason


@pytest.fixture
def stack(authenticated_stack: Stack) -> Stack:
    return authenticated_stack


@pytest.fixture
def service(stack: Stack) -> str:
    """A token of XOMA's."""
    return token_for(stack.url, "service", SERVICE)


@pytest.fixture
def issuer(stack: Stack) -> OidcIssuer:
    """The stack's issuer, as whoever has its key can be."""
    return OidcIssuer(f"{stack.url}/local-issuer", time.time, signing_key(KEY_FILE))


def make_meeting(stack: Stack, token: str, **changes: Any) -> str:
    answer = ask_as(token, stack.url, "POST", MEETINGS, a_request(**changes))
    assert (answer.status, bool(answer.json["meet_link"])) == (201, True)
    return str(answer.json["id"])


class TestWhatItSays:
    def test_it_names_auth_and_how_to_get_a_token(self, stack: Stack) -> None:
        said = "\n".join(stack.welcome)

        token = f"make -s token ROLE=service EMAIL={SERVICE} PORT={stack.port}"
        assert re.search(rf"^AUTH +local, a token: {token}$", said, re.M)
        assert stack.curl.endswith(f' -H "Authorization: Bearer $({token})"')
        assert stack.errors == ""

    def test_the_printed_line_makes_a_meeting_with_a_link(self, stack: Stack) -> None:
        status, meeting = paste(stack.curl)

        assert status.startswith("HTTP/1.1 201")
        assert meeting["meet_link"].startswith(f"{stack.url}/simulated-rooms/")
        assert meeting["created_by"] == SERVICE


class TestWhoCalls:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_nobody_is_let_in_without_a_token(self, stack: Stack, method: str) -> None:
        answer = ask(stack.url, method, MEETINGS, a_request() if method == "POST" else None)

        assert refusal(answer) == UNAUTHENTICATED

    def test_whoever_has_a_role_with_no_right_to_it_makes_no_meeting(self, stack: Stack) -> None:
        external = token_for(stack.url, "external", "familia@correo.com")

        answer = ask_as(external, stack.url, "POST", MEETINGS, a_request())

        assert (answer.status, answer.json["code"]) == (403, "forbidden")

    def test_an_external_user_sees_only_its_own_meetings(self, stack: Stack, service: str) -> None:
        email = "vecina@correo.com"
        own = make_meeting(stack, service, external_reference="own", invited_emails=[email])
        other = make_meeting(stack, service, external_reference="other")
        external = token_for(stack.url, "external", email)

        found = ask_as(external, stack.url, "GET", MEETINGS).json["results"]

        assert [meeting["id"] for meeting in found] == [own]
        assert ask_as(external, stack.url, "GET", f"{MEETINGS}{own}/").status == 200
        assert ask_as(external, stack.url, "GET", f"{MEETINGS}{other}/").status == 404


class TestForgedTokens:
    def test_one_for_another_audience(self, stack: Stack, issuer: OidcIssuer) -> None:
        token = issuer.mint("admin@clinica.com", f"{stack.url}/sync_calendar/")

        assert refusal(ask_as(token, stack.url, "GET", ME)) == invalid("wrong_audience")

    def test_one_of_another_issuer(self, stack: Stack) -> None:
        tasks = OidcIssuer(f"{stack.url}/cloud-tasks", time.time, signing_key(KEY_FILE))
        token = tasks.mint("admin@clinica.com", stack.url)

        assert refusal(ask_as(token, stack.url, "GET", ME)) == invalid("unknown_issuer")

    def test_one_that_is_signed_with_another_key(self, stack: Stack) -> None:
        forger = OidcIssuer(f"{stack.url}/local-issuer", time.time)
        token = forger.mint("admin@clinica.com", stack.url)

        assert refusal(ask_as(token, stack.url, "GET", ME)) == invalid("unknown_key")

    def test_one_that_was_changed(self, stack: Stack, issuer: OidcIssuer, service: str) -> None:
        head, _, signature = service.split(".")
        claims = issuer.mint("admin@clinica.com", stack.url).split(".")[1]

        answer = ask_as(f"{head}.{claims}.{signature}", stack.url, "GET", ME)

        assert refusal(answer) == invalid("invalid_signature")

    def test_one_that_has_expired(self, stack: Stack) -> None:
        url, key = f"{stack.url}/local-issuer", signing_key(KEY_FILE)
        token = OidcIssuer(url, lambda: time.time() - 7200, key).mint(SERVICE, stack.url)

        assert refusal(ask_as(token, stack.url, "GET", ME)) == invalid("expired")


class TestInternalFunctions:
    @pytest.mark.parametrize("path", ["/sync_calendar/", "/sweep/"])
    def test_nobody_is_let_in_without_a_token(self, stack: Stack, path: str) -> None:
        assert refusal(ask(stack.url, "POST", path, {})) == UNAUTHENTICATED

    @pytest.mark.parametrize("path", ["/sync_calendar/", "/sweep/"])
    def test_a_callers_token_does_not_open_them(
        self, stack: Stack, service: str, path: str
    ) -> None:
        answer = ask_as(service, stack.url, "POST", path, {})

        assert refusal(answer) == invalid("unknown_issuer")

    @pytest.mark.parametrize(
        ("path", "email"), [("/sync_calendar/", INVOKER), ("/sweep/", SCHEDULER)]
    )
    def test_the_callers_issuer_cannot_speak_for_google(
        self, stack: Stack, issuer: OidcIssuer, path: str, email: str
    ) -> None:
        token = issuer.mint(email, f"{stack.url}{path}")

        assert refusal(ask_as(token, stack.url, "POST", path, {})) == invalid("unknown_issuer")

    def test_the_clock_of_the_stack_is_let_into_the_sweep(self, stack: Stack) -> None:
        wait_until(lambda: bool(swept(stack)), 20, "a sweep by the clock")

        assert {line["httpRequest"]["status"] for line in swept(stack)} == {200}
        assert "the sweep failed" not in stack.output


def swept(stack: Stack) -> list[dict[str, Any]]:
    """The log's lines on sweeps that were let in."""
    lines = [line for line in stack.output.splitlines() if line.startswith("{")]
    return [line for line in map(json.loads, lines) if "nudged" in line]


class TestARestart:
    def test_an_old_token_is_still_valid(self, tmp_path: Path) -> None:
        with Stack(tmp_path / "first", variables={"AUTH": "local"}) as first:
            first.start()
            admin = token_for(first.url, "admin", "admin@clinica.com")
            first.signal(signal.SIGTERM)
            assert first.wait() == 0

        with Stack(tmp_path / "then", port=first.port, variables={"AUTH": "local"}) as then:
            then.start()
            answer = ask_as(admin, then.url, "GET", ME)

        assert (answer.status, answer.json["email"]) == (200, "admin@clinica.com")
