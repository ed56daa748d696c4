"""`make token` as a test runs it, and requests that carry a token."""

import subprocess
import sys
from typing import Any

from tests.processes.asking import Answer, ask
from tests.processes.running import ROOT, environment

ME = "/api/v1/users/me/"
SERVICE = "xoma@clinica.com"


def run_token(
    url: str, role: str, email: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """What `make token` runs."""
    command = (sys.executable, "-m", "infra.local.token", "--role", role, "--email", email)
    return subprocess.run(
        [*command, "--url", url],
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=40,
    )


def token_for(url: str, role: str, email: str) -> str:
    done = run_token(url, role, email)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.removesuffix("\n")


def ask_as(token: str, url: str, method: str, path: str, body: Any = None) -> Answer:
    return ask(url, method, path, body, {"Authorization": f"Bearer {token}"})


def refusal(answer: Answer) -> tuple[int, str, str, str | None]:
    """The status, the challenge, the code and the reason of an answer to who is not known."""
    problem = answer.json
    challenge = answer.headers["www-authenticate"]
    return answer.status, challenge, problem["code"], problem.get("reason")
