"""A room is made at once, later or never, as a test scripts it."""

from typing import Any

from tests.workspace_double import WorkspaceDouble
from tests.workspace_double.clients import calendar_client
from tests.workspace_double_tests.calendar_calls import (
    DOCTOR,
    EVENT_ID,
    NURSE,
    PATIENT,
    ROOM_REQUEST,
    Events,
    Refusal,
    attendees,
    room_request,
    times,
)


def status_of(event: dict[str, Any]) -> str:
    return str(event["conferenceData"]["createRequest"]["status"]["statusCode"])


class TestConference:
    def test_a_room_is_made_at_once(self, double: WorkspaceDouble, events: Events) -> None:
        inserted = events.insert(conferenceData=ROOM_REQUEST)

        data = inserted["conferenceData"]
        code = data["conferenceId"]
        assert data["createRequest"]["status"] == {"statusCode": "success"}
        assert [len(part) for part in code.split("-")] == [3, 4, 3]
        assert data["entryPoints"][0]["entryPointType"] == "video"
        assert data["entryPoints"][0]["uri"] == f"https://meet.google.com/{code}"
        assert inserted["hangoutLink"] == f"https://meet.google.com/{code}"
        assert double.calendar.conferences.rooms == {code: DOCTOR}

    def test_a_pending_room_is_made_after_so_many_reads(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        double.script_conference("pending", polls=2)

        inserted = events.insert(conferenceData=ROOM_REQUEST)
        reads = [events.get(), events.get(), events.get()]

        statuses = [status_of(event) for event in (inserted, *reads)]
        assert statuses == ["pending", "pending", "pending", "success"]
        assert "hangoutLink" not in inserted
        assert "hangoutLink" in reads[-1]
        assert reads[-1]["etag"] != inserted["etag"]
        assert events.get() == reads[-1]

    def test_a_pending_room_may_fail_or_stay_pending(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        double.script_conference("pending", polls=0, then="failure")
        double.script_conference("pending")

        events.insert(conferenceData=ROOM_REQUEST)
        events.insert(id="m00002", conferenceData=ROOM_REQUEST)

        assert status_of(events.get()) == "failure"
        assert [status_of(events.get("m00002")) for _ in range(5)] == ["pending"] * 5

    def test_a_list_reads_too(self, double: WorkspaceDouble, events: Events) -> None:
        double.script_conference("pending", polls=0)
        events.insert(conferenceData=ROOM_REQUEST)

        assert status_of(events.list()["items"][0]) == "success"

    def test_a_script_may_be_for_one_user_and_many_rooms(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        double.script_conference("failure", user=NURSE)
        double.script_conference("failure", user=DOCTOR, times=2)

        made = [events.insert(id=f"m0000{n}", conferenceData=ROOM_REQUEST) for n in range(3)]

        assert [status_of(event) for event in made] == ["failure", "failure", "success"]

    def test_a_repeated_request_id_is_ignored(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        double.script_conference("failure")
        events.insert(conferenceData=ROOM_REQUEST)

        again = events.patch(conferenceData=ROOM_REQUEST)
        renewed = events.patch(conferenceData=room_request("r2"))

        assert status_of(again) == "failure"
        assert status_of(renewed) == "success"
        assert len(double.calendar.conferences.rooms) == 1

    def test_a_made_room_stays(self, double: WorkspaceDouble, events: Events) -> None:
        link = events.insert(conferenceData=ROOM_REQUEST)["hangoutLink"]

        assert events.patch(summary="Check-up")["hangoutLink"] == link
        assert events.patch(conferenceData=room_request("r2"))["hangoutLink"] == link
        assert len(double.calendar.conferences.rooms) == 1

    def test_a_pending_room_survives_other_patches(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        double.script_conference("pending", polls=0)
        events.insert(conferenceData=ROOM_REQUEST)

        assert status_of(events.patch(summary="Check-up")) == "pending"
        assert status_of(events.get()) == "success"

    def test_a_room_is_removed_by_null(self, double: WorkspaceDouble, events: Events) -> None:
        double.script_conference("pending", polls=0)
        events.insert(conferenceData=ROOM_REQUEST)

        assert "conferenceData" not in events.patch(conferenceData=None)
        assert "conferenceData" not in events.get()

    def test_version_0_ignores_conference_data(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        double.gateway.demands.clear()
        body = {"id": EVENT_ID, "conferenceData": ROOM_REQUEST, **times(15)}
        request = events.resource.insert(calendarId="primary", body=body)
        assert "conferenceData" not in request.execute()

        link = events.patch(conferenceData=ROOM_REQUEST)["hangoutLink"]
        unchanged = events.resource.patch(
            calendarId="primary", eventId=EVENT_ID, body={"conferenceData": None}
        ).execute()

        assert unchanged["hangoutLink"] == link

    def test_a_conference_without_its_parts_is_refused(self, events: Events) -> None:
        with Refusal(400, "required"):
            events.insert(conferenceData={"createRequest": {}})
        with Refusal(400, "invalid", "Invalid conference type value."):
            events.insert(conferenceData=room_request("r1", "eventHangout"))

    def test_flags_may_change_at_any_time(self, double: WorkspaceDouble, events: Events) -> None:
        events.insert()
        double.add_user(DOCTOR, no_meet=True)

        with Refusal(400, "invalid", "Invalid conference type value."):
            events.patch(conferenceData=ROOM_REQUEST)

    def test_a_user_without_meet_gets_none(self, double: WorkspaceDouble, events: Events) -> None:
        double.add_user(DOCTOR, no_meet=True)

        with Refusal(400, "invalid", "Invalid conference type value."):
            events.insert(conferenceData=ROOM_REQUEST)
        assert double.events == []


class TestServiceAccountItself:
    def test_it_neither_invites_nor_makes_rooms(self, double: WorkspaceDouble) -> None:
        with calendar_client(double, None) as client:
            events = Events(client)
            with Refusal(403, "forbiddenForServiceAccounts", "Service accounts cannot invite"):
                events.insert(attendees=attendees(PATIENT))
            with Refusal(400, "invalid", "Invalid conference type value."):
                events.insert(conferenceData=ROOM_REQUEST)
            assert events.insert()["organizer"]["email"].endswith("gserviceaccount.com")
