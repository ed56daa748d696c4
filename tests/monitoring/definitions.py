"""monitoring/metrics.json, as those who ask for its metrics have to know it."""

import json
from typing import Any

from tests.deployment.configuration import TERRAFORM, TOP

METRICS: dict[str, dict[str, Any]] = json.loads((TOP / "monitoring" / "metrics.json").read_text())
NAMESPACE = "meet_middleware_"
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "distribution": ("_bucket", "_sum", "_count")}
SAMPLES = {
    f"{name}{suffix}": name
    for name, metric in METRICS.items()
    for suffix in SUFFIXES[metric["kind"]]
}
"""What Prometheus gets, without the namespace, and which metric that is."""


def labels(name: str) -> set[str]:
    return set(METRICS[name].get("labels", []))


def terraform(name: str) -> str:
    return (TERRAFORM / name).read_text()
