"""docs/mock-workspace.md says what the mock Workspace does, and leaves nothing out."""

import re
from collections import Counter
from pathlib import Path

import pytest

from functions.attendance import attendance_of
from functions.errors import PermanentError
from infra.mock_workspace.scripts import FAILURES, Script
from tests.mock_workspace.clinic import Clinic

PAGE = (Path(__file__).parents[2] / "docs/mock-workspace.md").read_text()
ARGUMENTS = {"<n>": "600", "<code>": "scope_missing"}
NO_SCRIPT = "anything but `sim-`"


def section(title: str) -> str:
    return re.split(r"^## ", PAGE.split(f"\n## {title}\n")[1], flags=re.M)[0]


def rows(title: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def filled(text: str) -> str:
    for name, value in ARGUMENTS.items():
        text = text.replace(name, value)
    return text.replace("`", "")


APPOINTMENTS = [(cells[0], cells[2:]) for cells in rows("The appointment")]


@pytest.mark.parametrize(("begins", "told"), APPOINTMENTS, ids=[row[0] for row in APPOINTMENTS])
def test_an_appointment_ends_as_the_table_says(begins: str, told: list[str]) -> None:
    clinic = Clinic()
    reference = "xoma_1" if begins == NO_SCRIPT else f"{filled(begins)}1"

    meeting = clinic.after_end(clinic.a_meeting(reference), days=31)

    sync = meeting.recording_sync
    assert sync.due_at is None
    states = Counter(recording.state for recording in meeting.recordings)
    assert [filled(cell) for cell in told] == [
        meeting.status,
        f"{sync.state} {sync.reason or ''}".strip(),
        ", ".join(f"{count} {state}" for state, count in states.items()) or "none",
        attendance_of(meeting, clinic.time).outcome,
    ]


def test_every_script_is_in_one_of_the_tables() -> None:
    begins = [cells[0] for title in ("The room", "The appointment") for cells in rows(title)]
    named = [re.fullmatch(r"`sim-([a-z-]+?)-(<\w+>-)?`", cell) for cell in begins]

    assert Counter(match[1] for match in named if match) == Counter(Script)


def test_every_code_is_told_with_its_kind() -> None:
    lasting, passing = section("Codes").split("tried again")
    told = {
        code: kind
        for kind, text in (("lasts", lasting), ("passes", passing))
        for code in re.findall(r"`([a-z_]+)`", text)
    }

    assert told == {
        code: "lasts" if row.raises is PermanentError else "passes"
        for code, row in FAILURES.items()
    }
