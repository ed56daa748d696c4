"""Spans by OpenTelemetry, sent by OTLP over HTTP in the background.

Google's own receiver and what it needs: https://cloud.google.com/trace/docs/migrate-to-otlp-endpoints
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased

from functions.tracing import ERROR_TYPE, SpanKind, current_trace
from infra.credentials import Request, TimedRequest

logger = logging.getLogger(__name__)

SERVICE_NAME = "meet-middleware"
SCOPE = "https://www.googleapis.com/auth/trace.append"
SEND_TIMEOUT_SECONDS = 5.0
SEND_EVERY_SECONDS = 1.0
"""Often: Cloud Run gives an instance no CPU between requests, and spans wait for the next."""

QUEUE_SIZE = 2048
BATCH_SIZE = 512
ENDS_WITHIN_SECONDS = 2.0
"""What is not sent by then at the process's end is lost."""


class OtlpTraces:
    """Makes spans and sends them; to be made after the server has forked, and once.

    It ends itself with the process. Whatever becomes of what is sent, who makes spans does not
    wait for it: a queue takes them, and loses the oldest.
    """

    def __init__(self, endpoint: str, project: str) -> None:
        # It logs each failure in words of its own, of which the log shows none.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        logging.getLogger("urllib3").setLevel(logging.ERROR)
        self._provider = TracerProvider(
            sampler=ParentBased(ALWAYS_ON),
            # Without `create`, which adds what OTEL_RESOURCE_ATTRIBUTES and its like say.
            resource=Resource({"service.name": SERVICE_NAME, "gcp.project_id": project}),
            id_generator=_TraceIds(),
        )
        exporter = _Exporter(endpoint, timeout=SEND_TIMEOUT_SECONDS, session=session_for(endpoint))
        self._provider.add_span_processor(
            # All of them, or OTEL_BSP_* would count.
            _Batches(
                exporter,
                max_queue_size=QUEUE_SIZE,
                schedule_delay_millis=SEND_EVERY_SECONDS * 1000,
                max_export_batch_size=BATCH_SIZE,
                export_timeout_millis=SEND_TIMEOUT_SECONDS * 1000,
            )
        )
        self._tracer = self._provider.get_tracer(SERVICE_NAME)

    def start(self, name: str, kind: SpanKind) -> "RunningSpan":
        """Begin a span below the current trace's; unsampled where that is."""
        span = self._tracer.start_span(name, _parent(kind), trace.SpanKind[kind.name])
        return RunningSpan(span)

    def close(self) -> None:
        """Send what is left, as at the process's end."""
        self._provider.shutdown()


class RunningSpan:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    @property
    def traceparent(self) -> str:
        context = self._span.get_span_context()
        return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"

    def end(self, attributes: Mapping[str, str | int]) -> None:
        self._span.set_attributes(attributes)
        if ERROR_TYPE in attributes:
            self._span.set_status(trace.StatusCode.ERROR)
        self._span.end()


class _TraceIds(RandomIdGenerator):
    """Keeps the id of a caller's trace that named no span."""

    def generate_trace_id(self) -> int:
        current = current_trace.get()
        given = int(current.trace_id, 16) if current and current.trace_id else 0
        return given or super().generate_trace_id()

    def is_trace_id_random(self) -> bool:
        return False


class _Batches(BatchSpanProcessor):
    def shutdown(self) -> None:
        # The public one waits for half a minute.
        self._batch_processor.shutdown(timeout_millis=int(ENDS_WITHIN_SECONDS * 1000))


class _Exporter(OTLPSpanExporter):
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = super().export(spans)
        if result is not SpanExportResult.SUCCESS:
            logger.warning("spans not sent", extra={"spans": len(spans)})
        return result


class OwnIdentity(requests.auth.AuthBase):
    """Authorizes requests as the account that this runs as, asked for at the first of them.

    The quota is the account's own project's: https://cloud.google.com/docs/quotas/set-quota-project
    """

    def __init__(self, request: Request | None = None) -> None:
        self._request: Any = request or TimedRequest(SEND_TIMEOUT_SECONDS)
        self._credentials: Any = None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._credentials is None:
            import google.auth

            self._credentials, _ = google.auth.default(scopes=[SCOPE], request=self._request)
        self._credentials.before_request(
            self._request, request.method, request.url, request.headers
        )
        return request


def session_for(endpoint: str) -> requests.Session:
    """Return what sends to the endpoint: to Google with the function's own identity."""
    session = requests.Session()
    if f".{urlsplit(endpoint).hostname}".endswith(".googleapis.com"):
        session.auth = OwnIdentity()
    return session


def _parent(kind: SpanKind) -> Context:
    current = current_trace.get()
    if current is None or current.parent is None:
        return Context()
    _, trace_id, span_id, flags = current.parent.split("-")
    parent = trace.SpanContext(
        int(trace_id, 16),
        int(span_id, 16),
        is_remote=kind is SpanKind.SERVER,
        trace_flags=trace.TraceFlags(int(flags, 16)),
    )
    return trace.set_span_in_context(trace.NonRecordingSpan(parent), Context())
