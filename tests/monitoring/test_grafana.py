"""monitoring/grafana.json: its queries ask for what infra/prometheus.py exposes."""

import json
import re
from typing import Any

import promql_parser
import pytest
from promql_parser import AggregateExpr, Expr, MatrixSelector, VectorSelector

from tests.deployment.configuration import TOP
from tests.monitoring.definitions import METRICS, NAMESPACE, SAMPLES, labels

WORST = {"links_waiting": "max", "oldest_due_seconds": "max", "delegation_state": "min"}
"""How each gauge of several instances becomes one: all is well only if it is with each of them."""

QUANTILES = {"half of": 0.5, "99 of 100": 0.99}
DASHBOARD: dict[str, Any] = json.loads((TOP / "monitoring" / "grafana.json").read_text())
PANELS = {panel["title"]: panel for panel in DASHBOARD["panels"]}
TARGETS = {
    f"{title} {target['refId']}": target
    for title, panel in PANELS.items()
    for target in panel["targets"]
}


class Query:
    """The metrics that a query reads, and the labels that it names."""

    def __init__(self, text: str) -> None:
        self.names: list[str] = []
        self.labels: set[str] = set()
        # Grafana's own durations.
        tree = promql_parser.parse(re.sub(r"\$__(rate_interval|range)", "5m", text))
        promql_parser.walk(tree, self._visit, None)

    def _visit(self, node: Expr) -> None:
        match node:
            case AggregateExpr() if node.modifier is not None:
                self.labels |= set(node.modifier.labels)
            case MatrixSelector():
                self._read(node.vector_selector)
            case VectorSelector():
                self._read(node)

    def _read(self, selector: VectorSelector) -> None:
        assert selector.name is not None
        assert selector.name.startswith(NAMESPACE)
        self.names.append(selector.name.removeprefix(NAMESPACE))
        self.labels |= {matcher.name for matcher in selector.matchers.matchers}


@pytest.mark.parametrize("key", sorted(TARGETS))
def test_a_query_reads_what_is_exposed(key: str) -> None:
    query = Query(TARGETS[key]["expr"])

    assert query.names
    assert set(query.names) <= SAMPLES.keys()
    known = {label for name in query.names for label in labels(SAMPLES[name])}
    assert query.labels - ({"le"} if "_bucket" in TARGETS[key]["expr"] else set()) <= known
    assert set(re.findall(r"{{(\w+)}}", TARGETS[key]["legendFormat"])) <= query.labels


@pytest.mark.parametrize("title", PANELS)
def test_a_panel_has_the_unit_of_what_it_shows(title: str) -> None:
    expressions = [target["expr"] for target in PANELS[title]["targets"]]
    of_seconds = {METRICS[SAMPLES[Query(text).names[0]]].get("unit") == "s" for text in expressions}
    unit = "s" if of_seconds == {True} else "short"

    shown = PANELS[title]["fieldConfig"]["defaults"]["unit"]
    assert shown == ("percentunit" if "/" in "".join(expressions) else unit)


@pytest.mark.parametrize("key", sorted(TARGETS))
def test_a_query_computes_what_is_said_of_it(key: str) -> None:
    expression = TARGETS[key]["expr"]
    said = f"{key} {TARGETS[key]['legendFormat']}"

    quantiles = [float(q) for q in re.findall(r"histogram_quantile\(([\d.]+)", expression)]
    assert quantiles == [q for words, q in QUANTILES.items() if words in said]
    assert re.findall(r"\* (\d+)", expression) == (["60"] if "a minute" in said else [])
    assert re.findall(r"\b(max|min)\b", expression) == [
        WORST[name] for name in Query(expression).names if name in WORST
    ]


def test_every_metric_is_shown() -> None:
    shown = {SAMPLES[name] for target in TARGETS.values() for name in Query(target["expr"]).names}

    assert shown == METRICS.keys()


def test_it_takes_the_data_source_that_is_chosen() -> None:
    [variable] = DASHBOARD["templating"]["list"]
    chosen = {"type": "prometheus", "uid": f"${{{variable['name']}}}"}

    assert (variable["type"], variable["query"]) == ("datasource", "prometheus")
    for panel in PANELS.values():
        assert {str(part["datasource"]) for part in (panel, *panel["targets"])} == {str(chosen)}


def test_no_panel_lies_over_another() -> None:
    panels = DASHBOARD["panels"]
    cells = [
        (place["x"] + column, place["y"] + row)
        for place in (panel["gridPos"] for panel in panels)
        for column in range(place["w"])
        for row in range(place["h"])
    ]

    assert len(set(cells)) == len(cells)
    assert len({panel["id"] for panel in panels}) == len(PANELS) == len(panels)
