"""GET meetings/{id}/timeline/: what was asked of Google, and what Google said."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.caller import MEETINGS, Api, a_body
from tests.api.reading import timeline

OK = "ok"


def last(api: Api, meeting_id: str) -> tuple[str, dict[str, Any], list[tuple[str, str]]]:
    """Return the last entry's kind and details, and its calls with their outcomes."""
    entry = timeline(api, meeting_id)[-1]
    calls = [(call["method"], call["outcome"]) for call in entry["google_calls"]]
    return entry["kind"], entry["details"], calls


class TestOutcome:
    def test_a_new_event_is_one_call(self, api: Api) -> None:
        meeting_id = api.make()
        api.time += timedelta(seconds=2)

        api.sync(meeting_id)

        assert timeline(api, meeting_id)[1] == {
            "sequence": 2,
            "kind": "calendar.synced",
            "occurred_at": "2030-01-01T09:00:02Z",
            "by": "sync_calendar",
            "revision": 1,
            "request_id": None,
            "details": {},
            "google_calls": [{"method": "events.insert", "outcome": "ok"}],
        }

    def test_a_moved_event_is_looked_at_first(self, api: Api) -> None:
        meeting_id = api.make()
        api.sync(meeting_id)
        api.patch(meeting_id, {"summary": "Other"})

        api.sync(meeting_id)

        kind, details, calls = last(api, meeting_id)
        assert (kind, details) == ("calendar.synced", {})
        assert calls[0] == ("events.get", OK)
        assert timeline(api, meeting_id)[-1]["revision"] == 2

    def test_a_cancelled_event_is_deleted(self, api: Api) -> None:
        meeting_id = api.make()
        api.sync(meeting_id)
        api.delete(meeting_id)

        api.sync(meeting_id)

        assert last(api, meeting_id) == ("calendar.synced", {}, [("events.delete", OK)])

    @pytest.mark.parametrize(
        "code", ["forbidden", "delegation_missing", "organizer_unusable", "invalid_attendee"]
    )
    def test_a_failure_for_good_is_told_by_its_code(self, api: Api, code: str) -> None:
        meeting_id = api.make(external_reference=f"sim-fail-{code}-1")

        api.sync(meeting_id)

        assert last(api, meeting_id) == (
            "calendar.failed",
            {"code": code},
            [("events.insert", code)],
        )

    @pytest.mark.parametrize("code", ["google_unavailable", "rate_limited", "daily_limit_exceeded"])
    def test_a_failure_for_now_is_postponed(self, api: Api, code: str) -> None:
        meeting_id = api.make(external_reference=f"sim-fail-{code}-1")

        api.sync(meeting_id)

        assert last(api, meeting_id) == (
            "calendar.postponed",
            {"code": code},
            [("events.insert", code)],
        )

    def test_each_attempt_has_an_entry_of_its_own_with_its_calls_alone(self, api: Api) -> None:
        meeting_id = api.make(external_reference="sim-transient-2-1")

        for _ in range(3):
            api.sync(meeting_id)

        told = [(e["kind"], e["google_calls"]) for e in timeline(api, meeting_id)[1:]]
        away = "google_unavailable"
        assert told == [
            ("calendar.postponed", [{"method": "events.insert", "outcome": away}]),
            ("calendar.postponed", [{"method": "events.get", "outcome": away}]),
            ("calendar.synced", [{"method": "events.get", "outcome": OK}]),
        ]

    def test_a_room_that_does_not_come_is_asked_for_again_and_again(self, api: Api) -> None:
        meeting_id = api.make(external_reference="sim-link-never-1")

        api.sync(meeting_id)

        assert last(api, meeting_id) == (
            "calendar.postponed",
            {"code": "conference_pending"},
            [("events.insert", OK), *[("events.get", OK)] * 4],
        )

    def test_a_room_that_fails_is_requested_anew_before_it_is_given_up(self, api: Api) -> None:
        meeting_id = api.make(external_reference="sim-room-fails-1")

        api.sync(meeting_id)

        assert last(api, meeting_id) == (
            "calendar.failed",
            {"code": "conference_failed"},
            [("events.insert", OK), ("events.patch", OK), ("events.patch", OK)],
        )

    def test_a_misspelt_script_is_seen(self, api: Api) -> None:
        meeting_id = api.make(external_reference="sim-fial-forbidden-1")

        api.sync(meeting_id)

        assert last(api, meeting_id)[:2] == ("calendar.failed", {"code": "unknown_simulation"})

    def test_no_call_is_told_where_none_was_made(self, api: Api) -> None:
        meeting_id = api.make()
        api.time += timedelta(days=2)

        api.sync(meeting_id)

        assert last(api, meeting_id) == ("calendar.failed", {"code": "appointment_over"}, [])

    def test_a_task_that_finds_nothing_to_do_leaves_no_entry(self, api: Api) -> None:
        meeting_id = api.make()
        api.sync(meeting_id)

        api.sync(meeting_id)

        assert len(timeline(api, meeting_id)) == 2


class TestRequest:
    def test_whose_task_it_was_is_told(self, api: Api) -> None:
        api.queue.deliver = api.sync

        made = api.post(a_body(), headers={"X-Request-Id": "request-1"})

        entries = timeline(api, made.json["id"])
        assert [(e["kind"], e["request_id"], e["by"]) for e in entries] == [
            ("meeting.created", "request-1", "local@localhost"),
            ("calendar.synced", "request-1", "sync_calendar"),
        ]

    def test_a_retry_has_its_own_entry_before_its_outcome(self, api: Api) -> None:
        meeting_id = api.make(external_reference="sim-fail-forbidden-1")
        api.sync(meeting_id)

        api.queue.deliver = api.sync
        api.send("POST", f"{MEETINGS}{meeting_id}/retry/", headers={"X-Request-Id": "request-2"})

        entries = timeline(api, meeting_id)[2:]
        assert [(e["kind"], e["request_id"]) for e in entries] == [
            ("meeting.retried", "request-2"),
            ("calendar.failed", "request-2"),
        ]

    def test_nothing_of_a_failure_but_its_code_is_told(self, api: Api) -> None:
        meeting_id = api.make(external_reference="sim-fail-forbidden-1")
        api.sync(meeting_id)

        entry = timeline(api, meeting_id)[-1]

        detail = api.get(f"{MEETINGS}{meeting_id}/").json["calendar"]["error"]["detail"]
        assert detail not in str(entry)
