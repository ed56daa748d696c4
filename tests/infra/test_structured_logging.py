"""What may stand in a log line, and whose words."""

import json
import logging
import sys

from functions.tracing import Trace, current_trace
from infra.structured_logging import JsonFormatter


def line_of(name: str, message: str, *args: object, **extra: object) -> dict[str, object]:
    record = logging.LogRecord(name, logging.WARNING, "file", 1, message, args, None)
    vars(record).update(extra)
    line: dict[str, object] = json.loads(JsonFormatter("clinic").format(record))
    return line


def test_our_own_words_stand_with_their_fields() -> None:
    line = line_of("functions.sweep", "task not enqueued", meeting_id="m1")

    assert (line["message"], line["meeting_id"]) == ("task not enqueued", "m1")
    assert line["severity"] == "WARNING"


def test_what_a_line_is_found_by_is_a_label() -> None:
    line = line_of("functions.sweep", "task not enqueued", meeting_id="m1", code=None, other="x")

    assert line["logging.googleapis.com/labels"] == {"meeting_id": "m1"}


def test_a_line_belongs_to_the_callers_trace_and_span() -> None:
    headers = {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    token = current_trace.set(Trace.from_headers(headers))
    try:
        line = line_of("functions.sweep", "swept")
    finally:
        current_trace.reset(token)

    assert line["logging.googleapis.com/trace"] == f"projects/clinic/traces/{'a' * 32}"
    assert line["logging.googleapis.com/spanId"] == "b" * 16


def test_a_librarys_words_are_withheld_as_they_may_quote_an_answer() -> None:
    for args in ((), ("pat@clinic.example",)):
        line = line_of("googleapiclient.http", "pat@clinic.example %s" if args else "pat@x", *args)

        assert "pat@" not in json.dumps(line)
        assert line["logger"] == "googleapiclient.http"


def test_a_librarys_exception_and_fields_are_withheld_too() -> None:
    try:
        raise ValueError("pat@clinic.example")
    except ValueError:
        record = logging.LogRecord("grpc", logging.ERROR, "f", 1, "x", (), sys.exc_info())
    vars(record)["who"] = "pat@clinic.example"

    assert "pat@" not in JsonFormatter("clinic").format(record)


def test_an_exception_of_ours_has_its_trace() -> None:
    try:
        raise ValueError("here")
    except ValueError:
        record = logging.LogRecord("functions", logging.ERROR, "f", 1, "x", (), sys.exc_info())

    line = json.loads(JsonFormatter("clinic").format(record))
    assert "ValueError: here" in line["stack_trace"]
    assert line["@type"].endswith("ReportedErrorEvent")
