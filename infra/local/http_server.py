"""The one port of the local stack: taken early, and left only when every request is answered."""

import os
import socket
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class PortTaken(Exception):
    """Another program listens where the stack should."""


class HttpServer:
    """Takes the port when it is made, so that a taken one is known before anything is started.

    A thread per request, however many: the waiting of callers is bounded by the function.
    """

    def __init__(self, host: str, port: int) -> None:
        try:
            self._socket = socket.create_server((host, port))
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise PortTaken(f"cannot listen on {host}:{port}: {reason}") from None
        self._host = host
        self._port = self._socket.getsockname()[1]
        self._server: BaseWSGIServer | None = None
        self._in_flight = 0
        self._changed = threading.Condition()
        self.url = f"http://localhost:{self._port}"

    def start(self, app: "WSGIApplication") -> None:
        self._app = app
        self._server = make_server(
            self._host,
            self._port,
            self._count,
            threaded=True,
            request_handler=_QuietRequestHandler,
            fd=self._socket.fileno(),
        )
        # The server has a copy. Whoever is not accepted when that closes learns it at once.
        self._socket.close()
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def stop_accepting(self) -> None:
        if self._server is not None:
            self._server.shutdown()

    def wait_answered(self, timeout_seconds: float) -> None:
        """Wait until no request is in flight, or for that time."""
        with self._changed:
            self._changed.wait_for(lambda: self._in_flight == 0, timeout_seconds)

    def close(self) -> None:
        """Leave the port, whether the server was started or not; repeating it does nothing."""
        self._socket.close()
        if self._server is not None:
            self._server.server_close()

    def _count(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        self._add(1)
        try:
            body = self._app(environ, start)
        except BaseException:
            self._add(-1)
            raise
        # The server closes it once the last byte is written.
        return ClosingIterator(body, lambda: self._add(-1))

    def _add(self, step: int) -> None:
        with self._changed:
            self._in_flight += step
            self._changed.notify_all()


class _QuietRequestHandler(WSGIRequestHandler):
    """Leaves the log to the functions, which write a line per request."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        return
