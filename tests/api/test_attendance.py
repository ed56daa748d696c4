"""GET meetings/{id}/attendance/: what Google Meet told of who was there."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.models import (
    Attendee,
    AttendeeKind,
    ConferenceRecord,
    RecordingSync,
    RecordingSyncState,
    Session,
    UserRole,
)
from tests.api.caller import MEETINGS, Answer, Api
from tests.api.parts import STRANGE_IDS
from tests.values import GUEST, NOW, ORGANIZER, a_meeting, put

STARTED = NOW - timedelta(hours=2)
SYNC = RecordingSync(state=RecordingSyncState.AVAILABLE)


def at(minutes: int) -> datetime:
    return STARTED + timedelta(minutes=minutes)


def attendee(joined: int, left: int | None, **values: Any) -> Attendee:
    left_at = None if left is None else at(left)
    session = Session(joined_at=at(joined), left_at=left_at)
    return Attendee(**{"kind": AttendeeKind.ANONYMOUS, "sessions": (session,), **values})


def conference(*attendees: Attendee, ended: int | None = 60, name: str = "a1") -> ConferenceRecord:
    return ConferenceRecord(
        name=f"conferenceRecords/{name}",
        started_at=STARTED,
        ended_at=None if ended is None else at(ended),
        attendees=attendees,
    )


DOCTOR = attendee(
    0, 50, display_name="Dr. Paz", kind=AttendeeKind.SIGNED_IN, user="users/123456789"
)
PATIENT = attendee(10, 40, display_name="Ana")


def hold(api: Api, *conferences: ConferenceRecord) -> str:
    meeting = a_meeting(
        scheduled_start=STARTED,
        scheduled_end=at(60),
        conferences=conferences,
        recording_sync=SYNC,
    )
    put(api.store.kept, meeting)
    return meeting.id


def attendance(api: Api, meeting_id: str, **headers: str) -> Answer:
    return api.get(f"{MEETINGS}{meeting_id}/attendance/", headers=headers)


class TestAnswer:
    def test_it_says_who_was_there_and_what_that_makes(self, api: Api) -> None:
        meeting_id = hold(api, conference(DOCTOR, PATIENT))

        answer = attendance(api, meeting_id)

        assert answer.status == 200
        assert answer.json == {
            "meeting": meeting_id,
            "outcome": "completed",
            "rule": "At least two attendees were there at once, for 1800 s in all: not less than"
            " 300 s, the lesser of 300 s and half of the 3600 s that were scheduled.",
            "together_seconds": 1800,
            "overlaps": [
                {"started_at": "2030-01-01T07:10:00Z", "ended_at": "2030-01-01T07:40:00Z"}
            ],
            "attendees": [
                {
                    "display_name": "Dr. Paz",
                    "kind": "signed_in",
                    "joined_at": "2030-01-01T07:00:00Z",
                    "left_at": "2030-01-01T07:50:00Z",
                    "present_seconds": 3000,
                    "sessions": [
                        {"joined_at": "2030-01-01T07:00:00Z", "left_at": "2030-01-01T07:50:00Z"}
                    ],
                },
                {
                    "display_name": "Ana",
                    "kind": "anonymous",
                    "joined_at": "2030-01-01T07:10:00Z",
                    "left_at": "2030-01-01T07:40:00Z",
                    "present_seconds": 1800,
                    "sessions": [
                        {"joined_at": "2030-01-01T07:10:00Z", "left_at": "2030-01-01T07:40:00Z"}
                    ],
                },
            ],
            "conferences": [
                {
                    "conference_record": "conferenceRecords/a1",
                    "started_at": "2030-01-01T07:00:00Z",
                    "ended_at": "2030-01-01T08:00:00Z",
                }
            ],
        }

    def test_what_goes_on_has_no_end(self, api: Api) -> None:
        staying = attendee(0, None, display_name="Ana")
        api.time += timedelta(minutes=30)

        answer = attendance(api, hold(api, conference(staying, ended=None))).json

        assert answer["outcome"] == "unknown"
        assert answer["conferences"][0]["ended_at"] is None
        [guest] = answer["attendees"]
        assert (guest["left_at"], guest["sessions"][0]["left_at"]) == (None, None)
        assert guest["present_seconds"] == 9000

    def test_of_a_room_that_nobody_entered_there_is_nothing(self, api: Api) -> None:
        answer = attendance(api, hold(api)).json

        assert answer["outcome"] == "unknown"
        assert answer["together_seconds"] == 0
        assert not (answer["attendees"] or answer["overlaps"] or answer["conferences"])

    def test_it_names_no_address_and_no_google_account(self, api: Api) -> None:
        text = str(attendance(api, hold(api, conference(DOCTOR, PATIENT))).json)

        assert not [word for word in (ORGANIZER, GUEST, "users/") if word in text]


class TestRequest:
    def test_it_costs_one_read(self, api: Api) -> None:
        meeting_id = hold(api)

        attendance(api, meeting_id)

        assert api.store.asked == ["get"]

    def test_an_answer_that_is_known_is_not_sent_again(self, api: Api) -> None:
        meeting_id = hold(api, conference(DOCTOR, PATIENT))
        tag = attendance(api, meeting_id).headers["ETag"]

        again = attendance(api, meeting_id, **{"If-None-Match": tag})
        other = attendance(api, hold(api, conference(DOCTOR)), **{"If-None-Match": tag})

        assert (again.status, other.status) == (304, 200)

    @pytest.mark.parametrize("meeting_id", ["f" * 32, *STRANGE_IDS])
    def test_there_is_none_of_a_meeting_that_is_not_there(self, api: Api, meeting_id: str) -> None:
        answer = attendance(api, meeting_id)

        assert answer.status == 404

    def test_who_takes_part_may_not_read_it(self, api: Api) -> None:
        meeting_id = hold(api, conference(DOCTOR, PATIENT))
        for email in (ORGANIZER, GUEST):
            api.identify(UserRole.EXTERNAL, email)

            answer = attendance(api, meeting_id)

            assert (answer.status, answer.json["code"]) == (403, "forbidden")
            assert api.store.asked == []
