"""A token endpoint and an API of Google's on loopback, which answer as a test tells them to."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.infra.account_key import ACCOUNT, claims, private_pem

SILENCE = "silence"
HANG_UP = "hang up"


def refusal(status: int, reason: str) -> tuple[int, Any]:
    return status, {"error": {"code": status, "message": "x", "errors": [{"reason": reason}]}}


@dataclass
class Call:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    client: tuple[str, int]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def claims(self) -> dict[str, Any]:
        return claims(parse_qs(self.body.decode())["assertion"][0])


@dataclass
class LoopbackGoogle:
    """A token endpoint and an API on loopback: says what it is told to, and keeps what it hears."""

    url: str
    calls: list[Call] = field(default_factory=list)
    answers: deque[Any] = field(default_factory=deque)
    """What the API says next: (status, body), SILENCE or HANG_UP; (200, {}) when it is empty."""
    token_answers: deque[Any] = field(default_factory=deque)
    refused_tokens: set[str] = field(default_factory=set)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def tokens(self) -> list[Call]:
        return [call for call in self.calls if call.path == "/token"]

    @property
    def api_calls(self) -> list[Call]:
        return [call for call in self.calls if call.path != "/token"]

    def hear(self, call: Call) -> Any:
        self.calls.append(call)
        if call.headers.get("authorization", "").removeprefix("Bearer ") in self.refused_tokens:
            return 401, {"error": {"errors": [{"reason": "authError"}]}}
        if call.path != "/token":
            return self.answers.popleft() if self.answers else (200, {})
        if self.token_answers:
            return self.token_answers.popleft()
        return 200, {"access_token": f"token-{len(self.tokens)}", "expires_in": 3600}

    def key_file(self, folder: Path, **changes: Any) -> str:
        path = folder / "key.json"
        info = {
            "type": "service_account",
            "client_email": ACCOUNT,
            "private_key": private_pem(),
            "private_key_id": "1",
            "token_uri": f"{self.url}/token",
        }
        path.write_text(json.dumps(info | changes))
        return str(path)


@contextmanager
def loopback_google() -> Iterator[LoopbackGoogle]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            url = urlsplit(self.path)
            call = Call(
                self.command,
                url.path,
                parse_qs(url.query),
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(int(self.headers.get("Content-Length") or 0)),
                self.client_address,
            )
            answer = google.hear(call)
            if answer in (SILENCE, HANG_UP):
                self.close_connection = True
                if answer == SILENCE:
                    google.released.wait(30)
                return
            status, body = answer
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = answer

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Handler) as server:
        google = LoopbackGoogle(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield google
        google.released.set()
        server.shutdown()
        thread.join()
