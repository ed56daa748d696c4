"""The whole of it, on Google's Firestore emulator and the stand-in for Cloud Tasks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from functions.bootstrap import Stores, embedded_stores
from functions.doctor import SWEPT_WITHIN, Check, CheckOutcome, Skip, examine, require_sweep
from functions.errors import PermanentError
from tests.doctor.clinic import ALWAYS, ANA, ON_REQUEST, QUEUES, SCOPES, Clinic, outcomes
from tests.processes.running import free_port
from tests.stores.making import firestore_client_of, firestore_stores
from tests.values import NOW

CLOUD = {"firestore", "cloud_tasks", "cloud_tasks_recording", "scheduler"}


@pytest.fixture
def stores(clinic: Clinic, firestore_emulator: str) -> Iterator[Stores]:
    """A clinic that was swept just now, and has its queues."""
    clinic.environ["FIRESTORE_EMULATOR_HOST"] = firestore_emulator
    with firestore_client_of(firestore_emulator) as made:
        clinic.environ["GOOGLE_CLOUD_PROJECT"] = made.project
        for name in QUEUES.values():
            clinic.make_queue(name)
        stores = firestore_stores(made)
        stores.sweeps.note(datetime.now(UTC))
        yield stores


class TestAllOfIt:
    def test_everything_is_there(self, clinic: Clinic, stores: Stores) -> None:
        checks = clinic.examine(**ON_REQUEST)

        assert outcomes(checks, "ok") == {"settings", *CLOUD, *SCOPES, "recording_bucket"}
        assert set(checks) == outcomes(checks, "ok")

    def test_nothing_is_there_and_everything_is_asked(
        self, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nobody = f"127.0.0.1:{free_port()}"
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", nobody)
        clinic.key_file.write_text("{}")

        checks = clinic.examine(FIRESTORE_EMULATOR_HOST=nobody)

        assert outcomes(checks, "failed") == CLOUD | ALWAYS
        assert {checks[name].code for name in ("firestore", "scheduler")} == {"store_unavailable"}


class TestQueues:
    @pytest.mark.parametrize("name", QUEUES)
    def test_one_that_is_missing_fails_alone(
        self, clinic: Clinic, stores: Stores, name: str
    ) -> None:
        setting = {"cloud_tasks": "CALENDAR", "cloud_tasks_recording": "RECORDING"}[name]

        checks = clinic.examine(**{f"TASKS_QUEUE_{setting}": "another"})

        assert outcomes(checks, "failed") == {name}
        assert checks[name].code == "queue_refuses"
        assert "the queue's name and location" in (checks[name].detail or "")


class TestScheduler:
    def test_an_old_sweep_fails(self, clinic: Clinic, stores: Stores) -> None:
        stores.sweeps.note(datetime.now(UTC) - SWEPT_WITHIN)

        checks = clinic.examine()

        assert outcomes(checks, "failed") == {"scheduler"}
        assert checks["scheduler"].code == "sweep_overdue"
        assert "Cloud Scheduler" in (checks["scheduler"].detail or "")

    def test_none_ever_fails(self) -> None:
        with pytest.raises(PermanentError, match="sweep_overdue"):
            require_sweep(embedded_stores().sweeps, NOW)

    @pytest.mark.parametrize(("late", "is_overdue"), [(0, False), (1, True)])
    def test_five_minutes_are_the_limit(self, late: int, is_overdue: bool) -> None:
        sweeps = embedded_stores().sweeps
        sweeps.note(NOW)

        [check] = examine(
            {"s": lambda: require_sweep(sweeps, NOW + timedelta(minutes=5, microseconds=late))}
        )

        assert check.outcome == ("failed" if is_overdue else "ok")


class TestSettings:
    def test_each_fault_is_told_and_the_rest_waits(self, clinic: Clinic) -> None:
        checks = clinic.faulty(THREADS="many", SYNC_CALENDAR_URL="")

        faults = [check.detail for check in checks if check.name == "settings"]
        assert faults == [
            "SYNC_CALENDAR_URL is missing: the URL of sync_calendar",
            "THREADS is (withheld): set it to a whole number from 1 to 1000",
        ]
        others = {check.name for check in checks if check.outcome is CheckOutcome.SKIPPED}
        assert others == {*CLOUD, "delegated_scopes", "recording_bucket"}
        assert {check.code for check in checks} == {"invalid_settings"}

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("WORKSPACE_DOMAINS", ANA),
            ("TASKS_INVOKER_EMAIL", "hunter2"),
            ("SYNC_CALENDAR_URL", "ftp://hunter2:x@clinic.example"),
            ("AUTH", "hunter2's"),
            ("LOG_LEVEL", 'hunter2\'s "secret"'),
            ("RECORDING_BUCKET", "HUNTER2"),
            ("FIRESTORE_EMULATOR_HOST", "hunter2.clinic.example:80"),
            ("GOOGLE_APPLICATION_CREDENTIALS", "/hunter2.json"),
        ],
    )
    def test_no_value_is_told(self, clinic: Clinic, name: str, value: str) -> None:
        told = " ".join(check.detail or "" for check in clinic.faulty(**{name: value}))

        assert name in told
        assert "hunter2" not in told.lower()
        assert "@" not in told

    def test_those_of_a_function_behind_iam_are_read_as_on_google_cloud(
        self, clinic: Clinic
    ) -> None:
        checks = clinic.faulty(AUTH="iam")

        faults = " ".join(check.detail or "" for check in checks if check.name == "settings")
        assert "CLOUD_TASKS_EMULATOR_HOST is for local use only" in faults
        assert "on Google Cloud only" not in faults


class TestWithoutGoogle:
    def test_the_mock_says_so_and_asks_nobody(self, clinic: Clinic, stores: Stores) -> None:
        for name in ("WORKSPACE_DOMAINS", "WORKSPACE_DELEGATE", "GOOGLE_APPLICATION_CREDENTIALS"):
            del clinic.environ[name]

        checks = clinic.examine()

        assert outcomes(checks, "ok") == {"settings", *CLOUD}
        assert {name: checks[name].code for name in outcomes(checks, "skipped")} == {
            "delegated_scopes": "mock_workspace"
        }
        assert clinic.workspace.calls == []

    def test_the_embedded_store_is_another_process(self, clinic: Clinic) -> None:
        checks = clinic.examine(STORE="embedded")

        told = {checks[name].code for name in ("firestore", "scheduler")}
        assert told == {"embedded_store"}
        assert outcomes(checks, "skipped") >= {"firestore", "scheduler"}


class TestExamine:
    def test_a_bug_is_a_failure_that_tells_nothing_of_its_text(self) -> None:
        def stumble() -> None:
            raise KeyError(ANA)

        first, second = examine({"first": stumble, "second": Skip("off", "It is off.")})

        assert (first.outcome, first.code) == ("failed", "internal_error")
        assert "KeyError" in (first.detail or "")
        assert ANA not in (first.detail or "")
        assert second == Check("second", CheckOutcome.SKIPPED, "off", "It is off.")
