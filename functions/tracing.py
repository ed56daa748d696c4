"""Which request is being worked on: what every log line and every task carries along."""

import re
import uuid
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
CLOUD_TRACE = re.compile(r"([0-9a-fA-F]{32})(?:/(\d+))?(?:;.*)?")


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

    @classmethod
    def from_headers(cls, headers: Headers) -> "Trace":
        given = headers.get("X-Request-Id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        traceparent = headers.get("traceparent", "")
        if match := TRACEPARENT.fullmatch(traceparent):
            return cls(request_id, match[1], traceparent)
        if match := CLOUD_TRACE.fullmatch(headers.get("X-Cloud-Trace-Context", "")):
            return cls(request_id, match[1].lower())
        return cls(request_id)

    @property
    def span_id(self) -> str | None:
        """The span of whoever called, where it was named."""
        return self.traceparent and self.traceparent.split("-")[2]

    def headers(self) -> dict[str, str]:
        """Return what a task must carry so that its log lines can be found from here."""
        headers = {"X-Request-Id": self.request_id}
        if self.traceparent is not None:
            headers["traceparent"] = self.traceparent
        elif self.trace_id is not None:
            headers["X-Cloud-Trace-Context"] = self.trace_id
        return headers


current_trace: ContextVar[Trace | None] = ContextVar("current_trace", default=None)


def current_request_id() -> str | None:
    trace = current_trace.get()
    return trace.request_id if trace else None
