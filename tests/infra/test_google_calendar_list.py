"""Our events are listed, page by page, with all that a meeting can be made from."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.errors import GoneError, PermanentError
from functions.models import EventInFull, Notify
from infra.google_calendar import GoogleCalendar
from tests.infra.appointment import (
    DELEGATE,
    EVENT_PATH,
    EVENTS,
    NOON,
    meeting,
    private,
    resource,
)
from tests.infra.loopback_google import LoopbackGoogle, refusal

ANA = "ana@clinic.example"
FROM = datetime(2030, 5, 1, tzinfo=UTC)


def in_full(**changes: Any) -> dict[str, Any]:
    return resource(
        summary="Appointment",
        created="2030-05-01T08:00:00.000Z",
        start={"dateTime": "2030-05-06T07:00:00-05:00", "timeZone": "America/Bogota"},
        end={"dateTime": "2030-05-06T08:00:00-05:00", "timeZone": "America/Bogota"},
        attendees=[{"email": "Leo@home.example"}],
        extendedProperties={"private": private(notify="none", external_reference="ref")},
    ) | (changes)


def listed(calendar: GoogleCalendar, mailbox: str = ANA) -> list[EventInFull]:
    return list(calendar.list_events(mailbox, FROM, None))


class TestAsking:
    def test_asks_for_our_events_alone(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        list(calendar.list_events(ANA, FROM, NOON))

        (call,) = google.api_calls
        assert (call.method, call.path) == ("GET", EVENTS)
        assert call.query == {
            "privateExtendedProperty": ["made_by=meet-middleware"],
            "timeMin": ["2030-05-01T00:00:00+00:00"],
            "timeMax": ["2030-05-06T12:00:00+00:00"],
            "maxResults": ["250"],
            "alt": ["json"],
        }
        assert google.tokens[0].claims["sub"] == ANA

    def test_follows_the_pages_also_past_an_empty_one(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.extend(
            [
                (200, {"items": [in_full(id="one")], "nextPageToken": "p2"}),
                (200, {"nextPageToken": "p3"}),
                (200, {"items": [in_full(id="two")], "nextSyncToken": "s"}),
            ]
        )

        assert [event.event_id for event in listed(calendar)] == ["one", "two"]
        tokens = [call.query.get("pageToken") for call in google.api_calls]
        assert tokens == [None, ["p2"], ["p3"]]

    def test_no_calendar_is_not_an_empty_one(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append(refusal(404, "notFound"))

        with pytest.raises(PermanentError) as raised:
            listed(calendar)

        assert raised.value.code == "calendar_not_found"

    def test_an_organizer_from_outside_is_in_the_delegates_mailbox(
        self, calendar: GoogleCalendar
    ) -> None:
        assert calendar.owner_of(ANA) == ANA
        assert calendar.owner_of("eva@home.example") == DELEGATE


class TestReading:
    def read(self, calendar: GoogleCalendar, google: LoopbackGoogle, **changes: Any) -> EventInFull:
        google.answers.append((200, {"items": [in_full(**changes)]}))
        [event] = listed(calendar)
        return event

    def test_an_event_has_all_that_a_meeting_is_made_from(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        event = self.read(calendar, google)

        assert (event.meeting_id, event.revision, event.meeting_code) == ("m1", 3, "abc-defg-hij")
        assert (event.organizer_email, event.guest_emails) == (ANA, ("leo@home.example",))
        assert (event.scheduled_start, event.scheduled_end) == (NOON, NOON.replace(hour=13))
        assert event.time_zone == "America/Bogota"
        assert (event.summary, event.description) == ("Appointment", None)
        assert (event.external_reference, event.notify) == ("ref", Notify.NONE)
        assert event.created_at == datetime(2030, 5, 1, 8, tzinfo=UTC)

    def test_neither_rooms_nor_the_organizer_are_guests(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        attendees = [
            {"email": ANA, "organizer": True, "self": True},
            {"email": "eva@home.example"},
            {"email": "room@resource.example", "resource": True},
            {"email": "leo@home.example"},
        ]
        properties = {"private": private(organizer_email="eva@home.example")}

        event = self.read(calendar, google, attendees=attendees, extendedProperties=properties)

        assert event.organizer_email == "eva@home.example"
        assert event.guest_emails == ("leo@home.example",)

    def test_a_day_that_somebody_made_of_it_is_read(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        event = self.read(
            calendar, google, start={"date": "2030-05-06"}, end={"date": "2030-05-07"}
        )

        assert event.scheduled_start == NOON.replace(hour=0)
        assert event.time_zone == "UTC"

    def test_one_that_cannot_be_read_hides_no_other(
        self,
        calendar: GoogleCalendar,
        google: LoopbackGoogle,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        items = [in_full(id="odd", start={"dateTime": "leo@home.example"}), in_full(id="good")]
        google.answers.append((200, {"items": items}))

        assert [event.event_id for event in listed(calendar)] == ["good"]
        [record] = caplog.records
        assert vars(record)["event_id"] == "odd"
        assert "leo@" not in caplog.text

    def test_one_by_its_id_has_the_same(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        expected = self.read(calendar, google)
        google.answers.append((200, in_full()))

        assert calendar.read_event(meeting()) == expected
        assert google.api_calls[-1].path == EVENT_PATH

    def test_one_that_was_deleted_is_gone(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append((200, {"id": "e", "etag": '"8"', "status": "cancelled"}))

        with pytest.raises(GoneError):
            calendar.read_event(meeting())


class TestWriting:
    def test_an_insert_carries_the_reference(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append((200, resource()))

        calendar.insert(meeting(external_reference="ref", notify=Notify.EXTERNAL))

        sent = google.api_calls[0].json["extendedProperties"]
        assert sent == {"private": private(external_reference="ref", notify="external")}
