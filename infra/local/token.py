"""`make token`: a token for a caller of the local stack, who gets the role if need be."""

import argparse
import json
import os
import sys
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from functions.roles import UserRole
from infra.local.local_issuer import FIRST_ADMIN_EMAIL, PATH, KeyUnusable, local_issuer

LIFETIME_SECONDS = 12 * 3600
TIMEOUT_SECONDS = 20.0
USERS = "/api/v1/users/"
ROLES = [role.value for role in UserRole]


class NoToken(Exception):
    """The message says why there is none, in one line."""


class Answer(NamedTuple):
    status: int
    body: dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m infra.local.token", description=__doc__)
    parser.add_argument("--role", required=True, help=", ".join(ROLES))
    parser.add_argument("--email", required=True)
    parser.add_argument("--url", default="http://localhost:8080", help="the stack (%(default)s)")
    options = parser.parse_args(arguments)
    try:
        print(token(options.role, options.email, options.url.rstrip("/")))
    except (NoToken, KeyUnusable) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def token(role: str, email: str, url: str) -> str:
    """Return a token that the stack at this URL takes, for a user who has this role there.

    Raises:
        NoToken, KeyUnusable: with what is wrong.
    """
    if role not in ROLES:
        raise NoToken(f"ROLE is {role!r}: set it to {' or '.join(ROLES)}")
    if not email:
        raise NoToken("EMAIL is missing: the address of whoever is to call")
    admin = (os.environ.get("FIRST_ADMIN_EMAIL") or FIRST_ADMIN_EMAIL).strip().lower()
    if email.strip().lower() == admin and role != UserRole.ADMIN.value:
        raise NoToken(f"EMAIL is {admin}, who gives the roles and stays admin: take another")
    _check_stack(url)
    issuer = local_issuer(url)
    granted = _grant(url, issuer.mint(admin, url), {"email": email, "role": role})
    return issuer.mint(granted, url, LIFETIME_SECONDS)


def _check_stack(url: str) -> None:
    answer = _ask(url, "GET", f"{PATH}/.well-known/openid-configuration")
    if answer.body.get("issuer") != f"{url}{PATH}":
        raise NoToken(f"{url} takes no token from here: start it by AUTH=local make run")


def _grant(url: str, token: str, wanted: dict[str, str]) -> str:
    """Make the user, or change what there is; returns the address as the stack knows it."""
    answer = _ask(url, "POST", USERS, token, wanted)
    if answer.body.get("code") == "user_exists":
        path = f"{USERS}{answer.body['existing_id']}/"
        change = {"role": wanted["role"], "active": True}
        answer = _ask(url, "PATCH", path, token, change)
    if answer.status not in (200, 201):
        raise NoToken(f"{url} refuses: {_reason(answer.body)}")
    return str(answer.body["email"])


def _reason(problem: dict[str, Any]) -> str:
    code = problem.get("code")
    if code == "invalid_token":
        return "it has another key than this folder: start it again"
    if code in ("unknown_caller", "forbidden"):
        return "who asks is no admin there: set FIRST_ADMIN_EMAIL to one"
    faults = [f"{fault['pointer']}: {fault['message']}" for fault in problem.get("errors", [])]
    return " ".join(faults) or str(problem.get("detail", "an answer that makes no sense"))


def _ask(
    url: str, method: str, path: str, token: str = "", body: dict[str, Any] | None = None
) -> Answer:
    """Ask the stack itself, past any proxy that the environment names."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    try:
        connection = HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
        finally:
            connection.close()
    except (OSError, HTTPException):
        raise NoToken(f"nothing answers at {url}: start it by AUTH=local make run") from None
    except ValueError:
        answer = None
    return Answer(response.status, answer if isinstance(answer, dict) else {})


if __name__ == "__main__":
    sys.exit(main())
