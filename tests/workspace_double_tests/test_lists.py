"""A list is filtered, ordered, cut into pages and brought up to date."""

from typing import Any

from tests.workspace_double import WorkspaceDouble
from tests.workspace_double_tests.calendar_calls import (
    EVENT_ID,
    ROOM_REQUEST,
    Events,
    Refusal,
    times,
)


def ids(page: dict[str, Any]) -> list[str]:
    return [item["id"] for item in page["items"]]


class TestList:
    def test_private_properties_are_anded(self, events: Events) -> None:
        for number, meeting in enumerate(("m1", "m1", "m2")):
            private = {"meeting": meeting, "revision": str(number)}
            events.insert(id=f"m0000{number}", extendedProperties={"private": private})

        found = events.list(privateExtendedProperty=["meeting=m1", "revision=1"])

        assert ids(found) == ["m00001"]
        assert ids(events.list(privateExtendedProperty="meeting=m1")) == ["m00000", "m00001"]

    def test_a_window_holds_what_overlaps_it(self, events: Events) -> None:
        for hour in (10, 11, 12):
            events.insert(id=f"m000{hour}", **times(hour))

        window = {"timeMin": "2026-03-05T10:45:00Z", "timeMax": "2026-03-05T12:00:00Z"}

        assert ids(events.list(**window)) == ["m00011"]

    def test_deleted_events_on_demand(self, events: Events) -> None:
        events.insert()
        events.delete()

        assert ids(events.list()) == []
        assert ids(events.list(showDeleted=True)) == [EVENT_ID]

    def test_pages(self, events: Events) -> None:
        for number in range(5):
            events.insert(id=f"m0000{number}")

        request = events.resource.list(calendarId="primary", maxResults=2)
        pages = []
        while request is not None:
            pages.append(request.execute())
            request = events.resource.list_next(request, pages[-1])

        assert [len(page["items"]) for page in pages] == [2, 2, 1]
        assert len({event_id for page in pages for event_id in ids(page)}) == 5
        assert "nextSyncToken" in pages[-1]
        with Refusal(400, "invalid"):
            events.list(pageToken="somewhere")

    def test_order(self, events: Events) -> None:
        events.insert(id="m00001", **times(12))
        events.insert(id="m00002", **times(10))

        assert ids(events.list(orderBy="startTime", singleEvents=True)) == ["m00002", "m00001"]
        with Refusal(400, "invalid"):
            events.list(orderBy="startTime")

    def test_a_sync_token_brings_what_changed(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        events.insert(id="m00001")
        events.insert(id="m00002")
        token = events.list()["nextSyncToken"]
        events.delete(event_id="m00001")

        changed = events.list(syncToken=token)

        assert ids(changed) == ["m00001"]
        assert changed["items"][0]["status"] == "cancelled"
        assert ids(events.list(syncToken=changed["nextSyncToken"])) == []
        with Refusal(400, "invalid"):
            events.list(syncToken=token, timeMin="2026-03-05T10:45:00Z")
        double.calendar.expire_sync_tokens()
        with Refusal(410, "fullSyncRequired"):
            events.list(syncToken=token)

    def test_partial_answers(self, events: Events) -> None:
        events.insert(summary="Check-up", conferenceData=ROOM_REQUEST)

        page = events.list(fields="items(id,conferenceData/entryPoints/uri)")

        (item,) = page["items"]
        assert list(page) == ["items"]
        assert set(item) == {"id", "conferenceData"}
        assert list(item["conferenceData"]["entryPoints"][0]) == ["uri"]
