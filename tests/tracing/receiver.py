"""A collector of traces: an OTLP receiver over HTTP that keeps what it is sent."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SpanMessage

PATH = "/v1/traces"


class ReceivedSpan:
    def __init__(self, message: SpanMessage) -> None:
        self.name = message.name
        self.kind = SpanMessage.SpanKind.Name(message.kind).removeprefix("SPAN_KIND_")
        self.trace_id = message.trace_id.hex()
        self.span_id = message.span_id.hex()
        self.parent_id = message.parent_span_id.hex()
        self.failed = message.status.code == message.status.STATUS_CODE_ERROR
        self.failure = message.status.message
        self.attributes = {
            a.key: a.value.string_value or a.value.int_value for a in message.attributes
        }


class Receiver:
    """`status` is what it answers; while `holding` is set it answers nobody."""

    def __init__(self) -> None:
        self.status = 200
        self.holding = threading.Event()
        self.requests: list[ExportTraceServiceRequest] = []
        self.headers: list[dict[str, str]] = []
        self._ending = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}{PATH}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def spans(self) -> list[ReceivedSpan]:
        return [
            ReceivedSpan(span)
            for request in list(self.requests)
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def of(self, trace_id: str) -> list[ReceivedSpan]:
        return [span for span in self.spans if span.trace_id == trace_id]

    def texts(self) -> Iterator[str]:
        """Every text that it was sent, however deep."""
        for request in list(self.requests):
            yield from _texts(MessageToDict(request))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == PATH:
                    receiver.requests.append(ExportTraceServiceRequest.FromString(body))
                    receiver.headers.append({k.lower(): v for k, v in self.headers.items()})
                if receiver.holding.is_set():
                    receiver._ending.wait()
                answer = ExportTraceServiceResponse().SerializeToString()
                with contextlib.suppress(OSError):
                    self.send_response(receiver.status)
                    # With a refusal comes a line that is no header, of which urllib3 warns.
                    length = f"{len(answer)}" if receiver.status == 200 else f"{len(answer)}\r\nno"
                    self.send_header("Content-Length", length)
                    self.end_headers()
                    self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                return

        return Handler


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
