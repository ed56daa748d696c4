"""All that callers, tasks and time do to the API, in any order, and what holds whatever it is."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from functions.models import UserRole
from tests.api.stateful.listing_rules import ListingRules
from tests.api.stateful.parts_rules import PartRules
from tests.api.stateful.reading_rules import ReadingRules
from tests.api.stateful.strategies import BODIES, PICKS, XOMA
from tests.api.stateful.users_rules import UserRules
from tests.values import ORGANIZER


class Machine(ListingRules, PartRules, ReadingRules, UserRules):
    @initialize(
        several=st.lists(
            BODIES.map(lambda wanted: {**wanted, "hour": 2, "lasts": 1}), min_size=2, max_size=4
        )
    )
    def begin(self, several: list[dict[str, Any]]) -> None:
        for number, wanted in enumerate(several):
            self.create(XOMA, wanted, None, False)
            self.add_participant(XOMA, 0, "sister@correo.com", None, None)
            if number % 2:
                self.register_recording(XOMA, 0, "drive-file-0", "AVAILABLE", None)
            self.pass_time(1)

    @precondition(lambda self: self.keyed)
    @rule(pick=PICKS)
    def repeat(self, pick: int) -> None:
        # A later second, as in `retry`: what is repeated may be a retry that was refused before.
        self.pass_time(1)
        self.keyed[-1 - pick % len(self.keyed)]()

    @precondition(lambda self: self.tasks)
    @rule(pick=PICKS)
    def deliver(self, pick: int) -> None:
        self.sync(self.tasks.pop(pick % len(self.tasks)))

    @precondition(lambda self: self.tasks)
    @rule()
    def deliver_all(self) -> None:
        tasks, self.tasks[:] = list(self.tasks), []
        for meeting_id in tasks:
            self.sync(meeting_id)

    def sync(self, meeting_id: str) -> None:
        self.api.sync(meeting_id)
        self.world.sync(meeting_id)
        if self.world.meetings[meeting_id].calendar == "PENDING":
            self.tasks.append(meeting_id)

    @invariant()
    def the_journal_tells_every_change_once(self) -> None:
        for meeting in self.world.meetings.values():
            journal = self.api.store.database.journals[meeting.id]
            assert [entry.kind for entry in journal] == [kind for kind, _ in meeting.journal]
            assert [entry.sequence for entry in journal] == list(range(1, len(journal) + 1))

    @invariant()
    def what_is_stored_is_what_was_asked_for(self) -> None:
        assert {
            meeting.id: (
                meeting.revision,
                meeting.status,
                list(meeting.participant_emails),
                {recording.id: recording.state for recording in meeting.recordings},
            )
            for meeting in self.api.stored()
        } == {
            meeting.id: (
                meeting.revision,
                meeting.status,
                meeting.emails,
                {id: recording["state"] for id, recording in meeting.recordings.items()},
            )
            for meeting in self.world.meetings.values()
        }

    @invariant()
    def no_two_active_meetings_have_one_reference(self) -> None:
        held = [
            (meeting.values["external_reference"], meeting.id)
            for meeting in self.world.meetings.values()
            if meeting.values["external_reference"] and not meeting.is_cancelled
        ]
        assert sorted(self.api.store.database.references.items()) == sorted(held)

    @invariant()
    def somebody_is_an_active_admin(self) -> None:
        users = [stored.user for stored in self.api.store.database.users.values()]
        assert any(user.active and user.role is UserRole.ADMIN for user in users)

    def teardown(self) -> None:
        """Whatever was asked for reaches Google by the tasks alone."""
        while self.tasks:
            self.deliver_all()
        assert "PENDING" not in {meeting.calendar.state for meeting in self.api.stored()}
        if self.world.meetings:
            for by in (self.world.active_admins()[0], ORGANIZER):
                for has_recording in ("true", "false"):
                    self.list_meetings(by, {"has_recording": has_recording}, None, 5)
