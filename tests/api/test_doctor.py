"""doctor/: what the function can look at by itself."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.bootstrap import Product
from functions.errors import RetryableError
from functions.settings import Settings
from tests.api.caller import Api
from tests.api.fakes import Queue
from tests.api.worker import Worker

DOCTOR, READY = "/api/v1/doctor/", "/api/v1/ready/"
ASKED = ["settings", "firestore", "cloud_tasks", "cloud_tasks_recording", "scheduler"]


class AwaySweeps:
    """A store of sweeps that does not answer."""

    def note(self, swept_at: datetime) -> None:
        raise RetryableError("store_unavailable", "It is away.")

    def last_swept_at(self) -> datetime | None:
        raise RetryableError("store_unavailable", "It is away.")


def examine(api: Api) -> dict[str, dict[str, Any]]:
    answer = api.get(DOCTOR)
    assert answer.status == 200
    return {check.pop("name"): check for check in answer.json["checks"]}


class TestDoctor:
    def test_it_asks_everything_and_skips_google(self, api: Api) -> None:
        api.sweeps.note(api.time)

        checks = examine(api)

        ok = {"outcome": "ok", "code": None, "detail": None}
        assert {name: checks[name] for name in ASKED} == dict.fromkeys(ASKED, ok)
        for name in ("delegated_scopes", "recording_bucket"):
            assert (checks[name]["outcome"], checks[name]["code"]) == ("skipped", "mock_workspace")
        assert len(checks) == len(ASKED) + 2

    @pytest.mark.parametrize("name", ["cloud_tasks", "cloud_tasks_recording"])
    def test_what_fails_hinders_nothing_else(self, api: Api, name: str) -> None:
        queue: Queue = api.queue if name == "cloud_tasks" else api.recording_queue
        queue.error = RetryableError("queue_unavailable", "It is away.")
        api.sweeps.note(api.time)

        checks = examine(api)

        assert checks[name] == {
            "outcome": "failed",
            "code": "queue_unavailable",
            "detail": "It is away.",
        }
        assert [n for n, check in checks.items() if check["outcome"] == "failed"] == [name]

    def test_firestore_out(self, api: Api) -> None:
        api.store.error = RetryableError("store_unavailable", "It is away.")
        api.sweeps = AwaySweeps()

        checks = examine(api)

        codes = {name: checks[name]["code"] for name in ASKED if checks[name]["code"]}
        assert codes == dict.fromkeys(("firestore", "scheduler"), "store_unavailable")

    def test_an_old_sweep(self, api: Api) -> None:
        api.sweeps.note(api.time - timedelta(minutes=6))

        check = examine(api)["scheduler"]

        assert (check["outcome"], check["code"]) == ("failed", "sweep_overdue")

    def test_on_a_real_workspace_it_says_who_checks_the_scopes(self) -> None:
        product = Product(
            Settings(
                google_cloud_project="clinic",
                auth="off",
                sync_calendar_url="http://127.0.0.1:9/",
                sync_recording_url="http://127.0.0.1:9/",
                store="embedded",
                cloud_tasks_emulator_host="127.0.0.1:9",
                workspace_domains=frozenset({"clinica.com"}),
                workspace_delegate="frontdesk@clinica.com",
                service_account_email="meet@clinic.iam.gserviceaccount.com",
            )
        )

        answer = product.api().test_client().get(DOCTOR)

        checks = {check["name"]: check for check in answer.get_json()["checks"]}
        for name in ("delegated_scopes", "recording_bucket"):
            assert (checks[name]["outcome"], checks[name]["code"]) == ("skipped", "no_right")
            assert "make doctor" in checks[name]["detail"]


class TestTheSweep:
    def test_notes_when_it_was_through(self, worker: Worker) -> None:
        worker.a_meeting()

        assert worker.sweep().status == 200
        assert worker.sweeps.last_swept_at() == worker.time

    def test_notes_nothing_where_it_was_not(self, worker: Worker) -> None:
        worker.store.error = RetryableError("store_unavailable", "It is away.")

        assert worker.sweep().status == 503
        assert worker.sweeps.last_swept_at() is None


class TestReady:
    def test_it_shows_the_last_sweep_which_does_not_count(self, api: Api) -> None:
        api.sweeps.note(api.time - timedelta(hours=1))

        answer = api.get(READY)

        assert (answer.status, answer.json["ready"]) == (200, True)
        assert answer.json["last_swept_at"] == "2030-01-01T08:00:00Z"

    def test_it_is_not_known_where_firestore_does_not_tell(self, api: Api) -> None:
        api.sweeps = AwaySweeps()

        answer = api.get(READY)

        assert (answer.status, answer.json["last_swept_at"]) == (200, None)
