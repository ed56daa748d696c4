"""POST recordings/sync/ of one meeting: it is looked at at once, whatever was known."""

from datetime import timedelta
from typing import Any

import pytest

from functions.errors import ConcurrentChange, PermanentError, RetryableError, UpstreamError
from functions.models import (
    CalendarSync,
    DueKind,
    MeetingStatus,
    RecordingReason,
    RecordingSync,
    RecordingSyncState,
    UserRole,
    new_id,
)
from functions.sweep import Sweeper
from tests.api.accounts import XOMA
from tests.api.caller import SYNC, Api, content
from tests.api.log import Log
from tests.api.reading import timeline
from tests.api.recording_sync.held import hold, is_due, kept, sync
from tests.values import NOW

SECOND = timedelta(seconds=1)
UNLOOKABLE: dict[str, dict[str, Any]] = {
    "cancelled": {"status": MeetingStatus.CANCELLED},
    "without a room": {"meeting_code": None},
    "yet to begin": {"start": NOW + SECOND},
}


class TestItIsLookedAt:
    def test_by_a_task_of_its_own(self, api: Api) -> None:
        meeting_id = hold(api)
        handed_over: list[str] = []
        api.recording_queue.deliver = handed_over.append

        answer = sync(api, meeting=meeting_id)

        assert answer.status == 202
        assert answer.json == {"started": [meeting_id], "cursor": None}
        assert handed_over == [meeting_id]
        assert api.queue.names == []
        [due] = api.store.kept.due(DueKind.RECORDINGS, api.time)
        assert due.meeting.id == meeting_id

    def test_from_its_start_on(self, api: Api) -> None:
        assert sync(api, meeting=hold(api, NOW)).status == 202

    @pytest.mark.parametrize("state", RecordingSyncState)
    @pytest.mark.parametrize("due_in", [None, timedelta(days=1), -SECOND])
    def test_whatever_was_known(
        self, api: Api, state: RecordingSyncState, due_in: timedelta | None
    ) -> None:
        due_at = None if due_in is None else NOW + due_in
        before = RecordingSync(
            state=state, due_at=due_at, attempts=3, reason=RecordingReason.EXPIRED
        )
        meeting_id = hold(api, status=MeetingStatus.FINISHED, recording_sync=before)

        assert sync(api, meeting=meeting_id).status == 202

        assert kept(api, meeting_id).recording_sync == before.replace(due_at=NOW)

    def test_and_the_journal_says_who_asked(self, api: Api) -> None:
        api.identify(UserRole.SERVICE, XOMA)
        meeting_id = hold(api)
        headers = {"X-Request-Id": "request-1"}

        api.send("POST", SYNC, **content({"meeting": meeting_id}), headers=headers)

        assert timeline(api, meeting_id)[1] == {
            "sequence": 2,
            "kind": "recordings.requested",
            "occurred_at": "2030-01-01T09:00:00Z",
            "by": XOMA,
            "revision": 1,
            "request_id": "request-1",
            "details": {},
            "google_calls": [],
        }

    def test_again_a_moment_later(self, api: Api) -> None:
        meeting_id = hold(api)
        sync(api, meeting=meeting_id)
        api.time += SECOND

        sync(api, meeting=meeting_id)

        assert is_due(api, meeting_id)
        assert len(api.recording_queue.names) == 2

    def test_and_its_calendar_event_is_left_alone(self, api: Api) -> None:
        meeting_id = hold(api)
        before = kept(api, meeting_id)

        sync(api, meeting=meeting_id)

        after = kept(api, meeting_id)
        assert (after.revision, after.calendar) == (before.revision, before.calendar)


class TestItIsRefused:
    @pytest.mark.parametrize("why", UNLOOKABLE)
    def test_where_meet_has_nothing_to_tell(self, api: Api, why: str) -> None:
        meeting_id = hold(api, **UNLOOKABLE[why])
        before = kept(api, meeting_id)

        answer = sync(api, meeting=meeting_id)

        assert (answer.status, answer.json["code"]) == (409, "nothing_to_look_at")
        assert kept(api, meeting_id) == before
        assert api.recording_queue.names == []

    def test_where_there_is_no_such_meeting(self, api: Api) -> None:
        answer = sync(api, meeting=new_id())

        assert (answer.status, answer.json["code"]) == (404, "meeting_not_found")

    def test_to_external_callers_of_their_own_meeting_too(self, api: Api) -> None:
        meeting_id = hold(api)
        api.identify(UserRole.EXTERNAL, kept(api, meeting_id).organizer_email)

        answer = sync(api, meeting=meeting_id)

        assert (answer.status, answer.json["code"]) == (403, "forbidden")
        assert not is_due(api, meeting_id)


class TestSomethingIsAway:
    @pytest.mark.parametrize("kind", [RetryableError, PermanentError])
    def test_the_queue_and_the_sweep_makes_it_good(
        self, api: Api, log: Log, kind: type[UpstreamError]
    ) -> None:
        meeting_id = hold(api, calendar=CalendarSync())
        api.recording_queue.error = kind("queue_away", "doctor@clinica.com")

        answer = sync(api, meeting=meeting_id)

        assert (answer.status, answer.json["started"]) == (202, [meeting_id])
        line = log.only("task not enqueued")
        assert (line["meeting_id"], line["code"]) == (meeting_id, "queue_away")
        assert not any("doctor@" in text for text in log.text)
        api.recording_queue.error = None
        handed_over: list[str] = []
        api.recording_queue.deliver = handed_over.append
        Sweeper(api.store.kept, api.queue, api.recording_queue, api.now).sweep()
        assert handed_over == [meeting_id]

    def test_the_store_and_nothing_is_begun(self, api: Api) -> None:
        meeting_id = hold(api)
        api.store.write_error = RetryableError("store_unavailable", "away")

        answer = sync(api, meeting=meeting_id)

        assert (answer.status, answer.json["reason"]) == (503, "store_unavailable")
        assert api.recording_queue.names == []

    def test_every_race_is_lost_and_the_caller_is_told(self, api: Api) -> None:
        meeting_id = hold(api)
        api.store.write_error = ConcurrentChange()

        answer = sync(api, meeting=meeting_id)

        assert (answer.status, answer.json["code"]) == (409, "concurrent_change")
        assert api.recording_queue.names == []
