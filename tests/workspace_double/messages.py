"""What comes in and what goes out, free of sockets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class HttpRequest:
    """One request: `path` still percent-encoded, header names in lower case."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class HttpAnswer:
    """One answer, ready to be written."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(
        cls, status: int, content: Any, headers: Mapping[str, str] | None = None
    ) -> "HttpAnswer":
        body = json.dumps(content, indent=1).encode()
        return cls(
            status, body, {"Content-Type": "application/json; charset=UTF-8", **(headers or {})}
        )


class ConnectionDropped(Exception):
    """The client gets no answer: the connection ends, with a TCP reset if `reset`."""

    def __init__(self, *, reset: bool) -> None:
        super().__init__("reset" if reset else "closed")
        self.reset = reset
