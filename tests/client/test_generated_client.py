"""A client that openapi-python-client makes from the document works."""

import subprocess
import sys
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.api.caller import Api
from tests.client.conftest import EMAIL, NAME
from tests.values import GUEST, NOW, ORGANIZER

START = NOW + timedelta(days=1)
END = START + timedelta(hours=1)


class Caller:
    """Calls the operations of the generated client by their names."""

    def __init__(self, url: str, token: str) -> None:
        client = import_module(f"{NAME}.client")
        self._client = client.AuthenticatedClient(
            base_url=url, token=token, raise_on_unexpected_status=True
        )
        self.models: Any = import_module(f"{NAME}.models")

    def call(self, name: str, *ids: str, **arguments: Any) -> Any:
        """The answer's body as the model that the client takes it for."""
        tag, _, operation = name.partition(".")
        module = import_module(f"{NAME}.api.{tag}.{operation}")
        return module.sync(*ids, client=self._client, **arguments)

    def create(self) -> Any:
        body = self.models.CreateMeeting(
            organizer_email=ORGANIZER,
            invited_emails=[GUEST],
            scheduled_start=START,
            scheduled_end=END,
        )
        return self.call("meetings.create_meeting", body=body)


@pytest.fixture
def caller(generated: Path, server: tuple[Api, str]) -> Caller:
    _, url = server
    return Caller(url, EMAIL)


class TestCode:
    def test_it_compiles_without_a_warning(self, generated: Path) -> None:
        command = [sys.executable, "-W", "error", "-m", "compileall", "-q", "-f", str(generated)]

        done = subprocess.run(command, capture_output=True, text=True)

        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    def test_every_module_can_be_imported(self, generated: Path) -> None:
        files = [path.relative_to(generated.parent) for path in generated.rglob("*.py")]
        modules = {".".join(path.with_suffix("").parts) for path in files}

        assert f"{NAME}.api.meetings.create_meeting" in modules
        for module in modules:
            import_module(module)


class TestMeetings:
    def test_one_is_made_with_its_link(self, caller: Caller) -> None:
        made = caller.create()

        assert isinstance(made, caller.models.MeetingView)
        assert made.status is caller.models.MeetingStatus.SCHEDULED
        assert made.meet_link.startswith("https://rooms.example/")
        assert (made.scheduled_start, made.scheduled_end) == (START, END)
        assert [person.email for person in made.participants] == [ORGANIZER, GUEST]

    def test_one_is_read(self, caller: Caller) -> None:
        made = caller.create()

        assert caller.call("meetings.get_meeting", made.id) == made

    def test_one_is_changed(self, caller: Caller) -> None:
        made = caller.create()
        change = caller.models.ChangeMeeting(scheduled_end=END + timedelta(hours=1))

        changed = caller.call("meetings.change_meeting", made.id, body=change)

        assert changed.scheduled_end == END + timedelta(hours=1)
        assert changed.scheduled_start == START
        assert changed.revision == 2

    def test_they_are_listed(self, caller: Caller) -> None:
        made = [caller.create().id for _ in range(3)]
        ordering = caller.models.Ordering("-scheduled_start")

        page = caller.call(
            "meetings.list_meetings", page_size=2, participant_email=GUEST, ordering=ordering
        )

        assert len(page.results) == 2
        assert {meeting.id for meeting in page.results} < set(made)
        assert page.next_.startswith("http://")

    def test_one_is_cancelled_without_a_reason(self, caller: Caller) -> None:
        made = caller.create()

        cancelled = caller.call("meetings.cancel_meeting", made.id)

        assert cancelled.status is caller.models.MeetingStatus.CANCELLED
        assert cancelled.cancel_reason is None

    def test_one_is_cancelled_with_a_reason(self, caller: Caller) -> None:
        made = caller.create()
        body = caller.models.CancelMeeting(reason="The doctor is ill.")

        cancelled = caller.call("meetings.cancel_meeting", made.id, body=body)

        assert cancelled.cancel_reason == "The doctor is ill."

    def test_a_guest_is_added(self, caller: Caller) -> None:
        made = caller.create()
        body = caller.models.AddParticipant(
            email="interprete@correo.com", kind=caller.models.GuestKind.INTERPRETER
        )

        added = caller.call("participants.add_meeting_participant", made.id, body=body)

        assert (added.meeting, added.email) == (made.id, "interprete@correo.com")
        read = caller.call("participants.get_meeting_participant", made.id, added.id)
        assert read == added


class TestRefusals:
    def test_a_no_is_a_problem_with_its_code(self, caller: Caller) -> None:
        problem = caller.call("meetings.get_meeting", "0" * 32)

        assert isinstance(problem, caller.models.Problem)
        assert problem.code is caller.models.ProblemCode.MEETING_NOT_FOUND

    def test_every_fault_is_told(self, caller: Caller) -> None:
        body = caller.models.CreateMeeting(
            organizer_email="nobody", invited_emails=[], scheduled_start=END, scheduled_end=START
        )

        problem = caller.call("meetings.create_meeting", body=body)

        assert [(fault.pointer, fault.code) for fault in problem.errors] == [
            ("/organizer_email", "invalid_email"),
            ("/invited_emails", "empty"),
            ("/scheduled_end", "reversed_times"),
        ]
