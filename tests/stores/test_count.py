"""How many links are waited for: of meetings that were never at Google, and may get there."""

from datetime import timedelta

import pytest

from functions.models import Meeting, SyncError
from functions.ports import MeetingStore
from tests.values import NOW, a_meeting, put

LATER = NOW + timedelta(minutes=1)
ERROR = SyncError(code="organizer_unusable", detail="The account is suspended.")


def test_nobody_waits_where_there_is_no_meeting(store: MeetingStore) -> None:
    assert store.count_waiting(LATER) == 0


def test_what_is_new_or_tried_again_waits(store: MeetingStore) -> None:
    put(store, a_meeting(created_at=NOW))
    put(store, a_meeting(created_at=NOW).postponed(NOW, ERROR, None))
    put(store, a_meeting(created_at=NOW).changed(NOW, summary="Renamed"))

    assert store.count_waiting(LATER) == 3


@pytest.mark.parametrize(
    "meeting",
    [
        a_meeting(created_at=NOW).synced(NOW),
        a_meeting(created_at=NOW).synced(NOW).changed(NOW, summary="Renamed"),
        a_meeting(created_at=NOW).failed(NOW, ERROR),
        a_meeting(created_at=NOW).cancelled(NOW, "xoma@clinica.com"),
    ],
    ids=["has its link", "has its link and is changed", "failed", "cancelled"],
)
def test_what_has_its_link_or_gets_none_does_not(store: MeetingStore, meeting: Meeting) -> None:
    put(store, meeting)

    assert store.count_waiting(LATER) == 0


def test_only_what_was_asked_for_by_then_is_counted(store: MeetingStore) -> None:
    for minutes in (0, 1, 2):
        put(store, a_meeting(created_at=NOW - timedelta(minutes=minutes)))

    assert [store.count_waiting(NOW - timedelta(minutes=n)) for n in (2, 1, 0)] == [0, 1, 2]
