"""Which request is being worked on: what every log line, span and task carries along."""

import logging
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Protocol

from functions.errors import UpstreamError

logger = logging.getLogger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-[0-9a-f]{2}"
)
CLOUD_TRACE = re.compile(r"((?!0{32})[0-9a-fA-F]{32})(?:/([0-9]+))?(?:;o=([01]))?(?:;.*)?")

ERROR_TYPE = "error.type"
"""https://opentelemetry.io/docs/specs/semconv/attributes-registry/error/"""

Attributes = dict[str, str | int]


class Headers(Protocol):
    def get(self, name: str, default: str, /) -> str: ...


@dataclass(frozen=True)
class Trace:
    """A request's id and, where the caller sent one, its trace.

    https://www.w3.org/TR/trace-context/ and https://cloud.google.com/trace/docs/trace-context
    """

    request_id: str
    trace_id: str | None = None
    traceparent: str | None = None
    cloud_parent: str | None = None
    """The caller's span that Google's own header names, written as a traceparent."""

    @classmethod
    def from_headers(cls, headers: Headers) -> "Trace":
        given = headers.get("X-Request-Id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        traceparent = headers.get("traceparent", "")
        if match := TRACEPARENT.fullmatch(traceparent):
            return cls(request_id, match[1], traceparent)
        if match := CLOUD_TRACE.fullmatch(headers.get("X-Cloud-Trace-Context", "")):
            return cls(request_id, match[1].lower(), cloud_parent=_cloud_parent(*match.groups()))
        return cls(request_id)

    @property
    def span_id(self) -> str | None:
        """The span that is worked on; where we make none, that of the caller's `traceparent`."""
        return self.traceparent and self.traceparent.split("-")[2]

    @property
    def parent(self) -> str | None:
        """What the next span is a child of, as a traceparent."""
        return self.traceparent or self.cloud_parent

    def headers(self) -> dict[str, str]:
        """Return what a task must carry so that its log lines can be found from here."""
        headers = {"X-Request-Id": self.request_id}
        if self.traceparent is not None:
            headers["traceparent"] = self.traceparent
        elif self.trace_id is not None:
            headers["X-Cloud-Trace-Context"] = self.trace_id
        return headers


def _cloud_parent(trace_id: str, span: str | None, sampled: str | None) -> str | None:
    number = int(span) if span and len(span) <= 20 else 0
    if not 0 < number < 2**64:
        return None
    # Without `o` it is left to us: the span is taken.
    return f"00-{trace_id.lower()}-{number:016x}-0{sampled or 1}"


current_trace: ContextVar[Trace | None] = ContextVar("current_trace", default=None)


def current_request_id() -> str | None:
    trace = current_trace.get()
    return trace.request_id if trace else None


class SpanKind(Enum):
    SERVER = auto()
    CLIENT = auto()
    PRODUCER = auto()


class Span(Protocol):
    """One that has begun, in whatever makes spans."""

    @property
    def traceparent(self) -> str: ...

    def end(self, attributes: Mapping[str, str | int]) -> None:
        """End it, as a failed one where there is ERROR_TYPE."""


StartSpan = Callable[[str, SpanKind], Span]
"""Begins a span by its name, in the current trace."""

_start_span: StartSpan | None = None


def make_spans(start_span: StartSpan | None) -> None:
    """Have spans made from now on; there are none before, nor with None."""
    global _start_span
    _start_span = start_span


def _begin(name: str, kind: SpanKind, trace: Trace) -> Span | None:
    """Begin a span and make it the current one; what is wrong with spans stops no request."""
    if _start_span is None:
        return None
    try:
        begun = _start_span(name, kind)
    except Exception as error:
        logger.error("span not begun", extra={"error": type(error).__name__})
        return None
    traceparent = begun.traceparent
    trace_id = traceparent.split("-")[1]
    current_trace.set(replace(trace, trace_id=trace_id, traceparent=traceparent))
    return begun


@contextmanager
def span(name: str, kind: SpanKind, trace: Trace | None = None) -> Iterator[Attributes]:
    """Make the trace that is given the current one, and a span of it where spans are made.

    What is put into the attributes leaves the product: no address, link or exception's text.
    """
    trace = trace or current_trace.get()
    token = current_trace.set(trace)
    attributes: Attributes = {}
    begun = _begin(name, kind, trace) if trace else None
    try:
        yield attributes
    except Exception as error:
        code = error.code if isinstance(error, UpstreamError) else type(error).__name__
        attributes.setdefault(ERROR_TYPE, code)
        raise
    finally:
        current_trace.reset(token)
        if begun:
            begun.end(attributes)
