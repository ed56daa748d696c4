"""What the Flask apps of all functions share: request ids, problems, one log line a request."""

import logging
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from flask import Flask, Request, Response, g, request
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.middleware.proxy_fix import ProxyFix

from functions import problems
from functions.json_body import MAX_BODY_BYTES
from functions.tracing import ERROR_TYPE, Attributes, SpanKind, Trace, current_trace, span

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

logger = logging.getLogger(__name__)

MAX_UNREAD_BYTES = 1024 * 1024
SPAN_FIELDS = ("meeting_id", "task", "outcome", "code")
"""What of a request's log line its span has too."""


def create_app(name: str) -> Flask:
    """Return an app without routes; a path may end in a slash or not."""
    app = Flask(name, static_folder=None)
    # One byte more than is taken: a chunked body is cut at this length without a word.
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES + 1
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    # Google's front end ends TLS and says so; nothing else it forwards is believed.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=1, x_host=0)  # type: ignore[method-assign]
    problems.register(app)

    @app.before_request
    def begin() -> None:
        g.started_at = time.perf_counter()
        g.span = ExitStack()
        g.attributes = g.span.enter_context(
            span(_span_name(request), SpanKind.SERVER, Trace.from_headers(request.headers))
        )

    @app.before_request
    def check_last_slash() -> None:
        """Answer what werkzeug does not where the last slash is left out, or doubled."""
        if request.path.endswith("//"):
            raise NotFound
        if isinstance(request.routing_exception, NotFound):
            adapter = app.create_url_adapter(request)
            methods = adapter and adapter.allowed_methods(f"{request.path}/")
            if methods:
                raise MethodNotAllowed(methods)

    @app.after_request
    def finish(response: Response) -> Response:
        if response.status_code >= 400 or request.method == "POST":
            _drain_unread_body(request.environ)
        trace = current_trace.get()
        if trace is not None:
            response.headers["X-Request-Id"] = trace.request_id
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Content-Type-Options"] = "nosniff"
        fields = _log_fields(request, response)
        logger.info("request", extra=fields)
        g.attributes |= {"faas.name": name, **_span_attributes(request, response, fields)}
        return response

    @app.teardown_request
    def forget(_: BaseException | None) -> None:
        g.span.close()

    return app


def _drain_unread_body(environ: "WSGIEnvironment") -> None:
    """Read what is still coming of a body that was refused or not wanted, up to a bound.

    gunicorn closes a connection that has more unread, and the close takes the answer with it.
    """
    left = MAX_UNREAD_BYTES if environ.get("wsgi.input_terminated") else 0
    # Each server has errors of its own for a body that breaks off.
    with suppress(Exception):
        while left > 0 and (chunk := environ["wsgi.input"].read(min(left, 65536))):
            left -= len(chunk)


def _log_fields(request: Request, response: Response) -> dict[str, object]:
    seconds = time.perf_counter() - g.started_at
    http_request = {"status": response.status_code, "latency": f"{seconds:.6f}s"}
    if request.url_rule:
        http_request["requestMethod"] = request.method
    fields = {
        # https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#HttpRequest
        "httpRequest": http_request,
        # The rule and not the path: what a stranger sends may hold anything.
        "route": str(request.url_rule) if request.url_rule else None,
        "duration_ms": round(seconds * 1000, 1),
        **g.get("log_fields", {}),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _span_name(request: Request) -> str:
    return f"{request.method} {request.url_rule}" if request.url_rule else "HTTP"


def _span_attributes(
    request: Request, response: Response, fields: Mapping[str, object]
) -> Attributes:
    """Return what a span says of a request.

    https://opentelemetry.io/docs/specs/semconv/http/http-spans/
    """
    attributes: Attributes = {"http.response.status_code": response.status_code}
    if request.url_rule:
        attributes["http.request.method"] = request.method
        attributes["http.route"] = str(request.url_rule)
    if response.status_code >= 500:
        attributes[ERROR_TYPE] = str(response.status_code)
    return attributes | {name: str(fields[name]) for name in SPAN_FIELDS if name in fields}
