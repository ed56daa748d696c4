"""What may stand in a log line, and whose words."""

import json
import logging
import sys
from collections.abc import Callable

import pytest

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


def test_an_exception_of_ours_has_its_trace_and_no_text() -> None:
    def read() -> None:
        raise KeyError("pat@clinic.example")

    try:
        try:
            read()
        except KeyError as error:
            raise ValueError(f"of {error}") from error
    except ValueError:
        record = logging.LogRecord("functions", logging.ERROR, "f", 1, "x", (), sys.exc_info())

    line = json.loads(JsonFormatter("clinic").format(record))
    lines = line["stack_trace"].splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert [told for told in lines if told.startswith("builtins.")] == [
        "builtins.KeyError: withheld",
        "builtins.ValueError: withheld",
    ]
    assert any(", in read" in told for told in lines)
    assert line["@type"].endswith("ReportedErrorEvent")


def context_hidden() -> None:
    try:
        raise KeyError
    except KeyError:
        raise ValueError from None


def each_the_others_cause() -> None:
    first, second = KeyError(), ValueError()
    first.__cause__, second.__cause__ = second, first
    raise second


@pytest.mark.parametrize(
    ("fail", "types"),
    [(context_hidden, ["ValueError"]), (each_the_others_cause, ["KeyError", "ValueError"])],
)
def test_the_causes_are_those_that_python_shows(fail: Callable[[], None], types: list[str]) -> None:
    told = trace_of(fail).splitlines()

    assert [line for line in told if line.startswith("builtins.")] == [
        f"builtins.{name}: withheld" for name in types
    ]


def without_end(is_odd: bool = False) -> None:
    """Recurse in two lines by turns: of one alone a traceback tells the first frames."""
    if is_odd:
        without_end(not is_odd)
    else:
        without_end(not is_odd)


def too_deep_at_each_mending() -> None:
    try:
        without_end()
    except RecursionError:
        try:
            without_end()
        except RecursionError:
            try:
                without_end()
            except RecursionError:
                without_end()


def one_led_to_the_next() -> None:
    error: Exception | None = None
    for _ in range(5_000):
        try:
            raise ValueError from error
        except ValueError as raised:
            error = raised
    assert error is not None
    raise error


@pytest.mark.parametrize("fail", [too_deep_at_each_mending, one_led_to_the_next])
def test_a_line_is_never_longer_than_cloud_logging_takes(fail: Callable[[], None]) -> None:
    assert 1024 < len(trace_of(fail)) < 256 * 1024


def trace_of(fail: Callable[[], None]) -> str:
    """Return the stack trace in the line of what it raises."""
    try:
        fail()
    except Exception:
        record = logging.LogRecord("functions", logging.ERROR, "f", 1, "x", (), sys.exc_info())
    return str(json.loads(JsonFormatter("clinic").format(record))["stack_trace"])
