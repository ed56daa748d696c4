"""Who is mailed after which write."""

import pytest

from tests.workspace_double import WorkspaceDouble
from tests.workspace_double_tests.calendar_calls import (
    DOCTOR,
    EVENT_ID,
    NURSE,
    PATIENT,
    Events,
    Refusal,
    attendees,
    times,
)


class TestMail:
    def test_invitations_updates_and_cancellations(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        events.insert(attendees=attendees(DOCTOR, PATIENT, NURSE))
        events.patch(attendees=attendees(DOCTOR, PATIENT, "aunt@mail.example"))
        events.patch(**times(16))
        events.delete()

        assert double.mail == [
            (EVENT_ID, "invite", PATIENT),
            (EVENT_ID, "invite", NURSE),
            (EVENT_ID, "invite", "aunt@mail.example"),
            (EVENT_ID, "cancel", NURSE),
            (EVENT_ID, "update", PATIENT),
            (EVENT_ID, "update", "aunt@mail.example"),
            (EVENT_ID, "cancel", PATIENT),
            (EVENT_ID, "cancel", "aunt@mail.example"),
        ]

    @pytest.mark.parametrize(
        ("send_updates", "told"),
        [("all", [PATIENT, NURSE]), ("externalOnly", [PATIENT]), ("none", [])],
    )
    def test_send_updates_says_who_is_told(
        self, double: WorkspaceDouble, events: Events, send_updates: str, told: list[str]
    ) -> None:
        events.insert(send_updates, attendees=attendees(PATIENT, NURSE))
        events.patch(send_updates, summary="Check-up")
        events.delete(send_updates)

        for kind in ("invite", "update", "cancel"):
            assert [mail.recipient for mail in double.mail if mail.kind == kind] == told

    def test_a_private_property_tells_nobody(self, double: WorkspaceDouble, events: Events) -> None:
        events.insert("none", attendees=attendees(PATIENT))
        events.patch(extendedProperties={"private": {"revision": "2"}})

        assert double.mail == []

    def test_a_refused_write_tells_nobody(self, double: WorkspaceDouble, events: Events) -> None:
        with Refusal(400, "invalid"):
            events.insert(attendees=attendees(PATIENT), id="NOT-ONE")

        assert double.mail == []
