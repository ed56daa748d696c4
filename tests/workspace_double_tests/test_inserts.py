"""An event is inserted as Google would insert it, or refused as Google would refuse it."""

from typing import Any

import pytest

from tests.workspace_double import WorkspaceDouble
from tests.workspace_double.clients import calendar_client
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


class TestInsert:
    def test_the_answer_has_what_google_adds(self, events: Events) -> None:
        inserted = events.insert(summary="Check-up", attendees=attendees(DOCTOR, PATIENT))

        assert inserted["kind"] == "calendar#event"
        assert inserted["status"] == "confirmed"
        assert inserted["iCalUID"] == f"{EVENT_ID}@google.com"
        assert inserted["organizer"] == {"email": DOCTOR, "self": True}
        assert inserted["creator"] == {"email": DOCTOR, "self": True}
        assert inserted["created"] == "2026-03-02T12:00:00.000Z"
        assert inserted["htmlLink"].startswith("https://www.google.com/calendar/event?eid=")
        assert inserted["sequence"] == 0
        assert inserted["eventType"] == "default"
        assert inserted["reminders"] == {"useDefault": True}
        assert inserted["attendees"] == [
            {
                "email": DOCTOR,
                "responseStatus": "needsAction",
                "organizer": True,
                "self": True,
            },
            {"email": PATIENT, "responseStatus": "needsAction"},
        ]
        assert events.get() == inserted

    def test_times_come_back_with_the_offset_of_their_time_zone(self, events: Events) -> None:
        inserted = events.insert(**times(15, "America/Argentina/Buenos_Aires"))

        assert inserted["start"] == {
            "dateTime": "2026-03-05T12:00:00-03:00",
            "timeZone": "America/Argentina/Buenos_Aires",
        }
        in_madrid = events.get(timeZone="Europe/Madrid")
        assert in_madrid["start"]["dateTime"] == "2026-03-05T16:00:00+01:00"

    def test_the_time_zone_of_the_calendar_wins_when_it_has_one(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        double.add_user(DOCTOR, time_zone="Asia/Tokyo")

        inserted = events.insert(**times(15, "Europe/Madrid"))

        assert inserted["start"]["dateTime"] == "2026-03-06T00:00:00+09:00"
        assert inserted["start"]["timeZone"] == "Europe/Madrid"

    def test_naive_times_are_read_in_their_time_zone(self, events: Events) -> None:
        inserted = events.insert(
            start={"dateTime": "2026-03-05T10:00:00", "timeZone": "Europe/Madrid"},
            end={"dateTime": "2026-03-05T09:30:00Z"},
        )

        assert inserted["start"]["dateTime"] == "2026-03-05T10:00:00+01:00"
        assert inserted["end"]["dateTime"] == "2026-03-05T09:30:00Z"

    def test_an_id_is_made_when_none_is_given(self, events: Events) -> None:
        inserted = events.insert(id=None)

        assert events.get(inserted["id"])["id"] == inserted["id"]

    @pytest.mark.parametrize("event_id", ["abcd", "ABCDE", "meeting-1", "wxyz0", "a" * 1025])
    def test_an_id_outside_base32hex_is_refused(self, events: Events, event_id: str) -> None:
        with Refusal(400, "invalid"):
            events.insert(id=event_id)

    def test_an_id_is_taken_for_ever(self, events: Events) -> None:
        events.insert()
        with Refusal(409, "duplicate", "The requested identifier already exists."):
            events.insert()

        events.delete()

        with Refusal(409, "duplicate"):
            events.insert()

    def test_defaults_are_left_out_of_the_answer(self, events: Events) -> None:
        inserted = events.insert(
            visibility="private",
            transparency="opaque",
            guestsCanInviteOthers=False,
            guestsCanModify=False,
        )

        assert inserted["visibility"] == "private"
        assert inserted["guestsCanInviteOthers"] is False
        assert "transparency" not in inserted
        assert "guestsCanModify" not in inserted

    def test_the_owner_may_be_named_by_email(self, double: WorkspaceDouble) -> None:
        with calendar_client(double, DOCTOR) as client:
            page = client.events().list(calendarId=DOCTOR.upper()).execute()

        assert page["summary"] == DOCTOR

    def test_the_calendar_of_somebody_else_is_not_found(self, double: WorkspaceDouble) -> None:
        double.add_user(NURSE)
        with calendar_client(double, DOCTOR) as client, Refusal(404, "notFound"):
            client.events().list(calendarId=NURSE).execute()

    def test_a_user_without_calendar_is_told(self, double: WorkspaceDouble, events: Events) -> None:
        double.add_user(DOCTOR, no_calendar=True)

        with Refusal(403, "notACalendarUser"):
            events.insert()


class TestRefusedFields:
    @pytest.mark.parametrize(
        ("start", "end", "reason", "message"),
        [
            ("2026-03-05T10:00:00Z", "2026-03-05T10:00:00Z", "timeRangeEmpty", "empty"),
            ("2026-03-05T10:00:00Z", "2026-03-05T10:00:00+01:00", "timeRangeEmpty", "empty"),
            ("2026-03-05T10:00:00", "2026-03-05T11:00:00Z", "required", "time zone"),
        ],
    )
    def test_times(self, events: Events, start: str, end: str, reason: str, message: str) -> None:
        with Refusal(400, reason, message):
            events.insert(start={"dateTime": start}, end={"dateTime": end})

    def test_an_unknown_time_zone(self, events: Events) -> None:
        with Refusal(400, "invalid", "Invalid time zone definition for start time."):
            events.insert(**times(15, "America/Gotham"))

    def test_a_date_next_to_a_time(self, events: Events) -> None:
        with Refusal(400, "invalid", "start time"):
            events.insert(start={"date": "2026-03-05", "dateTime": "2026-03-05T10:00:00Z"})
        with Refusal(400, "invalid", "start time"):
            events.insert(start={"date": "2026-03-05"})

    def test_no_time(self, events: Events) -> None:
        with Refusal(400, "required", "Missing end time."):
            events.insert(end={})

    @pytest.mark.parametrize(
        ("attendee", "reason"),
        [({"displayName": "Ana"}, "required"), ({"email": "ana at home"}, "invalid")],
    )
    def test_attendees(self, events: Events, attendee: dict[str, str], reason: str) -> None:
        with Refusal(400, reason, "attendee"):
            events.insert(attendees=[attendee])

    @pytest.mark.parametrize(
        ("reminders", "reason"),
        [
            (
                {"useDefault": True, "overrides": [{"method": "popup", "minutes": 5}]},
                "cannotUseDefaultRemindersAndSpecifyOverride",
            ),
            ({"overrides": [{"method": "popup", "minutes": 40321}]}, "invalid"),
            ({"overrides": [{"method": "popup", "minutes": 5}] * 6}, "invalid"),
            ({"overrides": [{"minutes": 5}]}, "invalid"),
        ],
    )
    def test_reminders(self, events: Events, reminders: dict[str, Any], reason: str) -> None:
        with Refusal(400, reason):
            events.insert(reminders=reminders)

    def test_what_the_double_does_not_play_says_so(self, events: Events) -> None:
        with Refusal(501, "notImplemented"):
            events.insert(recurrence=["RRULE:FREQ=DAILY"])
        with Refusal(501, "notImplemented"):
            events.list(q="check-up")
