"""The alerts, the SLO and the dashboard in terraform/ against the metrics and the code.

Read without Terraform; terraform/tests/defaults.tftest.hcl has what needs it.
"""

import re

import pytest

from functions import doctor
from tests.deployment.configuration import block, words
from tests.monitoring.definitions import METRICS, labels, terraform

FILES = ("alerts.tf", "dashboard.tf", "slo.tf")
METRIC = r"local\.(?:metric_filters|promql_metrics)\.(\w+)"


def used(name: str) -> list[tuple[str, str]]:
    """Return each metric of ours that a file uses, with what is said of it: up to the next."""
    text = re.sub(r"^ +_api_.*", "", terraform(name), flags=re.M)
    text = text.replace("local._failed_calls", "local.metric_filters.google_calls")
    parts = re.split(METRIC, text)
    said = [part.split("filter")[0] for part in parts[2::2]]
    return list(zip(parts[1::2], said, strict=True))


@pytest.mark.parametrize("name", FILES)
def test_a_metric_that_is_asked_for_is_there_and_has_the_labels(name: str) -> None:
    assert used(name)
    for metric, said in used(name):
        assert metric in METRICS
        grouped = re.findall(r"\b(?:group_by|by) += \[([^\]]*)\]", said)
        asked = {label for group in grouped for label in words(f"[{group}]")}
        asked |= set(re.findall(r"metric\.labels\.(\w+)", said))
        assert asked <= labels(metric), metric


def test_every_metric_is_on_the_dashboard() -> None:
    assert {metric for metric, _ in used("dashboard.tf")} == METRICS.keys()


def test_the_mean_is_of_gauges_and_percentiles_of_distributions() -> None:
    reducers = {"REDUCE_MEAN": "gauge", "REDUCE_PERCENTILE": "distribution"}
    for name in FILES:
        for metric, said in used(name):
            [kind] = [of for reducer, of in reducers.items() if reducer in said] or ["counter"]
            assert METRICS[metric]["kind"] == kind, metric


def test_a_sweep_is_missed_after_the_minutes_that_doctor_gives_it() -> None:
    [minutes] = re.findall(r"absent_over_time\([^\[]*\[(\d+)m\]\)", terraform("alerts.tf"))

    assert int(minutes) * 60 == doctor.SWEPT_WITHIN.total_seconds()


def test_a_burn_rate_looks_back_a_day_at_most_and_then_over_a_twelfth() -> None:
    """Google's alerts look back no further; a twelfth is the workbook's."""
    windows = re.findall(
        r"windows_seconds = \[(\d+), (\d+)\]", block(terraform("slo.tf"), "burn_rates")
    )

    assert len(windows) == 3
    for long, short in windows:
        assert int(long) <= 86400
        assert int(long) == 12 * int(short)
