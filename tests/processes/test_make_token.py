"""`make token`: a token that lets in whoever is named, or one line that says why there is none."""

import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import jwt
import pytest

from tests.processes.local_stack import Stack
from tests.processes.running import ROOT, environment, free_port
from tests.processes.tokens import ME, SERVICE, ask_as, run_token, token_for
from tests.values import GUEST


@pytest.fixture
def stack(authenticated_stack: Stack) -> Stack:
    return authenticated_stack


class TestAToken:
    def test_make_prints_the_token_and_nothing_else(self, stack: Stack) -> None:
        assignments = ("ROLE=external", f"EMAIL={GUEST}", f"PORT={stack.port}")

        done = subprocess.run(
            ["make", "token", *assignments],
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
        )

        assert (done.returncode, done.stderr) == (0, "")
        user = ask_as(done.stdout.strip(), stack.url, "GET", ME)
        assert (user.json["email"], user.json["role"]) == (GUEST, "external")

    def test_a_token_is_good_for_twelve_hours(self, stack: Stack) -> None:
        token = token_for(stack.url, "service", SERVICE)

        claims = jwt.decode(token, options={"verify_signature": False})

        assert claims["exp"] - claims["iat"] == 12 * 3600

    def test_another_token_changes_the_role(self, stack: Stack) -> None:
        email = "changing@clinica.com"

        roles = []
        for role in ("external", "service", "admin"):
            token = token_for(stack.url, role, email)
            roles.append(ask_as(token, stack.url, "GET", ME).json["role"])

        assert roles == ["external", "service", "admin"]

    def test_a_token_lets_somebody_in_who_was_shut_out(self, stack: Stack) -> None:
        admin = token_for(stack.url, "admin", "admin@clinica.com")
        shut_out = {"email": "shut.out@clinica.com", "role": "service", "active": False}
        assert ask_as(admin, stack.url, "POST", "/api/v1/users/", shut_out).status == 201

        token = token_for(stack.url, "service", "Shut.Out@clinica.com")

        assert ask_as(token, stack.url, "GET", ME).json["active"] is True


class TestNoToken:
    @pytest.mark.parametrize(
        ("role", "email", "said"),
        [
            ("king", SERVICE, "ROLE is 'king': set it to admin or service or external"),
            ("", SERVICE, "ROLE is '': set it to admin or service or external"),
            ("service", "", "EMAIL is missing"),
            ("service", "xoma", "/email: It must be an email address."),
            ("service", "Admin@clinica.com", "who gives the roles and stays admin"),
        ],
    )
    def test_what_is_wrong_is_one_line(
        self, stack: Stack, role: str, email: str, said: str
    ) -> None:
        assert_no_token(partial(run_token, stack.url, role, email), said)

    def test_somebody_who_is_no_admin_gives_no_roles(self, stack: Stack) -> None:
        other = {"FIRST_ADMIN_EMAIL": "somebody@clinica.com"}

        assert_no_token(
            partial(run_token, stack.url, "service", SERVICE, **other), "set FIRST_ADMIN_EMAIL"
        )

    def test_no_stack(self) -> None:
        url = f"http://localhost:{free_port()}"

        assert_no_token(partial(run_token, url, "service", SERVICE), "nothing answers at")

    def test_a_stack_that_asks_for_no_token(self, tmp_path: Path) -> None:
        with Stack(tmp_path / "log") as stack:
            stack.start()

            assert_no_token(
                partial(run_token, stack.url, "service", SERVICE),
                "start it by AUTH=local make run",
            )


def assert_no_token(run: Callable[[], subprocess.CompletedProcess[str]], said: str) -> None:
    done = run()

    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert said in line
