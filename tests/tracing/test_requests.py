"""The span of one request: what it is a part of, what it is called, and when it has failed."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from flask import Flask, Response, abort
from werkzeug.test import TestResponse

from functions.tracing import SpanKind, Trace, current_trace, make_spans
from functions.web import create_app
from tests.api.conftest import log
from tests.api.log import Log

__all__ = ["log"]

TRACE_ID, SPAN_ID = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE_ID}-{SPAN_ID}-01"
ZEROS = "0" * 32
METHOD = "PAT@CLINIC.EXAMPLE"


class Spans:
    """The name of each that has begun, and the attributes that it ended with."""

    def __init__(self) -> None:
        self.ended: list[tuple[str, dict[str, str | int]]] = []

    def start(self, name: str, _: SpanKind) -> "_Span":
        return _Span(lambda attributes: self.ended.append((name, dict(attributes))))


class _Span:
    traceparent = TRACEPARENT

    def __init__(self, end: Callable[[Mapping[str, str | int]], None]) -> None:
        self.end = end


@pytest.fixture
def spans() -> Iterator[Spans]:
    made = Spans()
    make_spans(made.start)
    yield made
    make_spans(None)


@pytest.fixture
def app() -> Flask:
    """One that answers any status that it is asked for."""
    made = create_app("api")

    @made.get("/<int:status>")
    def answer(status: int) -> Response:
        return Response(status=status)

    return made


def ask(app: Flask, path: str = "/200", method: str = "GET") -> TestResponse:
    return app.test_client().open(path, method=method)


@pytest.mark.parametrize(
    ("status", "failure"), [(200, None), (400, None), (499, None), (500, "500"), (503, "503")]
)
def test_a_request_has_failed_if_that_is_ours(
    app: Flask, spans: Spans, status: int, failure: str | None
) -> None:
    ask(app, f"/{status}")

    [(name, attributes)] = spans.ended
    assert name == "GET /<int:status>"
    assert attributes["http.response.status_code"] == status
    assert attributes.get("error.type") == failure


def test_a_strangers_method_is_not_told(app: Flask, spans: Spans, log: Log) -> None:
    assert ask(app, "/nowhere", METHOD).status_code == 404

    assert METHOD not in str(spans.ended)
    assert METHOD not in str(log.text)
    assert log.only("request")["httpRequest"]["status"] == 404


def test_a_span_that_cannot_begin_stops_no_request(app: Flask, log: Log) -> None:
    def fail(name: str, kind: SpanKind) -> _Span:
        raise ConnectionError("pat@clinic.example")

    make_spans(fail)
    try:
        answer = ask(app)
    finally:
        make_spans(None)

    assert answer.status_code == 200
    line = log.only("span not begun")
    assert (line["severity"], line["error"]) == ("ERROR", "ConnectionError")
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert "pat@" not in str(log.text)
    assert current_trace.get() is None


def test_what_fails_after_the_view_is_unforeseen(app: Flask, log: Log) -> None:
    failures = [ValueError("pat@clinic.example")]

    @app.after_request
    def fail_once(response: Response) -> Response:
        if failures:
            raise failures.pop()
        return response

    answer = ask(app)

    assert answer.status_code == 500
    assert (answer.json or {})["code"] == "internal_error"
    assert "builtins.ValueError: withheld" in log.only("unhandled exception")["stack_trace"]


def test_a_server_error_of_werkzeugs_is_unforeseen(app: Flask, log: Log) -> None:
    app.add_url_rule("/abort", view_func=lambda: abort(502))

    assert ask(app, "/abort").status_code == 500
    assert log.only("unhandled exception")["severity"] == "ERROR"


@pytest.mark.parametrize(
    ("headers", "trace_id", "parent"),
    [
        ({"traceparent": TRACEPARENT}, TRACE_ID, TRACEPARENT),
        ({"traceparent": f"ff-{TRACE_ID}-{SPAN_ID}-01"}, None, None),
        ({"traceparent": f"00-{ZEROS}-{SPAN_ID}-01"}, None, None),
        ({"traceparent": f"00-{TRACE_ID}-{ZEROS[:16]}-01"}, None, None),
        ({"traceparent": f"00-{TRACE_ID.upper()}-{SPAN_ID}-01"}, None, None),
        ({"X-Cloud-Trace-Context": f"{ZEROS}/1;o=1"}, None, None),
        ({"X-Cloud-Trace-Context": TRACE_ID.upper()}, TRACE_ID, None),
        (
            {"X-Cloud-Trace-Context": f"{TRACE_ID.upper()}/1;o=0"},
            TRACE_ID,
            f"00-{TRACE_ID}-{1:016x}-00",
        ),
        (
            {"X-Cloud-Trace-Context": f"{TRACE_ID}/{2**64 - 1}"},
            TRACE_ID,
            f"00-{TRACE_ID}-{'f' * 16}-01",
        ),
        ({"X-Cloud-Trace-Context": f"{TRACE_ID}/{2**64}"}, TRACE_ID, None),
        ({"X-Cloud-Trace-Context": f"{TRACE_ID}/{'9' * 5000}"}, TRACE_ID, None),
        (
            {
                "traceparent": f"00-{ZEROS}-{SPAN_ID}-01",
                "X-Cloud-Trace-Context": f"{TRACE_ID}/1;o=1",
            },
            TRACE_ID,
            f"00-{TRACE_ID}-{1:016x}-01",
        ),
    ],
)
def test_a_request_is_a_part_of_what_its_headers_say_if_that_is_well_formed(
    headers: dict[str, str], trace_id: str | None, parent: str | None
) -> None:
    trace = Trace.from_headers(headers)

    assert (trace.trace_id, trace.parent) == (trace_id, parent)
