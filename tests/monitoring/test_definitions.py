"""monitoring/metrics.json and the lines of functions/measurements.py: each is for the other."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions import measurements
from functions.errors import PermanentError
from functions.google_calls import GoogleCalls
from functions.models import DueKind, Meeting
from infra.google_errors import TABLE
from infra.recording_sharing import SCOPE_MISSING
from tests.monitoring.definitions import METRICS
from tests.values import NOW, a_meeting

SCALARS = (int, float)
WANTED = {
    "counter": {"kind", "description", "line"},
    "gauge": {"kind", "description", "line", "unit", "value"},
    "distribution": {"kind", "description", "line", "unit", "value", "bounds"},
}
OF_ONE_ORGANIZER = {"organizer_unusable"}
"""Google gives no token for one account that is suspended or gone; for others it does."""


EVERY_LINE: list[Callable[[Meeting], None]] = [
    measurements.link_requested,
    lambda meeting: measurements.link_ready(meeting, NOW + timedelta(seconds=3)),
    lambda meeting: measurements.meeting_failed(meeting, "organizer_unusable"),
    measurements.recording_state,
    measurements.records_expiring,
    lambda _: measurements.google_call("events.insert", "ok", 0.5),
    lambda _: measurements.task_retried("sync_calendar"),
    lambda _: measurements.swept(3, dict.fromkeys(DueKind, 0.0)),
]
"""Each writes its line with all of its fields."""


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> dict[str, dict[str, Any]]:
    with caplog.at_level(logging.INFO, measurements.__name__):
        for write in EVERY_LINE:
            write(a_meeting(created_at=NOW))
    return {record.getMessage(): vars(record) for record in caplog.records}


def test_each_metric_is_made_of_a_line_that_is_written(lines: dict[str, dict[str, Any]]) -> None:
    for name, metric in METRICS.items():
        line = lines[metric["line"]]
        assert all(isinstance(line[label], str) for label in metric.get("labels", [])), name
        if "value" in metric:
            assert type(line[metric["value"]]) in SCALARS, name


def test_each_line_is_for_a_metric(lines: dict[str, dict[str, Any]]) -> None:
    assert lines.keys() == {metric["line"] for metric in METRICS.values()}


def test_what_somebody_has_to_mend_is_an_error(lines: dict[str, dict[str, Any]]) -> None:
    levels = {name: line["levelname"] for name, line in lines.items()}

    assert levels.pop("meeting failed") == "ERROR"
    assert levels.pop("records expiring") == "CRITICAL"
    assert set(levels.values()) == {"INFO"}


@pytest.mark.parametrize(("milliseconds", "in_time"), [(10_000, "yes"), (10_001, "no")])
def test_a_link_that_comes_with_the_last_moment_is_in_time(
    milliseconds: int, in_time: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, measurements.__name__)

    measurements.link_ready(a_meeting(created_at=NOW), NOW + timedelta(milliseconds=milliseconds))

    assert [vars(record)["in_time"] for record in caplog.records] == [in_time]


def test_a_call_that_fails_as_nobody_foresaw_is_told_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, measurements.__name__)
    calls = GoogleCalls()

    with pytest.raises(ZeroDivisionError):
        calls.ask("events.get", lambda: 1 / 0)

    [line] = map(vars, caplog.records)
    assert (line["method"], line["outcome"]) == ("events.get", "internal_error")
    assert type(line["seconds"]) is float
    assert [(call.method, call.outcome) for call in calls.made] == [
        ("events.get", "internal_error")
    ]


def test_each_function_writes_one() -> None:
    functions = {
        name
        for name, value in vars(measurements).items()
        if callable(value) and getattr(value, "__module__", "") == measurements.__name__
    }

    assert len(functions) == len(EVERY_LINE)


@pytest.mark.parametrize("name", METRICS)
def test_a_definition_is_whole(name: str) -> None:
    metric = METRICS[name]
    assert metric.keys() - {"labels"} == WANTED[metric["kind"]]
    assert metric.get("unit") != "s" or name.endswith("_seconds")
    assert sorted(metric.get("bounds", [])) == metric.get("bounds", [])


@pytest.mark.parametrize(
    ("outcome", "delegated"),
    [
        ("ok", {"delegated": 1}),
        ("delegation_missing", {"delegated": 0}),
        ("signing_forbidden", {"delegated": 0}),
        ("key_rejected", {"delegated": 0}),
        (SCOPE_MISSING.code, {"delegated": 0}),
        ("google_unavailable", {}),
        ("organizer_unusable", {}),
        ("not_found", {}),
    ],
)
@pytest.mark.parametrize(
    ("method", "api"),
    [
        ("events.insert", "calendar"),
        ("spaces.get", "meet"),
        ("conferenceRecords.list", "meet"),
        ("recordings.list", "meet"),
        ("participants.list", "meet"),
        ("files.get", "drive"),
        ("permissions.create", "drive"),
    ],
)
def test_a_delegated_call_has_its_api_and_what_its_outcome_tells_of_the_delegation(
    method: str, api: str, outcome: str, delegated: dict[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    assert told_of_delegation(method, outcome, caplog) == {"api": api, **delegated}


def test_a_copy_is_written_without_delegation(caplog: pytest.LogCaptureFixture) -> None:
    assert told_of_delegation("objects.insert", "ok", caplog) == {}


def test_what_google_says_instead_of_a_token_is_of_the_delegation() -> None:
    codes = {
        row.code
        for row in TABLE
        if row.source in ("signing", "token") and issubclass(row.raises, PermanentError)
    }

    assert codes - {code for code, state in measurements.DELEGATION.items() if state == 0} == (
        OF_ONE_ORGANIZER
    )


def told_of_delegation(
    method: str, outcome: str, caplog: pytest.LogCaptureFixture
) -> dict[str, Any]:
    with caplog.at_level(logging.INFO, measurements.__name__):
        measurements.google_call(method, outcome, 0.1)
    [record] = caplog.records
    return {name: vars(record)[name] for name in ("api", "delegated") if name in vars(record)}
