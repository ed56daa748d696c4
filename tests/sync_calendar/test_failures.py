"""What Google refuses, for good or for now."""

from datetime import timedelta
from typing import Any

import pytest

from functions.errors import RetryableError
from functions.models import CalendarState, DueKind, MeetingStatus
from tests.sync_calendar.world import DELETE, INSERT, PATCH, World
from tests.values import NOW


class TestFailures:
    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            ({"status": 403, "reason": "forbiddenForServiceAccounts"}, "delegation_not_used"),
            ({"status": 403, "reason": "accessNotConfigured"}, "api_disabled"),
            ({"status": 404, "reason": "notFound"}, "calendar_not_found"),
            ({"status": 400, "reason": "invalid"}, "request_rejected"),
        ],
    )
    def test_a_permanent_one_ends_on_the_meeting(
        self, world: World, fault: dict[str, Any], code: str
    ) -> None:
        world.double.faults.add(method=INSERT, **fault)
        meeting = world.meeting()

        failed = world.sync(meeting.id)

        assert failed.status is MeetingStatus.CREATED
        assert failed.calendar.state is CalendarState.FAILED
        assert failed.calendar.error is not None
        assert failed.calendar.error.code == code
        assert len(failed.calendar.error.detail) > 20
        assert list(world.store.due(DueKind.CALENDAR, world.time + timedelta(days=9))) == []

    @pytest.mark.parametrize(
        "fault",
        [
            {"status": 503},
            {"status": 429, "reason": "rateLimitExceeded"},
            {"status": 403, "reason": "userRateLimitExceeded"},
            {"html": True},
            {"reset": True},
            {"malformed": True},
        ],
    )
    def test_a_passing_one_is_tried_again_and_makes_one_event(
        self, world: World, fault: dict[str, Any]
    ) -> None:
        world.double.faults.add(method=INSERT, **fault)
        meeting = world.meeting()

        with pytest.raises(RetryableError):
            world.sync(meeting.id)
        waiting = world.store.get(meeting.id).meeting.calendar
        assert waiting.state is CalendarState.PENDING
        assert waiting.error is not None
        assert waiting.attempts == 1
        world.sync(meeting.id)

        world.assert_matches(meeting.id)
        assert [mail.kind for mail in world.double.mail] == ["invite"]

    @pytest.mark.parametrize("method", [INSERT, PATCH, DELETE])
    def test_a_lost_answer_is_found_out_about(self, world: World, method: str) -> None:
        meeting = world.meeting()
        if method != INSERT:
            world.sync(meeting.id)
        if method == PATCH:
            world.change(meeting.id, summary="Second")
        if method == DELETE:
            world.cancel(meeting.id)
        world.double.faults.add(method=method, lose_answer=True)

        world.sync(meeting.id)

        world.assert_matches(meeting.id)
        assert len(world.double.mail) == (1 if method == INSERT else 2)

    def test_one_that_lasts_is_tried_again_ever_less_often(self, world: World) -> None:
        world.double.faults.add(method=INSERT, status=503, times=3)
        meeting = world.meeting()

        pauses = []
        for minutes in (0, 10, 300):
            world.time = NOW + timedelta(minutes=minutes)
            with pytest.raises(RetryableError):
                world.sync(meeting.id)
            due_at = world.store.get(meeting.id).meeting.calendar.due_at
            assert due_at is not None
            pauses.append((due_at - world.time).total_seconds() / 60)

        assert pauses == [1, 10, 60]

    def test_a_use_limit_is_tried_again_hours_later(self, world: World) -> None:
        world.double.faults.add(method=INSERT, status=403, reason="quotaExceeded")
        meeting = world.meeting()

        waiting = world.sync(meeting.id)

        assert waiting.calendar.state is CalendarState.PENDING
        assert list(world.store.due(DueKind.CALENDAR, world.time + timedelta(hours=1))) == []
        assert len(list(world.store.due(DueKind.CALENDAR, world.time + timedelta(hours=3)))) == 1

    def test_a_change_reopens_what_failed(self, world: World) -> None:
        world.double.faults.add(method=INSERT, status=403, reason="accessNotConfigured")
        meeting = world.meeting()
        world.sync(meeting.id)

        world.change(meeting.id, summary="Again")
        world.sync(meeting.id)

        world.assert_matches(meeting.id)

    def test_an_appointment_that_is_over_gets_no_event(self, world: World) -> None:
        meeting = world.meeting()
        world.time = meeting.scheduled_end

        failed = world.sync(meeting.id)

        assert failed.calendar.error is not None
        assert failed.calendar.error.code == "appointment_over"
        assert world.double.count(INSERT) == 0

    def test_a_simulated_meeting_never_reaches_google(self, world: World) -> None:
        failed = world.sync(world.meeting(livemode=False).id)

        assert failed.calendar.error is not None
        assert failed.calendar.error.code == "livemode_changed"
        assert world.double.calls == []
