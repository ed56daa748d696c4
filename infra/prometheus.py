"""The metrics of monitoring/metrics.json for Prometheus, of the lines that this process writes.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    make_wsgi_app,
)

from infra.structured_logging import MEASUREMENTS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

DEFINITIONS = Path(__file__).parents[1] / "monitoring" / "metrics.json"
NAMESPACE = "meet_middleware"


class _Metric:
    """One metric, as it is defined, and what it takes from a line."""

    def __init__(self, name: str, definition: Mapping[str, Any], registry: Any) -> None:
        self._line: str = definition["line"]
        self._value: str | None = definition.get("value")
        self._labels: list[str] = definition.get("labels", [])
        self._metric: Counter | Gauge | Histogram
        named = (name, definition["description"], self._labels, NAMESPACE)
        match definition["kind"]:
            case "counter":
                self._metric = Counter(*named, registry=registry)
            case "gauge":
                self._metric = Gauge(*named, registry=registry)
            case "distribution":
                self._metric = Histogram(*named, registry=registry, buckets=definition["bounds"])

    def take(self, line: Mapping[str, Any]) -> None:
        if line["msg"] != self._line or self._value is not None and self._value not in line:
            return
        metric = self._metric
        if self._labels:
            metric = metric.labels(*(line[label] for label in self._labels))
        match metric:
            case Counter():
                metric.inc()
            case Gauge():
                metric.set(line[str(self._value)])
            case Histogram():
                metric.observe(line[str(self._value)])


class Metrics(logging.Handler):
    """Takes every line of `functions.measurements` from now on, and shows what came of it."""

    def __init__(self) -> None:
        super().__init__()
        disable_created_metrics()  # type: ignore[no-untyped-call]
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        definitions = json.loads(DEFINITIONS.read_text())
        self._metrics = [_Metric(name, of, registry) for name, of in definitions.items()]
        self.wsgi_app = cast("WSGIApplication", make_wsgi_app(registry))
        logging.getLogger(MEASUREMENTS).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            for metric in self._metrics:
                metric.take(vars(record))
        except Exception:
            # What cannot be counted stops no request.
            self.handleError(record)
