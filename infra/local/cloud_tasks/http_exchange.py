"""HTTP requests over kept-alive connections, each of which another thread can cut short."""

import contextlib
import http.client
import select
import socket
import ssl
import threading
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from infra.local.cloud_tasks.outcome import Outcome

CONNECT_SECONDS = 2.0
"""A receiver on this machine that has not accepted by then is down, and an attempt cannot be cut
off before it is connected."""

IDLE_SECONDS = 1.0
"""Receivers close idle connections, gunicorn after 2 s: none is reused when that is near."""

Origin = tuple[str, str, int | None]


class Exchange:
    """One request in flight and its answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sock: socket.socket | None = None
        self.is_cut = False

    def cut(self) -> None:
        """End it now, from any thread and at any moment, as if the connection had dropped."""
        with self._lock:
            self.is_cut = True
            if self._sock is not None:
                with contextlib.suppress(OSError):
                    self._sock.shutdown(socket.SHUT_RDWR)

    def attach(self, sock: socket.socket) -> None:
        """Make `sock` the one that `cut` shuts down."""
        with self._lock:
            if self.is_cut:
                raise ConnectionAbortedError("cut off before it was sent")
            self._sock = sock

    def detach(self) -> None:
        """Let go of the socket, which may serve another exchange next."""
        with self._lock:
            self._sock = None


class ConnectionPool:
    """Connections to receivers. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: defaultdict[Origin, deque[tuple[float, http.client.HTTPConnection]]]
        self._idle = defaultdict(deque)
        self._is_closed = False

    def send(
        self, exchange: Exchange, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Outcome:
        """Send a request and read the whole answer; every failure is an Outcome.

        It is never sent a second time. Without `Exchange.cut` it may wait forever.
        """
        parts = urlsplit(url)
        origin = (parts.scheme, parts.hostname or "", parts.port)
        connection: http.client.HTTPConnection | None = None
        try:
            connection = self._take(origin) or _connect(origin)
            exchange.attach(connection.sock)
            connection.request(method, _target(parts), body=body or None, headers=dict(headers))
            with connection.getresponse() as response:
                while response.read(65536):
                    pass
                outcome = Outcome(response.status, retry_after=response.getheader("Retry-After"))
        except (OSError, http.client.HTTPException, ValueError) as error:
            outcome = Outcome(None, error=f"no answer: {error or type(error).__name__}")
        finally:
            exchange.detach()
        # To a reader of an answer without a length, a cut looks like the end of the answer.
        if exchange.is_cut:
            outcome = Outcome(
                None, error="no complete answer by the dispatch deadline", was_cut=True
            )
        if connection is not None:
            if outcome.status_code is None or connection.sock is None:
                connection.close()
            else:
                self._put(origin, connection)
        return outcome

    def close(self) -> None:
        """Close the idle connections, and from now on each one that comes back."""
        with self._lock:
            self._is_closed = True
            for idle in self._idle.values():
                for _, connection in idle:
                    connection.close()
            self._idle.clear()

    def _take(self, origin: Origin) -> http.client.HTTPConnection | None:
        with self._lock:
            idle = self._idle[origin]
            while idle:
                idle_since, connection = idle.pop()
                if time.monotonic() - idle_since < IDLE_SECONDS and _is_quiet(connection.sock):
                    return connection
                connection.close()
        return None

    def _put(self, origin: Origin, connection: http.client.HTTPConnection) -> None:
        now = time.monotonic()
        with self._lock:
            if self._is_closed:
                connection.close()
                return
            idle = self._idle[origin]
            idle.append((now, connection))
            while now - idle[0][0] >= IDLE_SECONDS:
                idle.popleft()[1].close()


def _connect(origin: Origin) -> http.client.HTTPConnection:
    scheme, host, port = origin
    connection: http.client.HTTPConnection
    if scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(
            host, port, timeout=CONNECT_SECONDS, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, port, timeout=CONNECT_SECONDS)
    try:
        connection.connect()
    except BaseException:
        connection.close()
        raise
    connection.sock.settimeout(None)
    return connection


def _is_quiet(sock: socket.socket) -> bool:
    """Tell whether an idle connection is still open and nothing has arrived on it."""
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return not poll.poll(0)


def _target(parts: SplitResult) -> str:
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path
