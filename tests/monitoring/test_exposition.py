"""Where `/metrics` is, and who sees it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.monitoring.definitions import SAMPLES, labels
from tests.monitoring.scraping import Metrics
from tests.processes.asking import ask
from tests.processes.running import ROOT, Function, environment, self_hosted
from tests.test_settings import OIDC


@pytest.mark.parametrize(
    ("target", "refused"),
    [("api", 404), ("sync_calendar", 401), ("sync_recording", 401), ("sweep", 401)],
)
def test_a_self_hosted_function_shows_its_metrics_without_a_token(
    target: str, refused: int, tmp_path: Path
) -> None:
    variables = self_hosted(**OIDC, PROMETHEUS="on")
    with Function(target, variables, tmp_path / "log") as function:
        function.start()

        shown = Metrics(function.url).labels
        without_a_token = ask(function.url, "POST", "/")

    # What needs no label is there before anything has happened, so that a rate can be taken.
    assert {sample for sample, name in SAMPLES.items() if not labels(name)} <= shown.keys()
    assert shown["sweeps_total"] == set()
    assert without_a_token.status == refused


def test_it_is_off_unless_it_is_asked_for(tmp_path: Path) -> None:
    with Function("api", self_hosted(), tmp_path / "log") as function:
        function.start()

        assert ask(function.url, "GET", "/metrics").status == 404


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("meeting failed", {"who": "pat@clinic.example"}),
        ("link ready", {"in_time": "yes", "seconds": "pat@clinic.example"}),
        ("swept", {"links_waiting": "pat@clinic.example"}),
    ],
)
def test_a_line_that_is_no_measurement_stops_nobody(message: str, fields: dict[str, str]) -> None:
    program = f"""
import logging
from infra.prometheus import Metrics
from infra.structured_logging import configure_logging
configure_logging("clinic", "INFO")
Metrics()
logging.getLogger("functions.measurements").info({message!r}, extra={fields!r})
print("went on")
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "went on"
