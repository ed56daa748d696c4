"""An event and its room are read from what Calendar answers."""

from typing import Any

import pytest

from functions.errors import GoneError
from functions.models import CalendarEvent, Conference
from infra.google_calendar import GoogleCalendar
from tests.infra.appointment import EVENT_PATH, LINK, meeting, resource
from tests.infra.loopback_google import LoopbackGoogle, refusal


class TestGet:
    def test_reads_the_event(self, calendar: GoogleCalendar, google: LoopbackGoogle) -> None:
        attendee = {"email": "leo@home.example", "responseStatus": "accepted"}
        google.answers.append((200, resource(attendees=[attendee])))

        event = calendar.get(meeting())

        (call,) = google.api_calls
        assert (call.method, call.path, call.query) == ("GET", EVENT_PATH, {"alt": ["json"]})
        assert event == CalendarEvent(
            event_id=meeting().event_id,
            etag='"7"',
            meeting_id="m1",
            revision=3,
            conference=Conference.SUCCESS,
            conference_request_id="r1",
            meet_link=LINK,
            meeting_code="abc-defg-hij",
            attendees=(attendee,),
        )

    def test_a_cancelled_event_is_told_from_a_live_one(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        google.answers.append((200, {"id": "e", "etag": '"8"', "status": "cancelled"}))

        event = calendar.get(meeting())

        assert event == CalendarEvent(event_id="e", etag='"8"', is_cancelled=True)

    @pytest.mark.parametrize("status", [404, 410])
    def test_a_missing_event_is_gone(
        self, calendar: GoogleCalendar, google: LoopbackGoogle, status: int
    ) -> None:
        google.answers.append(refusal(status, "notFound"))

        with pytest.raises(GoneError):
            calendar.get(meeting())

    @pytest.mark.parametrize("revision", ["", "x", "-1"])
    def test_a_revision_that_somebody_spoilt_is_the_oldest(
        self, calendar: GoogleCalendar, google: LoopbackGoogle, revision: str
    ) -> None:
        spoilt = {"private": {"meeting_id": "m1", "revision": revision}}
        google.answers.append((200, resource(extendedProperties=spoilt)))

        assert calendar.get(meeting()).revision == 0


class TestConference:
    def read(
        self, calendar: GoogleCalendar, google: LoopbackGoogle, data: Any, link: str | None = None
    ) -> tuple[Conference, str | None, str | None]:
        google.answers.append((200, resource(conferenceData=data, hangoutLink=link)))
        event = calendar.get(meeting())
        return event.conference, event.meet_link, event.meeting_code

    @pytest.mark.parametrize(
        ("status", "conference"),
        [
            ("pending", Conference.PENDING),
            ("failure", Conference.FAILURE),
            ("success", Conference.PENDING),
            (None, Conference.NONE),
        ],
    )
    def test_without_a_link_the_request_says_how_far_it_is(
        self,
        calendar: GoogleCalendar,
        google: LoopbackGoogle,
        status: str | None,
        conference: Conference,
    ) -> None:
        data = {"createRequest": {"status": {"statusCode": status}}}

        assert self.read(calendar, google, data) == (conference, None, None)

    def test_without_any_conference_there_is_none(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        assert self.read(calendar, google, {}) == (Conference.NONE, None, None)

    def test_a_video_entry_point_is_a_link_even_without_a_request(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        points = [
            {"entryPointType": "phone", "uri": "tel:+57"},
            {"entryPointType": "video", "uri": f"{LINK}?hs=1"},
        ]

        read = self.read(calendar, google, {"entryPoints": points})

        assert read == (Conference.SUCCESS, f"{LINK}?hs=1", "abc-defg-hij")

    def test_the_event_own_link_is_enough(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        assert self.read(calendar, google, {}, LINK) == (
            Conference.SUCCESS,
            LINK,
            "abc-defg-hij",
        )

    def test_no_code_is_made_out_of_another_providers_link(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        points = [{"entryPointType": "video", "uri": "https://zoom.example/j/123"}]

        read = self.read(calendar, google, {"entryPoints": points})

        assert read == (Conference.SUCCESS, "https://zoom.example/j/123", None)

    def test_a_phone_number_is_no_room(
        self, calendar: GoogleCalendar, google: LoopbackGoogle
    ) -> None:
        points = [{"entryPointType": "phone", "uri": "tel:+57"}]

        assert self.read(calendar, google, {"entryPoints": points})[1] is None
