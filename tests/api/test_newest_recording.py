"""meetings/{id}/recording/: the newest that is available, or why there is none."""

from datetime import timedelta
from typing import Any

import pytest

from functions.models import (
    CalendarState,
    CalendarSync,
    Meeting,
    MeetingStatus,
    RecordingState,
    RecordingSync,
    RecordingSyncState,
)
from tests.api.caller import MEETINGS, Api, content
from tests.api.parts import a_recording, films, register
from tests.values import a_meeting, put

NOON, ONE = "2030-01-02T12:00:00Z", "2030-01-02T13:00:00Z"
WAITING, PENDING, AVAILABLE, ABSENT, FAILED = RecordingSyncState


def searched(api: Api, state: RecordingSyncState, reason: str | None, **changes: Any) -> Meeting:
    sync = RecordingSync(state=state, reason=reason)
    meeting = a_meeting(recording_sync=sync, **changes)
    put(api.store.kept, meeting)
    return meeting


def newest(api: Api, meeting_id: str) -> Any:
    return api.get(f"{MEETINGS}{meeting_id}/recording/").json


class TestNewest:
    def test_it_is_the_recording_itself(self, api: Api) -> None:
        meeting_id = api.make()
        recording = register(api, meeting_id)

        answer = api.get(f"{MEETINGS}{meeting_id}/recording/")

        assert answer.status == 200
        assert answer.json == recording.json
        assert answer.headers["ETag"] == recording.headers["ETag"]

    def test_of_several_it_is_the_one_that_started_last(self, api: Api) -> None:
        meeting_id = api.make()
        late = register(api, meeting_id, drive_file_id="late-file-1", started_at=ONE).json
        api.time += timedelta(minutes=1)
        register(api, meeting_id, drive_file_id="early-file-1", started_at=NOON)

        assert newest(api, meeting_id) == late

    def test_one_whose_start_nobody_knows_counts_from_its_registration(self, api: Api) -> None:
        meeting_id = api.make()
        register(api, meeting_id, drive_file_id="old-file-01", started_at="2029-12-31T12:00:00Z")
        unknown = register(api, meeting_id, drive_file_id="unknown-file").json

        assert newest(api, meeting_id) == unknown

    def test_one_that_cannot_be_watched_does_not_count(self, api: Api) -> None:
        meeting_id = api.make()
        early = register(api, meeting_id, drive_file_id="early-file-1", started_at=NOON).json
        for state in ("PROCESSING", "MISSING"):
            register(api, meeting_id, drive_file_id=f"file-{state}", started_at=ONE, state=state)

        assert newest(api, meeting_id) == early

    def test_it_follows_what_happens_to_the_recordings(self, api: Api) -> None:
        meeting_id = api.make()
        early = register(api, meeting_id, drive_file_id="early-file-1", started_at=NOON).json
        late = register(
            api, meeting_id, drive_file_id="late-file-1", started_at=ONE, state="PROCESSING"
        ).json
        url = f"{films(meeting_id)}{late['id']}/"

        shown = [newest(api, meeting_id)["id"]]
        api.send("PATCH", url, **content({"state": "AVAILABLE"}))
        shown.append(newest(api, meeting_id)["id"])
        api.send("DELETE", url)
        shown.append(newest(api, meeting_id)["id"])

        assert shown == [early["id"], late["id"], early["id"]]

    def test_a_cancelled_meeting_still_shows_what_it_has(self, api: Api) -> None:
        meeting_id = api.make()
        recording = register(api, meeting_id).json
        api.delete(meeting_id)

        assert newest(api, meeting_id) == recording


class TestNone:
    @pytest.mark.parametrize(
        ("state", "reason", "code"),
        [
            (WAITING, None, "recording_pending"),
            (PENDING, None, "recording_pending"),
            (PENDING, "not_generated", "recording_pending"),
            (AVAILABLE, None, "recording_absent"),
            (ABSENT, None, "recording_absent"),
            (ABSENT, "not_recorded", "recording_absent"),
            (FAILED, None, "recording_failed"),
            (FAILED, "delegation_missing", "recording_failed"),
        ],
    )
    def test_the_code_and_the_reason_tell_how_the_search_stands(
        self, api: Api, state: RecordingSyncState, reason: str | None, code: str
    ) -> None:
        meeting = searched(api, state, reason)

        answer = api.get(f"{MEETINGS}{meeting.id}/recording/")

        assert (answer.status, answer.json["code"]) == (404, code)
        assert answer.json.get("reason") == reason

    def test_one_that_was_given_up_is_not_to_be_waited_for(self, api: Api) -> None:
        recordings = (a_recording(state=RecordingState.PROCESSING),)
        meeting = searched(api, RecordingSyncState.FAILED, "expired", recordings=recordings)

        problem = newest(api, meeting.id)

        assert (problem["code"], problem["reason"]) == ("recording_failed", "expired")

    def test_there_is_none_where_there_never_was_a_room(self, api: Api) -> None:
        calendar = CalendarSync(state=CalendarState.FAILED)
        meeting = searched(api, RecordingSyncState.WAITING, None, calendar=calendar)

        problem = newest(api, meeting.id)

        assert (problem["code"], problem["reason"]) == ("recording_absent", "no_room")

    @pytest.mark.parametrize("state", ["WAITING", "PENDING", "AVAILABLE", "ABSENT"])
    def test_a_recording_in_the_making_is_to_be_waited_for(self, api: Api, state: str) -> None:
        recordings = (
            a_recording(state=RecordingState.MISSING),
            a_recording(state=RecordingState.PROCESSING),
        )
        meeting = searched(api, RecordingSyncState(state), "any", recordings=recordings)

        problem = newest(api, meeting.id)

        assert (problem["code"], problem["reason"]) == ("recording_pending", "still_processing")

    def test_a_file_that_was_deleted_is_said_to_be(self, api: Api) -> None:
        recordings = (a_recording(state=RecordingState.MISSING),)
        meeting = searched(api, AVAILABLE, None, recordings=recordings)

        problem = newest(api, meeting.id)

        assert (problem["code"], problem["reason"]) == ("recording_absent", "file_deleted")

    @pytest.mark.parametrize("state", list(RecordingSyncState))
    def test_a_cancelled_meeting_will_have_none(self, api: Api, state: RecordingSyncState) -> None:
        recordings = (a_recording(state=RecordingState.PROCESSING),)
        meeting = searched(api, state, "any", status=MeetingStatus.CANCELLED, recordings=recordings)

        problem = newest(api, meeting.id)

        assert (problem["code"], problem["reason"]) == ("recording_absent", "cancelled")


class TestMeetingFollows:
    def test_its_recording_is_the_newest_available(self, api: Api) -> None:
        meeting_id = api.make()
        before = api.get(f"{MEETINGS}{meeting_id}/").json["recording"]

        recording = register(api, meeting_id).json

        after = api.get(f"{MEETINGS}{meeting_id}/").json["recording"]
        assert before is None
        assert {**after, "meeting": meeting_id} == recording

    def test_the_filter_finds_it_as_long_as_one_is_available(self, api: Api) -> None:
        meeting_id = api.make()
        seen: list[str] = []

        def look() -> None:
            for flag in ("true", "false"):
                found = api.get(f"{MEETINGS}?has_recording={flag}").json["results"]
                seen.extend(flag for meeting in found if meeting["id"] == meeting_id)

        look()
        recording = register(api, meeting_id, state="PROCESSING").json
        look()
        url = f"{films(meeting_id)}{recording['id']}/"
        for state in ("AVAILABLE", "MISSING", "AVAILABLE"):
            api.send("PATCH", url, **content({"state": state}))
            look()
        api.send("DELETE", url)
        look()

        assert seen == ["false", "false", "true", "false", "true", "false"]

    def test_the_change_moves_its_time_and_not_its_revision(self, api: Api) -> None:
        meeting_id = api.make()
        api.time += timedelta(minutes=5)

        register(api, meeting_id)

        meeting = api.get(f"{MEETINGS}{meeting_id}/").json
        assert meeting["updated_at"] == "2030-01-01T09:05:00Z"
        assert meeting["revision"] == 1
