"""The Cloud Tasks stand-in alone: gRPC on one port, its keys and faults over HTTP on another."""

import argparse
import logging
import os
import socket
import sys
import threading

from google.cloud.tasks_v2.types import Queue
from werkzeug.serving import make_server

from infra.local.cloud_tasks.refusal import Refusal
from infra.local.cloud_tasks.stand_in import CloudTasksStandIn
from infra.local.end_signal import EndSignal

GRACE_SECONDS = 2.0
"""For all that is in flight at the end; with the rest of the way out it stays below 5 s."""


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT, and return the exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=options.log_level, format="%(levelname)s %(name)s: %(message)s")
    # werkzeug would log every request at a level of its own.
    logging.getLogger("werkzeug").setLevel(options.log_level)
    with EndSignal() as end_signal:
        return _serve(options, end_signal)


def _serve(options: argparse.Namespace, end_signal: EndSignal) -> int:
    http_socket = _bind(options.host, options.http_port)
    if http_socket is None:
        return 1
    with http_socket:
        http_port = http_socket.getsockname()[1]
        issuer = options.issuer or f"http://{options.host}:{http_port}"
        stand_in = CloudTasksStandIn(issuer)
        http_server = make_server(
            options.host, http_port, stand_in.wsgi_app, threaded=True, fd=http_socket.fileno()
        )
    try:
        for name in options.queue:
            stand_in.create_queue(Queue(name=name))
        stand_in.start(options.host, options.port)
    except Refusal as refusal:
        return _complain(refusal.message)
    except OSError as error:
        return _complain_of_port(options.host, options.port, error)
    else:
        http_thread = threading.Thread(target=http_server.serve_forever)
        http_thread.start()
        print(f"Cloud Tasks stand-in: gRPC on {stand_in.address}, HTTP on {issuer}", flush=True)
        end_signal.wait()
        http_server.shutdown()
        http_thread.join()
        stand_in.stop(GRACE_SECONDS)
        return 0
    finally:
        http_server.server_close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m infra.local.cloud_tasks", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address of both ports (%(default)s)")
    parser.add_argument("--port", type=int, default=8123, help="port for gRPC (%(default)s)")
    parser.add_argument("--http-port", type=int, default=8124, help="port for HTTP (%(default)s)")
    parser.add_argument(
        "--issuer", help="URL at which receivers reach the HTTP port (http://HOST:HTTP_PORT)"
    )
    parser.add_argument(
        "--queue",
        action="append",
        default=[],
        metavar="projects/P/locations/L/queues/Q",
        help="create this queue with Google's defaults; may be repeated",
    )
    parser.add_argument("--log-level", default="WARNING", choices=("DEBUG", "INFO", "WARNING"))
    return parser


def _bind(host: str, port: int) -> socket.socket | None:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        _complain_of_port(host, port, error)
        return None


def _complain_of_port(host: str, port: int, error: OSError) -> int:
    return _complain(f"cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}")


def _complain(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
