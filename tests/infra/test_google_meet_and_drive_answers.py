"""Answers that the double does not give: other spellings of Google's, and what is none of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.errors import GoneError, PermanentError, RetryableError
from functions.models import Attendee, AttendeeKind, Session, SpaceSettings
from infra.google_connections import Mailboxes
from infra.google_drive import GoogleDrive
from infra.google_meet import GoogleMeet
from tests.infra.appointment import meeting
from tests.infra.clinic import at
from tests.infra.loopback_google import LoopbackGoogle, refusal

SETTINGS = SpaceSettings(auto_recording=True)

RECORD = "conferenceRecords/c1"
CONFERENCE = {"name": RECORD, "startTime": "2030-05-06T12:00:00Z"}
RECORDING = {"name": f"{RECORD}/recordings/r1", "state": "STARTED"}
PARTICIPANT = {
    "name": f"{RECORD}/participants/1",
    "anonymousUser": {"displayName": "Leo"},
    "earliestStartTime": "2030-05-06T12:00:00Z",
}
SESSION = {"startTime": "2030-05-06T12:00:00Z"}
MEETING = meeting(meeting_code="abc-defg-hij", space_name="spaces/jQCFfuBOdN5z")


@pytest.fixture
def meet(mailboxes: Mailboxes, google: LoopbackGoogle) -> GoogleMeet:
    return GoogleMeet(mailboxes, google.url)


@pytest.fixture
def drive(mailboxes: Mailboxes, google: LoopbackGoogle) -> GoogleDrive:
    return GoogleDrive(mailboxes, google.url)


def without(resource: dict[str, Any], field: str) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if name != field}


def unreadable(call: Any, google: LoopbackGoogle, *answers: Any) -> None:
    google.answers.extend((200, answer) for answer in answers)
    with pytest.raises(RetryableError) as raised:
        call()
    assert raised.value.code == "google_unreadable"


class TestOtherSpellings:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("2030-05-06T12:00:00Z", datetime(2030, 5, 6, 12, tzinfo=UTC)),
            ("2030-05-06T12:00:00.1Z", datetime(2030, 5, 6, 12, 0, 0, 100_000, UTC)),
            ("2030-05-06T12:00:00.123456789Z", datetime(2030, 5, 6, 12, 0, 0, 123_456, UTC)),
            ("2030-05-06T07:00:00-05:00", datetime(2030, 5, 6, 12, tzinfo=UTC)),
        ],
    )
    def test_of_instants_down_to_nanoseconds_and_at_any_offset(
        self, meet: GoogleMeet, google: LoopbackGoogle, written: str, read: datetime
    ) -> None:
        google.answers.append((200, {"conferenceRecords": [CONFERENCE | {"startTime": written}]}))

        (conference,) = meet.list_conferences(MEETING, at(-60), at(60))

        assert conference.started_at == read
        assert conference.started_at.tzinfo is UTC

    @pytest.mark.parametrize("who", [{"anonymousUser": {}}, {"kioskUser": {"displayName": "9"}}])
    def test_of_attendees_nobody_knows_by_name(
        self, meet: GoogleMeet, google: LoopbackGoogle, who: dict[str, Any]
    ) -> None:
        participant = without(PARTICIPANT, "anonymousUser") | who
        google.answers.extend([(200, {"participants": [participant]}), (200, {})])

        assert meet.list_attendees(MEETING, RECORD) == (
            Attendee(
                display_name="",
                kind=AttendeeKind.ANONYMOUS,
                sessions=(Session(joined_at=at(0)),),
            ),
        )

    def test_of_sizes_beyond_32_bits(self, drive: GoogleDrive, google: LoopbackGoogle) -> None:
        google.answers.append((200, {"id": "1x", "trashed": False, "size": "1099511627776"}))

        file = drive.get_file(MEETING, "1x")

        assert (file.size_bytes, file.duration_seconds, file.url) == (2**40, None, None)

    def test_of_a_page_that_is_empty_before_the_last(
        self, meet: GoogleMeet, google: LoopbackGoogle
    ) -> None:
        last = (200, {"conferenceRecords": [CONFERENCE]})
        google.answers.extend([(200, {"nextPageToken": "2"}), last])

        assert len(meet.list_conferences(MEETING, at(-60), at(60))) == 1
        assert [call.query.get("pageToken") for call in google.api_calls] == [None, ["2"]]


class TestNoAnswerOfGoogles:
    @pytest.mark.parametrize("content", [b"<html>sign in</html>", b"[]", b"\xff", b"", b"{}"])
    def test_to_a_question_for_one_thing(
        self, meet: GoogleMeet, drive: GoogleDrive, google: LoopbackGoogle, content: bytes
    ) -> None:
        unreadable(lambda: meet.find_space(MEETING), google, content)
        unreadable(lambda: meet.apply_settings(MEETING, SETTINGS), google, content)
        unreadable(lambda: drive.get_file(MEETING, "1x"), google, content)

    @pytest.mark.parametrize("content", [b"<html>sign in</html>", b"[]", b"", b'{"ok": true}'])
    def test_passes_for_an_empty_list(
        self, meet: GoogleMeet, google: LoopbackGoogle, content: bytes
    ) -> None:
        unreadable(lambda: meet.list_conferences(MEETING, at(-60), at(60)), google, content)
        unreadable(lambda: meet.list_recordings(MEETING, RECORD), google, content)
        unreadable(lambda: meet.list_attendees(MEETING, RECORD), google, content)

    @pytest.mark.parametrize("name", ["", "spaces/", "spaces/a/b", 'spaces/a" OR', 7, None])
    def test_names_a_room(self, meet: GoogleMeet, google: LoopbackGoogle, name: Any) -> None:
        unreadable(lambda: meet.find_space(MEETING), google, {"name": name})

    @pytest.mark.parametrize(
        "conference",
        [
            "text",
            without(CONFERENCE, "name"),
            without(CONFERENCE, "startTime"),
            CONFERENCE | {"name": "conferenceRecords/c1/x"},
            CONFERENCE | {"startTime": "2030-05-06T12:00:00"},
            CONFERENCE | {"startTime": "0001-01-01T00:00:00+14:00"},
            CONFERENCE | {"endTime": "soon"},
            CONFERENCE | {"endTime": None},
        ],
    )
    def test_tells_of_a_conference(
        self, meet: GoogleMeet, google: LoopbackGoogle, conference: Any
    ) -> None:
        answer = {"conferenceRecords": [CONFERENCE, conference]}

        unreadable(lambda: meet.list_conferences(MEETING, at(-60), at(60)), google, answer)

    @pytest.mark.parametrize(
        "recording",
        [
            without(RECORDING, "state"),
            RECORDING | {"name": f"{RECORD}/transcripts/t1"},
            RECORDING | {"driveDestination": "1x"},
            RECORDING | {"driveDestination": {"file": 7}},
            RECORDING | {"driveDestination": {"exportUri": ["x"]}},
        ],
    )
    def test_tells_of_a_recording(
        self, meet: GoogleMeet, google: LoopbackGoogle, recording: Any
    ) -> None:
        unreadable(
            lambda: meet.list_recordings(MEETING, RECORD), google, {"recordings": [recording]}
        )

    @pytest.mark.parametrize(
        "participant",
        [
            without(PARTICIPANT, "earliestStartTime"),
            PARTICIPANT | {"name": f"{RECORD}/participants/1/x"},
            PARTICIPANT | {"anonymousUser": {"displayName": None}},
            PARTICIPANT | {"signedinUser": {"displayName": "Leo", "user": 7}},
        ],
    )
    def test_tells_of_an_attendee(
        self, meet: GoogleMeet, google: LoopbackGoogle, participant: Any
    ) -> None:
        answer = {"participants": [participant]}

        unreadable(lambda: meet.list_attendees(MEETING, RECORD), google, answer)

    def test_tells_of_a_session(self, meet: GoogleMeet, google: LoopbackGoogle) -> None:
        answers = {"participants": [PARTICIPANT]}, {"participantSessions": [{"name": "s"}]}

        unreadable(lambda: meet.list_attendees(MEETING, RECORD), google, *answers)

    @pytest.mark.parametrize(
        "file",
        [
            {"id": "another"},
            {"size": "many"},
            {"size": ["1"]},
            {"videoMediaMetadata": "x"},
            {"videoMediaMetadata": {"durationMillis": "x"}},
            {"webViewLink": 7},
        ],
    )
    def test_tells_of_a_file(
        self, drive: GoogleDrive, google: LoopbackGoogle, file: dict[str, Any]
    ) -> None:
        unreadable(lambda: drive.get_file(MEETING, "1x"), google, {"id": "1x"} | file)

    def test_leads_to_the_same_page_again_and_again(
        self, meet: GoogleMeet, google: LoopbackGoogle
    ) -> None:
        page = {"conferenceRecords": [CONFERENCE], "nextPageToken": "same"}

        unreadable(lambda: meet.list_conferences(MEETING, at(-60), at(60)), google, *[page] * 9)

        assert len(google.api_calls) == 2


class TestNotFound:
    @pytest.mark.parametrize("status", [404, 410])
    def test_of_a_room_is_forbidden_and_of_the_rest_gone(
        self, meet: GoogleMeet, drive: GoogleDrive, google: LoopbackGoogle, status: int
    ) -> None:
        google.answers.extend([refusal(status, "notFound")] * 6)

        for call in (
            lambda: meet.find_space(MEETING),
            lambda: meet.apply_settings(MEETING, SETTINGS),
            lambda: meet.list_conferences(MEETING, at(-60), at(60)),
        ):
            with pytest.raises(PermanentError) as raised:
                call()
            assert raised.value.code == "forbidden"
        for listing in (
            lambda: meet.list_recordings(MEETING, RECORD),
            lambda: meet.list_attendees(MEETING, RECORD),
            lambda: drive.get_file(MEETING, "1x"),
        ):
            with pytest.raises(GoneError):
                listing()
