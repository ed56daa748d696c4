"""`make fuzz`: thousands of requests made from the document, as each role, to the local stack."""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from functions.models import UserRole
from tests.fuzz.known import EMAILS
from tests.processes.local_stack import Stack
from tests.processes.running import PROGRAMS, ROOT
from tests.processes.tokens import ask_as, token_for
from tests.values import a_request

CONFIG = ROOT / "tests" / "fuzz" / "schemathesis.toml"
EXAMPLES = 100
"""For each operation and run; a role is run again, with the next seed, until it has its cases."""


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=5000, help="for each role (%(default)s)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--roles", nargs="+", default=list(UserRole))
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no stack is left behind
    done = {}
    with tempfile.TemporaryDirectory() as folder:
        for role in map(UserRole, options.roles):
            done[role] = fuzz(role, options.cases, options.seed, Path(folder))
    for role, (cases, failures) in done.items():
        print(f"{role}: {cases} cases, {failures} failures, from seed {options.seed} on")
    return 1 if any(failures for _, failures in done.values()) else 0


def fuzz(role: UserRole, wanted: int, seed: int, folder: Path) -> tuple[int, int]:
    """Fuzz a stack of its own as this role; returns how many cases and failures there were."""
    cases = failures = runs = 0
    with Stack(folder / role, variables={"AUTH": "local"}) as stack:
        stack.start()
        make_meetings(stack.url)
        token = token_for(stack.url, role, EMAILS[role])
        while cases < wanted and not failures:
            report = run(stack.url, token, seed + runs, folder / "report.json")
            runs += 1
            cases += report["test_cases"]["generated"]
            failures += report["test_cases"]["unique_failures"] + len(report["errors"])
    return cases, failures


def make_meetings(url: str) -> None:
    """Make some that the external caller takes part in."""
    token = token_for(url, UserRole.SERVICE, EMAILS[UserRole.SERVICE])
    for _ in range(3):
        body = a_request(invited_emails=[EMAILS[UserRole.EXTERNAL]], external_reference=None)
        meeting = ask_as(token, url, "POST", "/api/v1/meetings/", body).json
        path = f"/api/v1/meetings/{meeting['id']}/recordings/"
        ask_as(token, url, "POST", path, {"drive_file_id": "0123456789"})


def run(url: str, token: str, seed: int, report: Path) -> dict[str, Any]:
    report.unlink(missing_ok=True)
    options = {
        "--header": f"Authorization: Bearer {token}",
        "--seed": str(seed),
        "--max-examples": str(EXAMPLES),
        "--report": "json",
        "--report-json-path": str(report),
    }
    program = str(PROGRAMS / "schemathesis")
    subprocess.run(
        [
            *(program, "--config-file", str(CONFIG), "run", f"{url}/api/v1/schema/"),
            *(word for option in options.items() for word in option),
        ],
        cwd=ROOT,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "tests.fuzz.hooks"},
    )
    told: dict[str, Any] = json.loads(report.read_text())
    return told


if __name__ == "__main__":
    sys.exit(main())
