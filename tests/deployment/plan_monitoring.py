"""What a plan watches and whom it tells, as text: alerts, the metrics they are of, and charts.

Where the provider fills in a default that a plan may not say yet, the default is left out.
"""

import json
import os.path
import re
from collections.abc import Iterable, Iterator
from textwrap import indent

from tests.deployment.plan import UNKNOWN, Plan, Values

ASKED = (
    "accepted_response_status_codes",
    "path",
    "port",
    "request_method",
    "use_ssl",
    "validate_ssl",
)
"""What is shown of how a check asks: not its headers, nor its password."""


def _block(title: str, *lines: str) -> str:
    """Return the title, and each line below it."""
    return "\n".join([title, *(indent(line, "  ") for line in lines)])


def _broken(text: str) -> str:
    """Return a filter with a line for two of its terms each, however long a project's name is."""
    terms = text.split(" AND ")
    pairs = [" AND ".join(terms[at : at + 2]) for at in range(0, len(terms), 2)]
    return "\n  AND ".join(pairs)


def _given(values: Values) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(values.items()) if value)


def _filter(text: str | None) -> str:
    """Return it, or that it is unknown, as a check's id is until the check is there."""
    return UNKNOWN if text is None or "check_id=" in text else text


def alerts(plan: Plan) -> Iterator[str]:
    for policy in plan.all("google_monitoring_alert_policy"):
        enabled = "disabled" if policy.get("enabled") is False else "enabled"
        told = f"{len(policy.get('notification_channels') or ())} channels"
        conditions = (line for each in policy["conditions"] for line in _condition(each))
        yield _block(
            f"{policy['display_name']}: {policy['severity']}, {enabled}, {told},"
            f" {policy['combiner']}",
            *conditions,
        )
    for channel in plan.all("google_monitoring_notification_channel"):
        if channel.get("enabled") is False:
            yield f"a channel of type {channel['type']} is disabled"


def _condition(condition: Values) -> Iterator[str]:
    kinds = {kind: blocks for kind, blocks in condition.items() if kind.startswith("condition_")}
    for kind, blocks in kinds.items():
        for block in blocks or ():
            if kind == "condition_threshold":
                yield from _threshold(block)
            else:
                yield f"{kind.removeprefix('condition_')}: {_given(block)}"
    if not any(kinds.values()):
        yield UNKNOWN


def _threshold(block: Values) -> Iterator[str]:
    yield from _series(_filter(block.get("filter")), block.get("aggregations"))
    if block.get("denominator_filter"):
        aggregations = block.get("denominator_aggregations")
        yield from _series(f"of {block['denominator_filter']}", aggregations)
    others = {name: block.get(name) for name in ("evaluation_missing_data", "trigger")}
    compared = f"{block['comparison']} {block.get('threshold_value') or 0:g}"
    yield f"{compared} for {block['duration']} {_given(others)}".rstrip()


def _series(text: str, aggregations: Iterable[Values] | None) -> Iterator[str]:
    """Yield the filter, and how it is put together in a plan's names or in a dashboard's."""
    yield _broken(text)
    for each in aggregations or ():
        names = {re.sub("[A-Z]", lambda a: f"_{a[0].lower()}", k): v for k, v in each.items()}
        by = ", ".join(names.get("group_by_fields") or ["all"])
        yield (
            f"  {names.get('per_series_aligner')} over {names.get('alignment_period')},"
            f" {names.get('cross_series_reducer')} by {by}"
        )


def promises(plan: Plan) -> Iterator[str]:
    for slo in plan.all("google_monitoring_slo"):
        title = f"{slo['display_name']}: {slo['goal']:g} in {slo['rolling_period_days']} days"
        ratios = [each["good_total_ratio"] for each in slo.get("request_based_sli") or ()]
        given = (_given({name: each[name]}) for ratio in ratios for each in ratio for name in each)
        yield _block(title, *filter(None, given))
    for check in plan.all("google_monitoring_uptime_check_config"):
        asked = [f"every {check['period']}, for {check['timeout']}"]
        for each in check.get("http_check") or ():
            asked.append(
                _given({name: each.get(name) for name in ASKED if each.get(name) != "GET"})
            )
        asked += [_given(each) for each in check.get("content_matchers") or ()]
        # The project's number is not known without the cloud.
        asked += [
            re.sub(r"-\d+\.", "-NUMBER.", _given(each["labels"]))
            for each in check.get("monitored_resource") or ()
        ]
        yield _block(f"{check['display_name']}", *asked)


def logs(plan: Plan) -> Iterator[str]:
    """Yield what is counted, what is left out, and where it goes besides."""
    metrics = plan.all("google_logging_metric")
    shared = os.path.commonprefix([each["filter"] for each in metrics]).rpartition(" AND ")[0]
    if shared:
        yield f"all metrics: {shared}"
    for each in metrics:
        kind = " ".join(
            each["metric_descriptor"][0][name] for name in ("metric_kind", "value_type")
        )
        own = each["filter"].removeprefix(f"{shared} AND ")
        extractors = {"value": each.get("value_extractor"), **(each.get("label_extractors") or {})}
        yield f"metric {each['name']}{_off(each)}: {kind}, {own}, {_given(extractors)}".rstrip(", ")
    for each in plan.all("time_sleep"):
        yield f"waited for before they are asked for: {each['create_duration']}"
    for each in plan.all("google_logging_project_exclusion"):
        yield _block(f"left out: {each['name']}{_off(each)}", _broken(each["filter"]))
    for each in plan.all("google_logging_project_sink"):
        title = f"copied: {each['name']}{_off(each)} to {each.get('destination', UNKNOWN)}"
        left_out = [f"but not {_given(but)}" for but in each.get("exclusions") or ()]
        yield _block(title, _broken(each.get("filter") or "all of it"), *left_out)


def _off(values: Values) -> str:
    return " (disabled)" if values.get("disabled") else ""


def charts(plan: Plan) -> Iterator[str]:
    for dashboard in plan.all("google_monitoring_dashboard"):
        shown = json.loads(dashboard.get("dashboard_json", "{}"))
        for widget in shown.get("gridLayout", {}).get("widgets", ()):
            chart = widget.get("xyChart", {})
            targets = [f"{each['value']:g}" for each in chart.get("thresholds", ())]
            title = ", target ".join([widget.get("title", ""), *targets])
            yield _block(title, *(line for each in chart["dataSets"] for line in _drawn(each)))


def _drawn(line: Values) -> Iterator[str]:
    query = line["timeSeriesQuery"]
    ratio = query.get("timeSeriesFilterRatio", {})
    parts = [query.get("timeSeriesFilter"), ratio.get("numerator"), ratio.get("denominator")]
    for before, part in zip(("", "", "of "), parts, strict=True):
        if part:
            yield from _series(before + part["filter"], [part.get("aggregation", {})])
