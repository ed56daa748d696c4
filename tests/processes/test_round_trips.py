"""How many calls each operation makes: what it costs, on whatever machine."""

from collections.abc import Callable
from typing import Any

from tests.processes.asking import MEETINGS, ask
from tests.processes.clinic import Clinic


def calls_of(clinic: Clinic, operation: Callable[[], Any]) -> dict[str, int]:
    clinic.firestore_gate.take_counts()
    clinic.tasks_gate.take_counts()
    operation()
    return {**clinic.firestore_gate.take_counts(), **clinic.tasks_gate.take_counts()}


def test_a_meeting_is_made_by_one_commit_and_one_task(clinic: Clinic) -> None:
    clinic.pause_queue()

    assert calls_of(clinic, clinic.create) == {"Commit": 1, "CreateTask": 1}


def test_a_meeting_and_a_list_are_read_by_one_call(clinic: Clinic) -> None:
    clinic.pause_queue()
    meeting_id = clinic.create()

    def get(path: str) -> Callable[[], Any]:
        return lambda: ask(clinic.api.url, "GET", f"{MEETINGS}{path}")

    assert calls_of(clinic, get(f"{meeting_id}/")) == {"BatchGetDocuments": 1}
    assert calls_of(clinic, get("")) == {"RunQuery": 1}


def test_a_change_is_one_read_one_commit_and_one_task(clinic: Clinic) -> None:
    clinic.pause_queue()
    meeting_id = clinic.create()
    expected = {"BatchGetDocuments": 1, "Commit": 1, "CreateTask": 1}

    assert calls_of(clinic, lambda: clinic.patch(meeting_id, summary="Moved")) == expected
    assert calls_of(clinic, lambda: clinic.cancel(meeting_id)) == expected


def test_a_change_that_changes_nothing_is_one_read(clinic: Clinic) -> None:
    clinic.pause_queue()
    meeting_id = clinic.create()
    clinic.cancel(meeting_id)

    assert calls_of(clinic, lambda: clinic.cancel(meeting_id)) == {"BatchGetDocuments": 1}
