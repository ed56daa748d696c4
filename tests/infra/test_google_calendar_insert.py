"""An event is inserted: what is sent, as whom, and who is told."""

from datetime import timedelta, timezone

import pytest

from functions.errors import DuplicateError, PermanentError
from functions.models import Notify
from infra.google_calendar import GoogleCalendar
from tests.infra.appointment import (
    DELEGATE,
    EVENTS,
    NOON,
    ROOM_REQUEST,
    body,
    meeting,
    resource,
    seen,
)
from tests.infra.loopback_google import LoopbackGoogle, refusal


class TestInsert:
    def test_sends_the_whole_event_and_asks_for_a_room(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append((200, resource()))

        calendar.insert(meeting())

        (call,) = google.api_calls
        assert (call.method, call.path) == ("POST", EVENTS)
        assert call.query == {
            "conferenceDataVersion": ["1"],
            "sendUpdates": ["all"],
            "alt": ["json"],
        }
        assert call.json == body(id=meeting().event_id, conferenceData=ROOM_REQUEST)

    def test_tells_the_time_in_utc_beside_the_meetings_time_zone(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append((200, resource()))
        start = NOON.astimezone(timezone(timedelta(hours=-5)))

        calendar.insert(meeting(scheduled_start=start))

        assert google.api_calls[0].json["start"] == body()["start"]

    def test_acts_as_the_organizer_with_no_more_than_the_events_scope(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append((200, resource()))

        calendar.insert(meeting())

        (token,) = google.tokens
        assert token.claims["sub"] == "ana@clinic.example"
        assert token.claims["scope"] == "https://www.googleapis.com/auth/calendar.events"
        assert google.api_calls[0].headers["authorization"] == "Bearer token-1"

    @pytest.mark.parametrize("domain", ["home.example", "sub.clinic.example", "notclinic.example"])
    def test_acts_as_the_delegate_and_invites_an_organizer_from_outside(
        self, calendar: GoogleCalendar, google: LoopbackGoogle, domain: str
    ) -> None:
        google.answers.append((200, resource()))

        calendar.insert(meeting(f"ana@{domain}"))

        assert google.tokens[0].claims["sub"] == DELEGATE
        assert google.api_calls[0].json["attendees"] == [
            {"email": f"ana@{domain}"},
            {"email": "leo@home.example"},
        ]

    @pytest.mark.parametrize(
        ("notify", "sent"),
        [(Notify.ALL, "all"), (Notify.EXTERNAL, "externalOnly"), (Notify.NONE, "none")],
    )
    def test_mails_whom_the_meeting_says(
        self, calendar: GoogleCalendar, google: LoopbackGoogle, notify: Notify, sent: str
    ) -> None:
        google.answers.extend([(200, resource()), (200, resource()), (204, b"")])

        calendar.insert(meeting(notify=notify))
        calendar.patch(meeting(notify=notify), seen())
        calendar.delete(meeting(notify=notify))

        assert [call.query["sendUpdates"] for call in google.api_calls] == [[sent]] * 3

    def test_an_id_that_is_taken_is_a_duplicate(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append(refusal(409, "duplicate"))

        with pytest.raises(DuplicateError):
            calendar.insert(meeting())

    def test_no_calendar_is_not_a_missing_event(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append(refusal(404, "notFound"))

        with pytest.raises(PermanentError) as raised:
            calendar.insert(meeting())

        assert raised.value.code == "calendar_not_found"
