"""An event is patched, its guests keep their answers, and it is deleted."""

import pytest

from functions.errors import ChangedError, GoneError
from infra.google_calendar import GoogleCalendar
from tests.infra.appointment import (
    EVENT_PATH,
    ROOM_REQUEST,
    body,
    meeting,
    private,
    resource,
    seen,
)
from tests.infra.loopback_google import LoopbackGoogle, refusal

WITHOUT_REFERENCE = {"extendedProperties": {"private": private(external_reference=None)}}
"""Null takes off one that an earlier revision had."""


class TestPatch:
    def test_sends_everything_but_the_room_and_only_over_what_was_read(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append((200, resource(etag='"8"')))

        event = calendar.patch(meeting(), seen())

        (call,) = google.api_calls
        assert (call.method, call.path) == ("PATCH", EVENT_PATH)
        assert call.query == {
            "conferenceDataVersion": ["1"],
            "sendUpdates": ["all"],
            "alt": ["json"],
        }
        assert call.headers["if-match"] == '"7"'
        assert call.json == body(**WITHOUT_REFERENCE)
        assert event.etag == '"8"'

    def test_clears_a_description_that_is_no_more(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append((200, resource()))

        calendar.patch(meeting(description=None), seen())

        assert google.api_calls[0].json == body(description=None, **WITHOUT_REFERENCE)

    def test_a_request_for_a_room_changes_and_mails_nothing_else(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append((200, resource()))

        calendar.request_conference(meeting(), seen())

        (call,) = google.api_calls
        assert call.query["sendUpdates"] == ["none"]
        assert call.query["conferenceDataVersion"] == ["1"]
        assert call.headers["if-match"] == '"7"'
        assert call.json == {"conferenceData": ROOM_REQUEST}

    def test_guests_keep_their_answers(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append((200, resource()))
        answer = {
            "email": "Leo@Home.example",
            "displayName": "Leo",
            "responseStatus": "tentative",
            "comment": "late",
            "additionalGuests": 1,
            "optional": True,
        }
        read_only = {"id": "9", "self": False, "organizer": False, "asyncOperation": "inProgress"}

        calendar.patch(meeting(), seen(answer | read_only))

        assert google.api_calls[0].json["attendees"] == [answer]

    def test_rooms_and_the_owner_stay_and_other_guests_go(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append((200, resource()))
        owner = {"email": "ana@clinic.example", "responseStatus": "accepted"}
        room = {"email": "room2@resource.example", "resource": True}
        removed = {"email": "old@home.example", "responseStatus": "accepted"}

        calendar.patch(meeting(), seen(owner | {"self": True}, room, removed))

        assert google.api_calls[0].json["attendees"] == [
            owner,
            room,
            {"email": "leo@home.example"},
        ]

    def test_an_event_that_changed_meanwhile_is_left_alone(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append(refusal(412, "conditionNotMet"))

        with pytest.raises(ChangedError):
            calendar.patch(meeting(), seen())

    def test_a_deleted_event_is_gone(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append(refusal(404, "notFound"))

        with pytest.raises(GoneError):
            calendar.patch(meeting(), seen())


class TestDelete:
    def test_deletes_the_event(self, calendar: GoogleCalendar, google: LoopbackGoogle) -> None:
        google.answers.append((204, b""))

        calendar.delete(meeting())

        (call,) = google.api_calls
        assert (call.method, call.path) == ("DELETE", EVENT_PATH)
        assert call.query == {"sendUpdates": ["all"]}

    def test_a_deleted_event_is_gone(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append(refusal(410, "deleted"))

        with pytest.raises(GoneError):
            calendar.delete(meeting())
