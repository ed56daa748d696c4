"""`make doctor` as a process: what it prints, and its exit code."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from tests.doctor.clinic import ANA, DELEGATE, QUEUES, SCOPES, WATCHER, Clinic
from tests.processes.running import ROOT, environment
from tests.stores.making import firestore_client_of, firestore_stores
from tests.workspace_double.double import CALENDAR_EVENTS, SERVICE_ACCOUNT


@pytest.fixture
def ready(clinic: Clinic, firestore_emulator: str) -> Clinic:
    """Return the clinic with everything in order."""
    clinic.environ["FIRESTORE_EMULATOR_HOST"] = firestore_emulator
    clinic.environ["RECORDING_SHARE_WITH"] = WATCHER
    with firestore_client_of(firestore_emulator) as made:
        clinic.environ["GOOGLE_CLOUD_PROJECT"] = made.project
        firestore_stores(made).sweeps.note(datetime.now(UTC))
    for name in QUEUES.values():
        clinic.make_queue(name)
    return clinic


def doctor(clinic: Clinic, *arguments: str) -> tuple[int, dict[str, str]]:
    """Run it; returns the exit code, and each check's outcome and code after looking for words.

    Nobody's address may be in what it writes, nor anything of a key.
    """
    command = (sys.executable, "-m", "functions.bootstrap.doctor", *arguments)
    done = run(clinic, *command)
    assert done.stderr == ""
    lines = [line.split(maxsplit=3) for line in done.stdout.splitlines()]
    return done.returncode, {
        words[1]: " ".join([words[0], *words[2:3]]).rstrip(":") for words in lines
    }


def run(clinic: Clinic, *command: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command, cwd=ROOT, env=environment(**clinic.environ), capture_output=True, text=True
    )
    for written in (done.stdout, done.stderr):
        assert "@" not in written
        assert "PRIVATE KEY" not in written
        assert str(clinic.key_file) not in written
        assert "Traceback" not in written
    return done


class TestTheCommand:
    def test_all_is_well(self, ready: Clinic) -> None:
        code, told = doctor(ready, "--organizer", ANA)

        assert code == 0
        assert told == {
            **dict.fromkeys(("settings", "firestore", *QUEUES, "scheduler", *SCOPES), "ok"),
            "auth/meetings.space.settings": "skipped not_wanted",
            "recording_bucket": "skipped not_wanted",
        }

    def test_one_thing_that_is_missing_ends_it_with_1(self, ready: Clinic) -> None:
        ready.workspace.revoke(SERVICE_ACCOUNT, [CALENDAR_EVENTS])

        code, told = doctor(ready, "--organizer", ANA)

        assert code == 1
        assert [name for name, outcome in told.items() if outcome.startswith("failed")] == [
            "auth/calendar.events"
        ]
        assert told["auth/calendar.events"] == "failed delegation_missing"

    @pytest.mark.parametrize("organizer", [ANA, "nobody@clinic.example"])
    def test_nobody_is_named_whose_account_is_unusable(self, ready: Clinic, organizer: str) -> None:
        ready.workspace.add_user(ANA, suspended=True)

        code, told = doctor(ready, "--organizer", organizer)

        assert (code, told["auth/drive"]) == (1, "failed organizer_unusable")

    def test_bad_settings_end_it_with_1(self, clinic: Clinic) -> None:
        clinic.environ |= {"WORKSPACE_DOMAINS": DELEGATE, "THREADS": "many"}

        code, told = doctor(clinic)

        assert (code, told["settings"]) == (1, "failed invalid_settings")
        assert told["firestore"] == "skipped invalid_settings"

    @pytest.mark.parametrize(
        "arguments", [("--organizer", "ana@clinic"), (ANA,), ("--organizer", ANA, DELEGATE)]
    )
    def test_what_is_no_address_is_not_repeated(
        self, clinic: Clinic, arguments: tuple[str, ...]
    ) -> None:
        done = run(clinic, sys.executable, "-m", "functions.bootstrap.doctor", *arguments)

        assert (done.returncode, done.stdout) == (2, "")
        assert "after --organizer" in done.stderr

    def test_make_runs_it(self, ready: Clinic) -> None:
        well = run(ready, "make", "doctor", f"ARGS=--organizer {ANA}")
        ready.workspace.revoke(SERVICE_ACCOUNT, [CALENDAR_EVENTS])
        ill = run(ready, "make", "doctor", f"ARGS=--organizer {ANA}")

        assert (well.returncode, well.stderr) == (0, "")
        assert "ok      settings\nok      firestore\n" in well.stdout
        assert ill.returncode != 0
        assert f"Missing: {CALENDAR_EVENTS} — Authorize" in ill.stdout
