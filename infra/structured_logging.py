"""One JSON line an event on standard output, as Cloud Logging reads it.

https://cloud.google.com/run/docs/logging#writing_structured_logs
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from functions.tracing import current_trace
from infra.tracebacks import stack_trace

OURS = frozenset({"functions", "infra"})
MEASUREMENTS = "functions.measurements"
"""Metrics are made of its lines, so they are written at any level."""

LIBRARY_LINE = "a library's message is withheld: it may quote an answer of Google's, with addresses"
LABELS = ("meeting_id", "code", "task")
"""What a line is found by, and counted by."""

REPORTED_ERROR = (
    "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent"
)
"""https://cloud.google.com/error-reporting/docs/formatting-error-messages"""

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """Writes the message, the severity, the trace, and whatever `extra` names."""

    def __init__(self, project: str) -> None:
        super().__init__()
        self._project = project

    def format(self, record: logging.LogRecord) -> str:
        is_ours = record.name.partition(".")[0] in OURS
        line: dict[str, Any] = {
            "severity": record.levelname,
            "message": record.getMessage() if is_ours else LIBRARY_LINE,
            "logger": record.name,
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        trace = current_trace.get()
        if trace is not None:
            line["request_id"] = trace.request_id
        if trace is not None and trace.trace_id is not None:
            name = f"projects/{self._project}/traces/{trace.trace_id}"
            line["logging.googleapis.com/trace"] = name
        if trace is not None and trace.span_id is not None:
            line["logging.googleapis.com/spanId"] = trace.span_id
        if is_ours:
            line |= {k: v for k, v in vars(record).items() if k not in STANDARD}
            labels = {name: str(line[name]) for name in LABELS if line.get(name) is not None}
            if labels:
                line["logging.googleapis.com/labels"] = labels
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and is_ours:
            line["@type"] = REPORTED_ERROR
            line["stack_trace"] = stack_trace(error)
        return json.dumps(line, default=str)


def configure_logging(project: str, level: str) -> None:
    """Send every logger's lines to standard output; ours from `level`, all others' warnings."""
    # What it would print of a line that can't be written has the line's values.
    logging.raiseExceptions = False
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(project))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    logging.getLogger(MEASUREMENTS).setLevel(logging.INFO)
