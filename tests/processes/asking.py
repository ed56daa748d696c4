"""Plain HTTP, one connection at a time, so that a test sees whether the connection survives."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, Self
from urllib.parse import urlsplit

from tests.values import a_request

JSON = {"Content-Type": "application/json"}
MEETINGS = "/api/v1/meetings/"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Caller:
    """One connection that is kept alive; `is_open` says whether the last answer left it so."""

    def __init__(self, url: str, timeout: float = 40) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self._connection = HTTPConnection(parts.hostname, parts.port, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    @property
    def is_open(self) -> bool:
        return self._connection.sock is not None

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        # An iterable goes out chunked, without a length.
        self._connection.request(method, path, body, dict(headers or {}))
        response = self._connection.getresponse()
        return Answer(
            response.status,
            {name.lower(): value for name, value in response.getheaders()},
            response.read(),
        )


def ask(
    url: str, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """One request on a connection of its own; the body becomes JSON."""
    data = None if body is None else json.dumps(body).encode()
    with Caller(url) as caller:
        return caller.ask(method, path, data, {**(JSON if data else {}), **(headers or {})})


def post_meeting(url: str, prefer: str, **changes: Any) -> Answer:
    return ask(url, "POST", MEETINGS, a_request(**changes), {"Prefer": prefer})
