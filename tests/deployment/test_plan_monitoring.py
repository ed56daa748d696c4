"""The text of what is watched: no change goes unseen, and what an apply makes known is none."""

import copy
import json
from collections.abc import Iterable
from typing import Any

import pytest

from tests.deployment import plan_monitoring
from tests.deployment.plan import Plan

Values = dict[str, Any]
Path = tuple[str | int, ...]

AGGREGATION = {
    "alignment_period": "600s",
    "cross_series_reducer": "REDUCE_SUM",
    "group_by_fields": ["metric.labels.code"],
    "per_series_aligner": "ALIGN_DELTA",
}
THRESHOLD = {
    "aggregations": [AGGREGATION],
    "comparison": "COMPARISON_GT",
    "denominator_aggregations": [AGGREGATION],
    "denominator_filter": 'metric.type="all"',
    "duration": "60s",
    "evaluation_missing_data": None,
    "filter": 'metric.type="failed"',
    "threshold_value": 0.1,
    "trigger": [],
}
DRAWN = {
    "filter": 'metric.type="calls"',
    "aggregation": {
        "alignmentPeriod": "60s",
        "crossSeriesReducer": "REDUCE_PERCENTILE_99",
        "groupByFields": ["metric.labels.method"],
        "perSeriesAligner": "ALIGN_DELTA",
    },
}
RESOURCES: dict[str, list[Values]] = {
    "google_monitoring_alert_policy": [
        {
            "combiner": "AND",
            "conditions": [
                {"condition_threshold": [THRESHOLD], "condition_absent": []},
                {"condition_prometheus_query_language": [{"query": "up == 0", "duration": "60s"}]},
            ],
            "display_name": "Calls fail",
            "enabled": None,
            "notification_channels": [None, None],
            "severity": "ERROR",
        }
    ],
    "google_monitoring_notification_channel": [],
    "google_monitoring_slo": [
        {
            "display_name": "Links",
            "goal": 0.999,
            "rolling_period_days": 28,
            "request_based_sli": [
                {
                    "good_total_ratio": [
                        {"good_service_filter": "ready", "total_service_filter": "requested"}
                    ]
                }
            ],
        }
    ],
    "google_monitoring_uptime_check_config": [
        {
            "content_matchers": [],
            "display_name": "health",
            "http_check": [{"path": "/health/", "request_method": None, "validate_ssl": True}],
            "monitored_resource": [{"labels": {"host": "api-123456.europe-west1.run.app"}}],
            "period": "60s",
            "timeout": "10s",
        }
    ],
    "google_logging_metric": [
        {
            "disabled": None,
            "filter": f'resource.type="cloud_run_revision" AND message="{name}"',
            "label_extractors": {"code": "EXTRACT(jsonPayload.code)"},
            "metric_descriptor": [{"metric_kind": "DELTA", "value_type": "DISTRIBUTION"}],
            "name": name,
            "value_extractor": "EXTRACT(jsonPayload.seconds)",
        }
        for name in ("calls", "failed")
    ],
    "time_sleep": [{"create_duration": "600s"}],
    "google_logging_project_exclusion": [{"disabled": None, "filter": "url", "name": "urls"}],
    "google_logging_project_sink": [
        {"destination": "storage", "exclusions": [], "filter": "all", "name": "copy"}
    ],
    "google_monitoring_dashboard": [
        {
            "gridLayout": {
                "widgets": [
                    {
                        "title": "Calls",
                        "xyChart": {
                            "thresholds": [{"value": 10}],
                            "dataSets": [
                                {"timeSeriesQuery": {"timeSeriesFilter": DRAWN}},
                                {
                                    "timeSeriesQuery": {
                                        "timeSeriesFilterRatio": {
                                            "numerator": DRAWN,
                                            "denominator": DRAWN,
                                        }
                                    }
                                },
                            ],
                        },
                    }
                ]
            }
        }
    ],
}


def text(resources: dict[str, list[Values]]) -> str:
    all_resources = [
        {
            "type": kind,
            "values": {"dashboard_json": json.dumps(values)} if "dashboard" in kind else values,
        }
        for kind, of_kind in resources.items()
        for values in of_kind
    ]
    plan = Plan(
        {
            "planned_values": {"root_module": {"resources": all_resources}},
            "variables": {"project_id": {"value": "clinic"}},
        }
    )
    parts = (plan_monitoring.alerts, plan_monitoring.promises, plan_monitoring.logs)
    return "\n".join(line for part in (*parts, plan_monitoring.charts) for line in part(plan))


def changed(path: Path, value: object) -> dict[str, list[Values]]:
    resources = copy.deepcopy(RESOURCES)
    of: Any = resources
    for step in path[:-1]:
        of = of[step]
    of[path[-1]] = value
    return resources


def leaves(of: object, path: Path = ()) -> Iterable[tuple[Path, object]]:
    steps: Iterable[tuple[str | int, object]] = ()
    if isinstance(of, dict):
        steps = of.items()
    elif isinstance(of, list):
        steps = enumerate(of)
    else:
        yield path, of
    for step, value in steps:
        yield from leaves(value, (*path, step))


SAID = [path for path, value in leaves(RESOURCES) if value is not None]


@pytest.mark.parametrize("path", SAID, ids=lambda path: ".".join(map(str, path)))
def test_no_change_goes_unseen(path: Path) -> None:
    value = dict(leaves(RESOURCES))[path]
    other = f"{value}0" if isinstance(value, str) else 0

    assert text(changed(path, other)) != text(RESOURCES)


CHART: Path = ("google_monitoring_dashboard", 0, "gridLayout", "widgets", 0, "xyChart")
ALERT: Path = ("google_monitoring_alert_policy", 0)
COMPARED: Path = (*ALERT, "conditions", 0, "condition_threshold", 0)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((*ALERT, "notification_channels"), []),
        ((*ALERT, "enabled"), False),
        ((*ALERT, "conditions"), []),
        ((*COMPARED, "aggregations"), []),
        ((*COMPARED, "denominator_filter"), None),
        ((*COMPARED, "trigger"), [{"count": 100}]),
        (("google_monitoring_notification_channel",), [{"enabled": False, "type": "email"}]),
        (("google_logging_metric", 0, "disabled"), True),
        (("google_logging_project_exclusion", 0, "filter"), "x"),
        (("google_monitoring_uptime_check_config",), []),
        ((*CHART, "dataSets"), [{"timeSeriesQuery": {"timeSeriesFilter": DRAWN}}] * 3),
    ],
)
def test_what_is_left_out_is_seen(path: Path, value: object) -> None:
    assert text(changed(path, value)) != text(RESOURCES)


CHECK: Path = ("google_monitoring_uptime_check_config", 0)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((*ALERT, "enabled"), True),
        ((*ALERT, "notification_channels"), ["one", "two"]),
        ((*CHECK, "http_check", 0, "request_method"), "GET"),
        ((*CHECK, "monitored_resource", 0, "labels", "host"), "api-654321.europe-west1.run.app"),
    ],
)
def test_what_google_says_at_an_apply_is_no_change(path: Path, value: object) -> None:
    assert text(changed(path, value)) == text(RESOURCES)


def test_an_id_of_a_check_is_unknown_before_and_after() -> None:
    path = (*COMPARED, "filter")
    before = changed(path, None)
    after = changed(path, 'metric.type="check_passed" AND metric.labels.check_id="health-1"')

    assert text(before) == text(after)
    assert "(known after apply)" in text(before)


def test_a_condition_of_which_nothing_is_known_says_so() -> None:
    unknown = changed((*ALERT, "conditions", 0), {"condition_absent": []})

    assert "  (known after apply)\n" in text(unknown)


def test_a_longer_name_of_a_project_breaks_no_other_line() -> None:
    """docs/deploying.md puts another in the text."""
    path = (*COMPARED, "filter")
    one, other = (f"{name}/a AND {name}/b AND {name}/c AND d" for name in ("clinic", "c" * 99))

    assert text(changed(path, one)).replace("clinic/", f"{'c' * 99}/") == text(changed(path, other))
