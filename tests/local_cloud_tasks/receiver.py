"""A real HTTP server for tasks, which records what it gets and answers as told."""

import threading
import time
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def task_id(self) -> str:
        return self.headers["x-cloudtasks-taskname"]


class Receiver:
    """Answers 204, or what stands in `answers`; waits for `gate` first."""

    def __init__(self):
        self.requests: list[Received] = []
        self.connections: set[tuple[str, int]] = set()
        self.answers: deque[tuple[int, dict[str, str]]] = deque()
        self.gate = threading.Event()
        self.gate.set()
        self.in_progress = 0
        self.most_in_progress = 0
        self._changed = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), self._handler_class())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def wait_for(self, count: int) -> list[Received]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.requests) >= count, 20), (
                f"{len(self.requests)} of {count} requests"
            )
            return list(self.requests)

    def close(self):
        self.gate.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _take(self, request: Received) -> tuple[int, dict[str, str]]:
        with self._changed:
            self.requests.append(request)
            self.in_progress += 1
            self.most_in_progress = max(self.most_in_progress, self.in_progress)
            self._changed.notify_all()
            answer = self.answers.popleft() if self.answers else (204, {})
        self.gate.wait(20)
        with self._changed:
            self.in_progress -= 1
        return answer

    def _handler_class(self):
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                length = int(self.headers.get("content-length", 0))
                headers = {
                    name.lower(): ", ".join(self.headers.get_all(name, [])) for name in self.headers
                }
                request = Received(self.command, self.path, headers, self.rfile.read(length))
                receiver.connections.add(self.client_address)
                status, extra = receiver._take(request)
                self.send_response(status)
                for name, value in extra.items():
                    self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

            def log_message(self, *_):
                pass

        return Handler


class _Server(ThreadingHTTPServer):
    request_queue_size = 256

    def handle_error(self, request, client_address):
        """A cut connection is what some tests are about."""


def until(is_true, seconds=20.0):
    """Wait for something that has no event of its own; a failure is an assertion."""
    give_up_at = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < give_up_at, "it has not come true"
        time.sleep(0.005)
