"""What is said in several places is the same in each: what is promised, and what is no failure."""

import json
import re
from typing import Any

from functions.errors import ChangedError, DuplicateError, GoneError
from functions.measurements import LINK_TARGET
from infra.google_errors import TABLE
from tests.deployment.configuration import TOP, block, words
from tests.monitoring.definitions import METRICS, NAMESPACE, terraform

GOAL = 0.999
RUNBOOK = (TOP / "docs" / "runbook.md").read_text().replace('\\"', '"')
PANELS = json.loads((TOP / "monitoring" / "grafana.json").read_text())["panels"]
IN_GRAFANA = [panel for panel in PANELS if "within" in panel["title"]]
Counted = tuple[str, str, str]
"""A metric, and the label and its value of what of it is counted."""


def written_out(name: str) -> str:
    """Return a file of Terraform's with what the locals of one line in slo.tf stand for."""
    values = dict(re.findall(r"^  (\w+) += (\S.*)$", terraform("slo.tf"), re.M))
    told = re.sub(r"\$\{local\.(\w+)\}", lambda m: values.get(m[1], m[0]), terraform(name))
    return re.sub(r"\blocal\.(\w+)$", lambda m: values.get(m[1], m[0]), told, flags=re.M)


SLO, CHARTS = written_out("slo.tf"), block(written_out("dashboard.tf"), "charts")


def counted(text: str, attribute: str) -> Counted:
    """Return what the first attribute of this name counts."""
    found = re.search(
        rf"\b{attribute} += .*metric_filters\.(\w+)(?:}} AND metric\.labels\.(\w+)=\\\"(\w+))?",
        text,
    )
    assert found is not None, attribute
    return found[1], found[2] or "", found[3] or ""


def last_step(panel: dict[str, Any]) -> float:
    return float(panel["fieldConfig"]["defaults"]["thresholds"]["steps"][-1]["value"])


def numbers(pattern: str, *texts: str) -> set[float]:
    return {float(number) for text in texts for number in re.findall(pattern, text)}


def test_the_same_links_are_counted_of_the_same() -> None:
    ratio = [("links_ready", "in_time", "yes"), ("links_requested", "", "")]

    assert [counted(SLO, "good_service_filter"), counted(SLO, "total_service_filter")] == ratio
    assert [counted(CHARTS, "filter"), counted(CHARTS, "of")] == ratio
    assert IN_GRAFANA
    for panel in IN_GRAFANA:
        [target] = panel["targets"]
        selected = rf'{NAMESPACE}(\w+)_total(?:{{(\w+)="(\w+)"}})?'
        assert re.findall(selected, target["expr"]) == ratio


def test_they_are_held_against_the_same_seconds() -> None:
    seconds = LINK_TARGET.total_seconds()
    of_links = "".join(part for part in RUNBOOK.split("\n## ") if part.startswith("Links"))
    titles = "\n".join(panel["title"] for panel in IN_GRAFANA)
    [drawn] = [panel for panel in PANELS if panel["title"] == "Time to the link"]

    assert seconds in METRICS["time_to_link_seconds"]["bounds"]
    for text in (METRICS["links_ready"]["description"], SLO, CHARTS, titles):
        assert numbers(r"within (\d+) s\b", text) == {seconds}
    assert numbers(r"(?:no link|not there after)\s+(\d+) s\b", of_links) == {seconds}
    assert numbers(r'title += "Seconds to the link.*\n +target += (\d+)\n', CHARTS) == {seconds}
    assert last_step(drawn) == seconds


def test_so_many_of_them_are_promised() -> None:
    code = (TOP / "functions" / "measurements.py").read_text()

    assert numbers(r"\bgoal += ([\d.]+)", SLO) == {GOAL}
    assert numbers(r'title += "Links within.*\n +target += ([\d.]+)\n', CHARTS) == {GOAL}
    assert {last_step(panel) for panel in IN_GRAFANA} == {GOAL}
    assert numbers(r"(\d+\.\d+) % of the links", code) == {GOAL * 100}


def test_what_the_code_takes_for_an_answer_is_no_failure() -> None:
    answers = {
        row.code
        for row in TABLE
        if issubclass(row.raises, ChangedError | DuplicateError | GoneError)
    }

    [in_alert] = re.findall(r"_normal_outcomes += (\[[^\]]*\])", terraform("alerts.tf"))
    in_runbook = re.findall(r"NOT jsonPayload\.outcome=(\([^)]*\))", RUNBOOK)
    assert in_runbook
    for told in (in_alert, *in_runbook):
        assert words(told) == answers | {"ok"}
