"""Every row of the README's route table, tried with curl on the local stack."""

import itertools
import json
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from functions.api.routes import PREFIX, ROUTES
from tests.processes.local_stack import Stack
from tests.processes.running import ROOT
from tests.values import a_request

ROW = re.compile(r"^\| (GET|POST|PATCH|DELETE) \| `([^`]+)` \| ([^|]+) \| (\d{3})", re.MULTILINE)
FAILING = "sim-fail-forbidden-"
COUNTER = itertools.count(1)


ROWS = ROW.findall((ROOT / "README.md").read_text())
"""Each row's method, path, roles and the status that it says comes first."""


class Curl:
    """Asks the stack as a person would, and makes what a path stands for."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._operations = self.ask("GET", "schema/")[1]["paths"]

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        command = ["curl", "-sS", "-X", method, "-w", "\n%{http_code}"]
        if body is not None:
            command += ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
        done = subprocess.run(
            [*command, f"{self._url}{PREFIX}/{path}"], capture_output=True, text=True, check=True
        )
        text, _, status = done.stdout.rpartition("\n")
        return int(status), json.loads(text) if text else None

    def example(self, method: str, path: str) -> Any:
        documented = f"{PREFIX}/{path.rstrip('/')}/"
        body = self._operations[documented][method.lower()].get("requestBody")
        return body and body["content"]["application/json"]["example"]

    def made(self, path: str) -> str:
        """Return the path with ids of things that are there, made for it alone."""
        if "{meeting_id}" in path:
            reference = f"{FAILING if 'retry' in path else 'readme-'}{next(COUNTER)}"
            meeting = self._make("meetings/", a_request(external_reference=reference))
            path = path.replace("{meeting_id}", meeting)
            guest = {"email": "interprete@correo.com"}
            for name, body in (
                ("participant", guest),
                ("recording", {"drive_file_id": "1A2b3C4d5E6f7G8h9"}),
            ):
                if f"{{{name}_id}}" in path or path.endswith(f"/{name}/"):
                    made = self._make(f"meetings/{meeting}/{name}s/", body)
                    path = path.replace(f"{{{name}_id}}", made)
        if "{user_id}" in path:
            email = f"user{next(COUNTER)}@clinica.com"
            user = self._make("users/", {"email": email, "role": "service"})
            path = path.replace("{user_id}", user)
        return path

    def _make(self, path: str, body: Any) -> str:
        status, answer = self.ask("POST", path, body)
        assert status in (201, 202), answer
        return str(answer["id"])


@pytest.fixture(scope="module")
def curl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Curl]:
    with Stack(tmp_path_factory.mktemp("readme") / "log") as stack:
        stack.start()
        yield Curl(stack.url)


def test_the_table_has_every_route_with_its_roles_and_no_other() -> None:
    described = {
        (
            route.method,
            re.sub(r"<(\w+)>", r"{\1}", route.path).removeprefix(f"{PREFIX}/"),
            "anybody" if route.roles is None else "".join(sorted(role[0] for role in route.roles)),
        )
        for route in ROUTES
        if vars(route.load()).get("operation") is not None and not route.path.endswith("/schema/")
    }

    in_table = {
        (
            method,
            f"{path.rstrip('/')}/",
            roles if roles == "anybody" else "".join(sorted(roles.split())),
        )
        for method, path, roles, _ in ROWS
    }

    assert in_table == described


@pytest.mark.parametrize(("method", "path", "roles", "first"), ROWS)
def test_a_row_is_true(curl: Curl, method: str, path: str, roles: str, first: str) -> None:
    body = curl.example(method, path)

    status, answer = curl.ask(method, curl.made(path), body)

    assert status == int(first), answer
