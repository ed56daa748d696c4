"""cloudbuild.yaml: the plan that was made is applied, and a deployment that fails is taken back."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.deployment.configuration import TOP

BUILD: dict[str, Any] = yaml.safe_load((TOP / "cloudbuild.yaml").read_text())
STEPS = {step["id"]: step for step in BUILD["steps"]}
OUTPUTS = {
    "api_audience": "https://meet-api-1.europe-west1.run.app",
    "api_url": "https://meet.clinica.com",
    "livemode": False,
    "smoke_test_email": "smoke@clinic.iam.gserviceaccount.com",
}
PROGRAM = """#!/bin/sh
echo "{name} $*" >> "$CALLS"
case "$*" in
  *print-identity-token*) echo token ;;
  *tests.deployment.smoke*) exit $SMOKE ;;
  *tests.deployment.plan_summary*) cat ;;
  -c*) exec {python} "$@" ;;
esac
"""


class Workspace:
    """A build's folder, with programs that note how they are called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = folder / "calls"
        self.calls.touch()
        for name in ("gcloud", "python3", "terraform"):
            program = folder / name
            program.write_text(PROGRAM.format(name=name, python=os.path.realpath("/proc/self/exe")))
            program.chmod(0o755)
        (folder / "outputs.json").write_text(
            json.dumps({name: {"value": value} for name, value in OUTPUTS.items()})
        )
        (folder / "revisions").write_text(
            "meet-api\tmeet-api-00007\nmeet-sweep\tmeet-sweep-00007\n"
        )

    def run(self, step: str, **variables: str) -> int:
        script = STEPS[step]["script"].replace("/workspace", str(self.folder))
        path = f"{self.folder}:{os.environ['PATH']}"
        environment = {"PATH": path, "CALLS": str(self.calls), "REGION": "r", **variables}
        return subprocess.run(
            ["bash", "-c", script], env=environment, capture_output=True, timeout=20
        ).returncode

    def traffic(self) -> list[tuple[str, str]]:
        """Where the traffic of which service was sent, in this order."""
        pattern = r"update-traffic (\S+) --region=r --to-(?:revisions=)?(\S+)"
        return re.findall(pattern, self.calls.read_text())


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


LATEST = [("meet-api", "latest"), ("meet-sweep", "latest")]


class TestSmokeTestOrRollBack:
    STEP = "smoke-test-or-roll-back"

    def test_what_passes_gets_all_traffic(self, workspace: Workspace) -> None:
        assert workspace.run(self.STEP, APPLY="true", SMOKE="0") == 0

        assert workspace.traffic() == LATEST
        called = workspace.calls.read_text()
        assert "smoke https://meet.clinica.com --livemode=False" in called
        assert "--audiences=https://meet-api-1.europe-west1.run.app" in called

    def test_what_fails_gives_it_back(self, workspace: Workspace) -> None:
        assert workspace.run(self.STEP, APPLY="true", SMOKE="1") == 1

        assert workspace.traffic() == [
            *LATEST,
            ("meet-api", "meet-api-00007=100"),
            ("meet-sweep", "meet-sweep-00007=100"),
        ]

    def test_a_first_deployment_that_fails_has_nothing_to_go_back_to(
        self, workspace: Workspace
    ) -> None:
        (workspace.folder / "revisions").write_text("")

        assert workspace.run(self.STEP, APPLY="true", SMOKE="1") == 1
        assert workspace.traffic() == []

    @pytest.mark.parametrize("step", [STEP, "apply"])
    def test_a_pull_request_touches_nothing(self, workspace: Workspace, step: str) -> None:
        assert workspace.run(step, APPLY="false") == 0
        assert workspace.calls.read_text() == ""


def test_it_stops_at_the_plan_unless_it_is_told_otherwise() -> None:
    assert BUILD["substitutions"]["_APPLY"] == "false"
    for step in ("apply", "smoke-test-or-roll-back"):
        assert "APPLY=$_APPLY" in STEPS[step]["env"]


def test_what_is_applied_is_what_was_planned(workspace: Workspace) -> None:
    variables = {"APPLY": "true", "ENVIRONMENT": "staging"}
    assert [workspace.run(step, **variables) for step in ("plan", "apply")] == [0, 0]

    calls = workspace.calls.read_text().splitlines()
    [shown] = [call for call in calls if call.startswith("terraform show")]
    assert shown == f"terraform show -json {workspace.folder}/plan.tfplan"
    planned = [call for call in calls if call.startswith("terraform plan")]
    applied = [call for call in calls if call.startswith("terraform apply")]
    assert len(planned) == len(applied) == 1
    assert planned[0].endswith(f"-out={workspace.folder}/plan.tfplan")
    assert applied[0].endswith(f" {workspace.folder}/plan.tfplan")
    assert any("init" in call and "-lockfile=readonly" in call for call in calls)


def test_a_plan_that_nobody_has_read_goes_no_further(workspace: Workspace) -> None:
    read = (TOP / "terraform" / "tests" / "plans" / "staging.txt").read_text()
    (workspace.folder / "plan.json").write_text(read)

    assert workspace.run("compare-plan", ENVIRONMENT="staging") == 0
    assert workspace.run("compare-plan", ENVIRONMENT="production") == 1
    assert workspace.run("compare-plan", ENVIRONMENT="of_another") == 1


def test_every_image_is_pinned_to_a_version() -> None:
    for step in STEPS.values():
        assert re.search(r":\d+\.\d+\.\d+", step["name"]), step["id"]


def test_the_steps_come_in_this_order() -> None:
    """None waits for another by name, so each waits for all before it."""
    assert list(STEPS) == [
        "test",
        "note-serving-revisions",
        "plan",
        "compare-plan",
        "apply",
        "smoke-test-or-roll-back",
    ]
    assert not any("waitFor" in step or "allowFailure" in step for step in STEPS.values())
