"""What may stand in a log line, and whose words."""

import json
import logging
import sys

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

    assert "ValueError: here" in json.loads(JsonFormatter("clinic").format(record))["stack_trace"]
