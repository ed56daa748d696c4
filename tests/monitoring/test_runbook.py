"""docs/runbook.md: a section for each alert, with a command that says what the code says."""

import re

import pytest

from functions.models import DueKind
from tests.deployment.configuration import TOP, block, functions
from tests.monitoring.codes import known
from tests.monitoring.definitions import METRICS, terraform

TEXT = (TOP / "docs" / "runbook.md").read_text()
SECTIONS = {
    part.partition("\n")[0]: part.partition("\n")[2].strip() for part in TEXT.split("\n## ")[1:]
}
SOURCES = "\n".join(
    path.read_text()
    for folder, suffix in (("functions", "py"), ("infra", "py"), ("terraform", "tf"))
    for path in sorted((TOP / folder).rglob(f"*.{suffix}"))
)
FUNCTIONS = set(functions())
OF_TERRAFORM = {
    name
    for file in ("outputs.tf", "variables.tf")
    for name in re.findall(r'^(?:output|variable) "(\w+)"', terraform(file), re.M)
}
FIELDS_OF_A_MEETING = {"meeting_id"}
MOST_CHARACTERS, MOST_BYTES = 8192, 10240
"""https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#Documentation"""

FILLED_IN = 1000
"""What the values may be longer than their names, all together."""

FIELDS = {"code", "logger", "message", "route", "severity"}
"""Of every line, or of what lines of requests and errors have: infra/structured_logging.py."""


def alerts() -> set[str]:
    text = "\n".join(terraform(name) for name in ("alerts.tf", "slo.tf", "uptime.tf"))
    return set(re.findall(r'^    "([^"]+)" = {', text, re.M)) | set(
        re.findall(r': "([^"]+)" =>', text)
    )


def commands(section: str) -> list[str]:
    """Return the commands of a section, each in one line."""
    blocks = re.findall(r"^```sh\n(.*?)^```", SECTIONS[section], re.M | re.S)
    return "".join(blocks).replace("\\\n", " ").splitlines()


def test_each_alert_has_its_section_and_each_section_its_alert() -> None:
    assert SECTIONS.keys() == alerts()


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_a_section_has_a_command_and_says_when_it_is_over(section: str) -> None:
    programs = {command.split()[0].partition("=")[0] for command in commands(section)}

    assert programs & {"gcloud", "curl"}
    assert programs <= {"gcloud", "curl", "TOKEN"}
    assert "goes away" in SECTIONS[section]


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_it_fits_into_an_alert(section: str) -> None:
    assert len(SECTIONS[section]) <= MOST_CHARACTERS - FILLED_IN
    assert len(SECTIONS[section].encode()) <= MOST_BYTES - FILLED_IN


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_every_name_is_filled_in(section: str) -> None:
    filled_in = set(re.findall(r'"(\$\w+)" +=', block(terraform("notifications.tf"), "_names")))
    assert filled_in

    own = {f"${name}" for name in re.findall(r"^(\w+)=", "\n".join(commands(section)), re.M)}
    assert set(re.findall(r"\$[A-Z_]+", SECTIONS[section])) <= filled_in | own


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_a_filter_asks_for_lines_that_are_written(section: str) -> None:
    known = FIELDS | {
        field
        for metric in METRICS.values()
        for field in (*metric.get("labels", ()), metric.get("value"))
    }
    text = "\n".join(commands(section))

    for message in re.findall(r'jsonPayload\.message=\\?"([^"\\]+)', text):
        assert f'"{message}"' in SOURCES, message
    assert set(re.findall(r"jsonPayload\.(\w+)", text)) <= known


def test_every_code_that_it_names_is_one_of_ours() -> None:
    codes = known()
    others = FUNCTIONS | FIELDS_OF_A_MEETING | OF_TERRAFORM | set(DueKind)

    assert set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", TEXT)) <= codes | others
    for beginning in re.findall(r"`([a-z]+_)…`", TEXT):
        assert any(code.startswith(beginning) for code in codes), beginning


def test_what_it_tells_of_burn_rates_is_so() -> None:
    rates = re.findall(r"rate = ([\d.]+)", block(terraform("slo.tf"), "burn_rates"))

    for rate, (said, one_in) in zip(
        rates, (("seventy", 70), ("in 170", 170), ("in 330", 330)), strict=True
    ):
        assert said in TEXT
        assert 1 / (float(rate) * 0.001) == pytest.approx(one_in, rel=0.02)
