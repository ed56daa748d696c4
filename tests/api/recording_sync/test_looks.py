"""POST recordings/sync/ and the looks that it brings about, one after the other and at once."""

from collections.abc import Callable
from datetime import datetime

import pytest

from functions.hourly_warnings import HourlyWarnings
from functions.models import (
    ConferenceRecord,
    Meeting,
    MeetingStatus,
    RecordingReason,
    RecordingSync,
    RecordingSyncState,
)
from functions.sync_recording import RecordingSynchronizer
from infra.embedded.allowances import EmbeddedAllowanceStore
from infra.mock_workspace import MockDrive, MockMeet
from tests.api.contract import Contract
from tests.api.keyed import KeyedApi
from tests.api.reading import timeline
from tests.api.recording_sync.held import hold, kept, sync

GIVEN_UP = RecordingSync(state=RecordingSyncState.FAILED, reason=RecordingReason.SCOPE_MISSING)
NONE_THERE = RecordingSync(
    state=RecordingSyncState.ABSENT, reason=RecordingReason.EDITION_WITHOUT_RECORDING
)


class Asked(MockMeet):
    """Calls back once while it is asked."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(now)
        self.meanwhile: Callable[[], object] = int

    def list_conferences(
        self, meeting: Meeting, started_from: datetime, started_to: datetime
    ) -> tuple[ConferenceRecord, ...]:
        act, self.meanwhile = self.meanwhile, int
        act()
        return super().list_conferences(meeting, started_from, started_to)


class Looking(KeyedApi):
    """The API, and what its tasks call."""

    def __init__(self, contract: Contract) -> None:
        super().__init__(contract)
        self.meet = Asked(self.now)
        allowances = EmbeddedAllowanceStore(self.store.database)
        self.looks = RecordingSynchronizer(
            self.store.kept,
            self.meet,
            MockDrive(self.now),
            HourlyWarnings(allowances, self.now),
            self.now,
        )


@pytest.fixture
def api(contract: Contract) -> Looking:
    return Looking(contract)


def kinds(api: Looking, meeting_id: str) -> list[str]:
    return [entry["kind"] for entry in timeline(api, meeting_id)]


class TestLook:
    @pytest.mark.parametrize("before", [GIVEN_UP, NONE_THERE])
    def test_finds_what_was_given_up_or_thought_absent(
        self, api: Looking, before: RecordingSync
    ) -> None:
        meeting_id = hold(api, recording_sync=before, status=MeetingStatus.SCHEDULED)
        api.recording_queue.deliver = api.looks.sync
        assert api.looks.sync(meeting_id).recording_sync == before

        sync(api, meeting=meeting_id)

        found = kept(api, meeting_id)
        assert found.status is MeetingStatus.FINISHED
        assert found.recording_sync.state is RecordingSyncState.AVAILABLE
        assert len(found.recordings) == 1
        assert kinds(api, meeting_id)[1:] == ["recordings.requested", "meeting.finished"]

    def test_that_was_under_way_begins_again_and_loses_nothing(self, api: Looking) -> None:
        meeting_id = hold(api, status=MeetingStatus.SCHEDULED)
        sync(api, meeting=meeting_id)
        api.meet.meanwhile = lambda: sync(api, meeting=meeting_id)

        api.looks.sync(meeting_id)

        assert kept(api, meeting_id).recording_sync.state is RecordingSyncState.AVAILABLE
        assert [entry["sequence"] for entry in timeline(api, meeting_id)] == [1, 2, 3, 4]
        assert kinds(api, meeting_id)[1:] == [
            *("recordings.requested", "recordings.requested", "meeting.finished")
        ]

    def test_that_is_saved_before_the_request_stays_and_another_is_due(self, api: Looking) -> None:
        due = RecordingSync(due_at=api.time)
        meeting_id = hold(api, recording_sync=due, status=MeetingStatus.SCHEDULED)
        api.steps.on("before save", lambda: api.looks.sync(meeting_id))

        answer = sync(api, meeting=meeting_id)

        after = kept(api, meeting_id)
        assert answer.status == 202
        assert after.recording_sync.state is RecordingSyncState.AVAILABLE
        assert after.recording_sync.due_at == api.time
        assert kinds(api, meeting_id)[1:] == ["meeting.finished", "recordings.requested"]
