"""`make reconcile` as an operator runs it: a process, on Firestore and Google Calendar."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from functions.models import new_id, user_id
from infra.google_calendar import GoogleCalendar
from tests.processes.running import ROOT, environment
from tests.reconcile.clinic import DELEGATE, NEW_DOCTOR, Clinic
from tests.reconcile.conftest import clinic_on
from tests.reconcile.databases import OnEmulator
from tests.values import GUEST, ORGANIZER


class Done(NamedTuple):
    exit_code: int
    lines: list[dict[str, Any]]
    output: str


class Operator:
    """A clinic whose database was restored, and the command."""

    def __init__(self, clinic: Clinic, environ: dict[str, str]) -> None:
        self.clinic = clinic
        self._environ = environ

    def run(self, *arguments: str, **variables: str) -> Done:
        database = self.clinic.database
        assert isinstance(database, OnEmulator)
        done = subprocess.run(
            [sys.executable, "-m", "functions.bootstrap.reconcile", *arguments],
            cwd=ROOT,
            env=environment(**self._environ, FIRESTORE_DATABASE=database.name) | variables,
            capture_output=True,
            text=True,
        )
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return Done(done.returncode, lines, done.stdout + done.stderr)


@pytest.fixture
def operator(firestore_emulator: str, tmp_path: Path) -> Iterator[Operator]:
    project = f"test-{new_id()[:12]}"
    with ExitStack() as closing:
        database = OnEmulator(firestore_emulator, project, closing, "(default)")
        clinic = closing.enter_context(clinic_on(database, tmp_path))
        clinic.calendar = GoogleCalendar(clinic.mailboxes, clinic.double.url, project)
        yield Operator(
            clinic,
            {
                "GOOGLE_CLOUD_PROJECT": project,
                "FIRESTORE_EMULATOR_HOST": firestore_emulator,
                "WORKSPACE_DOMAINS": "clinica.com",
                "WORKSPACE_DELEGATE": DELEGATE,
                "GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "key.json"),
                "CALENDAR_ENDPOINT": clinic.double.calendar_endpoint,
            },
        )


class TestRestored:
    def test_is_reported_and_repaired_class_by_class(self, operator: Operator) -> None:
        clinic = operator.clinic
        moved, cancelled = clinic.make(), clinic.make()
        backup = clinic.database.copy()
        clinic.change(moved, summary="Check-up")
        clinic.cancel(cancelled)
        lost = clinic.make()
        clinic.database = backup
        restored = clinic.meetings()

        dry = operator.run()

        assert dry.exit_code == 1
        assert clinic.meetings() == restored
        *found, summary = dry.lines
        names = ("found", "meeting_id", "stored_revision", "event_revision", "outcome")
        assert {tuple(line[name] for name in names) for line in found} == {
            ("missing", cancelled, 1, None, "reported"),
            ("stale", moved, 1, 2, "reported"),
            ("lost", lost, None, 1, "reported"),
        }
        assert summary == {
            "summary": {"lost reported": 1, "missing reported": 1, "stale reported": 1}
        }
        codes = [operator.run("--repair", name).exit_code for name in ("missing", "stale", "lost")]
        assert codes == [1, 1, 0]
        assert operator.run().lines == [{"summary": {}}]
        clinic.sync()
        clinic.assert_all_match()

    def test_tells_no_address_and_no_link(self, operator: Operator) -> None:
        clinic = operator.clinic
        backup = clinic.database.copy()
        link = clinic.meeting(clinic.make(organizer_email=NEW_DOCTOR)).meet_link
        clinic.database = backup
        clinic.double.add_user(ORGANIZER, suspended=True)

        done = operator.run("--organizer", ORGANIZER, "--organizer", NEW_DOCTOR.upper())

        assert [(line.get("found"), line.get("user_id")) for line in done.lines[:-1]] == [
            ("unread", user_id(ORGANIZER)),
            ("lost", None),
        ]
        for told in (ORGANIZER, NEW_DOCTOR, GUEST, link):
            assert str(told) not in done.output

    def test_names_the_meeting_that_has_the_reference(self, operator: Operator) -> None:
        clinic = operator.clinic
        backup = clinic.database.copy()
        clinic.make("appointment")
        clinic.database = backup
        again = clinic.make("appointment")

        done = operator.run("--repair", "lost")

        assert done.exit_code == 1
        assert (done.lines[0]["outcome"], done.lines[0]["existing_id"]) == (
            "reference_taken",
            again,
        )

    def test_looks_no_further_than_its_window(self, operator: Operator) -> None:
        clinic = operator.clinic
        backup = clinic.database.copy()
        start = clinic.meeting(clinic.make()).scheduled_start
        clinic.database = backup
        whose = ("--organizer", ORGANIZER)

        assert operator.run(*whose, "--to", start.isoformat()).lines == [{"summary": {}}]
        assert operator.run(*whose, "--from", start.isoformat()).exit_code == 1


class TestRefusals:
    @pytest.mark.parametrize(
        "variables",
        [
            {"GOOGLE_CLOUD_PROJECT": ""},
            {"STORE": "embedded"},
            {
                "WORKSPACE_DOMAINS": "",
                "WORKSPACE_DELEGATE": "",
                "GOOGLE_APPLICATION_CREDENTIALS": "",
            },
        ],
    )
    def test_without_its_settings_it_says_what_is_missing(
        self, operator: Operator, variables: dict[str, str]
    ) -> None:
        done = operator.run(**variables)

        assert done.exit_code == 2
        assert "Invalid settings:\n  - " in done.output

    def test_without_firestore_nothing_is_wrong_with_google(self, operator: Operator) -> None:
        done = operator.run(FIRESTORE_EMULATOR_HOST="127.0.0.1:1")

        assert (done.exit_code, len(done.lines)) == (2, 1)
        assert done.lines[0]["found"] == "store_unreadable"

    @pytest.mark.parametrize(
        "arguments", [("--repair", "all"), ("--from", "2030-01-01"), ("--to", "soon")]
    )
    def test_what_it_does_not_know_it_does_not_do(
        self, operator: Operator, arguments: tuple[str, ...]
    ) -> None:
        done = operator.run(*arguments)

        assert (done.exit_code, done.lines) == (2, [])
        assert "Traceback" not in done.output
