"""Sentry's end of the line on loopback: takes envelopes, and is slow or broken as it is told to.

https://develop.sentry.dev/sdk/data-model/envelopes/
"""

import gzip
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "0123456789abcdef0123456789abcdef"
STOPS_WITHIN_SECONDS = 30.0


@dataclass
class Receiver:
    dsn: str
    status: int = 200
    answers_after_seconds: float = 0.0
    opened: threading.Event = field(default_factory=threading.Event)
    """Nothing is answered while it is cleared."""

    envelopes: list[bytes] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    answered_at: list[float] = field(default_factory=list)
    """By the monotonic clock."""

    @property
    def items(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Each item's header and what it holds; an item is two lines after the envelope's own."""
        found = []
        for envelope in self.envelopes:
            lines = [json.loads(line) for line in envelope.splitlines()[1:] if line]
            found += list(zip(lines[::2], lines[1::2], strict=True))
        return found

    @property
    def events(self) -> list[dict[str, Any]]:
        assert all(header["type"] == "event" for header, _ in self.items), self.items
        return [event for _, event in self.items]

    def take(self, headers: str, body: bytes) -> None:
        self.headers.append(headers)
        self.envelopes.append(body)
        self.opened.wait(STOPS_WITHIN_SECONDS)
        time.sleep(self.answers_after_seconds)
        self.answered_at.append(time.monotonic())


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            receiver.take(f"{self.path}\n{self.headers}", body)
            self.send_response(receiver.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(f"http://{KEY}@127.0.0.1:{server.server_port}/42")
        receiver.opened.set()
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield receiver
        finally:
            receiver.opened.set()
            server.shutdown()
            thread.join()
