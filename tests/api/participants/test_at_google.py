"""The event at Google follows who takes part, on the Workspace double."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.sync_calendar import CalendarSynchronizer
from tests.api.caller import Api, content
from tests.api.parts import invite, one
from tests.sync_calendar.world import World
from tests.values import GUEST, NOW, a_meeting, put
from tests.workspace_double.double import WorkspaceDouble
from tests.workspace_double.mail import Mail


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with WorkspaceDouble(now=lambda: NOW) as double:
        made = World(double, tmp_path / "key.json")
        yield made
        made.mailboxes.close()
        assert double.violations == []


@pytest.mark.parametrize("notify", ["all", "external", "none"])
class TestAtGoogle:
    """`eva` is from outside the clinic, `nurse` from inside."""

    def a_meeting_at_google(self, api: Api, world: World, notify: str) -> str:
        api.synchronizer = CalendarSynchronizer(
            api.store.kept, world.calendar, api.now, world.slept.append
        )
        meeting = a_meeting(notify=notify)
        put(api.store.kept, meeting)
        api.sync(meeting.id)
        world.double.mail.clear()
        return meeting.id

    def guests(self, world: World) -> list[str]:
        [event] = world.live()
        return [attendee["email"] for attendee in event["attendees"]]

    def mailed(self, world: World) -> set[tuple[str, str]]:
        mails: list[Mail] = world.double.mail
        return {(mail.kind, mail.recipient) for mail in mails}

    def test_new_guests_are_on_the_event_and_mailed_as_the_meeting_says(
        self, api: Api, world: World, notify: str
    ) -> None:
        meeting_id = self.a_meeting_at_google(api, world, notify)

        invite(api, meeting_id, email="eva@home.example")
        invite(api, meeting_id, email="nurse@clinica.com", kind="staff")
        api.sync(meeting_id)

        assert self.guests(world) == [GUEST, "eva@home.example", "nurse@clinica.com"]
        outside, inside = ("invite", "eva@home.example"), ("invite", "nurse@clinica.com")
        expected = {"all": {outside, inside}, "external": {outside}, "none": set()}
        assert self.mailed(world) == expected[notify]

    def test_a_guest_who_is_taken_off_leaves_the_event(
        self, api: Api, world: World, notify: str
    ) -> None:
        meeting_id = self.a_meeting_at_google(api, world, notify)

        api.send("DELETE", one(api, meeting_id, GUEST))
        api.sync(meeting_id)

        [event] = world.live()
        assert event.get("attendees", []) == []
        told = {("cancel", GUEST)}
        assert self.mailed(world) == {"all": told, "external": told, "none": set()}[notify]

    def test_another_address_takes_the_place_of_the_first(
        self, api: Api, world: World, notify: str
    ) -> None:
        meeting_id = self.a_meeting_at_google(api, world, notify)

        url = one(api, meeting_id, GUEST)
        api.send("PATCH", url, **content({"email": "eva@home.example"}))
        api.sync(meeting_id)

        assert self.guests(world) == ["eva@home.example"]
        told = {("cancel", GUEST), ("invite", "eva@home.example")}
        assert self.mailed(world) == {"all": told, "external": told, "none": set()}[notify]
