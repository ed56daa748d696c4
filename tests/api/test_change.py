"""PATCH meetings/{id}/: what may change, and what is refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.errors import RetryableError
from functions.models import OVERDUE_AFTER, DueKind
from tests.api.caller import END, MEETINGS, START, Api, faults
from tests.api.reading import timeline
from tests.values import GUEST, NOW

DUE_AT = "2030-01-01T09:01:00Z"
MEDIA_TYPE = "application/merge-patch+json"


class TestChange:
    def test_times_move_and_the_link_stays(self, api: Api) -> None:
        meeting_id = api.make()
        api.sync(meeting_id)
        before = api.get(f"{MEETINGS}{meeting_id}/").json
        times = {
            "scheduled_start": "2030-01-05T09:30:00Z",
            "scheduled_end": "2030-01-05T10:00:00Z",
        }

        answer = api.patch(meeting_id, times)

        assert answer.status == 200
        assert answer.json == {
            **before,
            **times,
            "revision": 2,
            "calendar": {
                **before["calendar"],
                "state": "PENDING",
                "due_at": "2030-01-01T09:01:00Z",
            },
            "recording_sync": {**before["recording_sync"], "due_at": "2030-01-05T09:35:00Z"},
        }
        assert answer.json["meet_link"]
        assert api.get(f"{MEETINGS}{meeting_id}/").json == answer.json
        assert api.queue.names == [f"{meeting_id}-1", f"{meeting_id}-2"]

    @pytest.mark.parametrize(
        ("field", "sent", "kept"),
        [
            ("scheduled_start", "2030-01-02T15:30:00Z", "2030-01-02T15:30:00Z"),
            ("scheduled_end", "2030-01-02T18:00:00+01:00", "2030-01-02T17:00:00Z"),
            ("summary", "  Other ñ  ", "Other ñ"),
            ("description", "Text\nof two lines", "Text\nof two lines"),
            ("time_zone", "America/Bogota", "America/Bogota"),
            ("notify", "none", "none"),
            ("external_reference", " ref\u00a02 ", "ref\u00a02"),
        ],
    )
    def test_one_field_alone(self, api: Api, field: str, sent: str, kept: str) -> None:
        meeting_id = api.make()
        before = api.get(f"{MEETINGS}{meeting_id}/").json

        after = api.patch(meeting_id, {field: sent}).json

        assert after == {**before, field: kept, "revision": 2}

    def test_null_clears_the_description(self, api: Api) -> None:
        meeting_id = api.make(description="Text")

        assert api.patch(meeting_id, {"description": None}).json["description"] is None

    def test_a_merge_patch_may_say_that_it_is_one(self, api: Api) -> None:
        meeting_id = api.make()

        answer = api.patch(meeting_id, {"summary": "Other"}, content_type=MEDIA_TYPE)

        assert answer.json["summary"] == "Other"

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"summary": "Appointment"},
            {"description": None},
            {"external_reference": None},
            {"notify": "all"},
            {"scheduled_start": START, "scheduled_end": END, "time_zone": "UTC"},
            {"scheduled_start": "2030-01-02T16:00:00+01:00"},
        ],
    )
    def test_what_changes_nothing_does_nothing(self, api: Api, body: dict[str, Any]) -> None:
        meeting_id = api.make()
        before = api.get(f"{MEETINGS}{meeting_id}/").json
        api.time += timedelta(minutes=1)

        answer = api.patch(meeting_id, body)

        assert answer.status == 200
        assert answer.json == before
        assert api.queue.names == [f"{meeting_id}-1"]
        assert [entry["kind"] for entry in timeline(api, meeting_id)] == ["meeting.created"]

    def test_a_queue_that_fails_leaves_the_change_to_the_sweep(self, api: Api) -> None:
        meeting_id = api.make()
        api.sync(meeting_id)
        api.queue.error = RetryableError("queue_unavailable", "away")

        assert api.patch(meeting_id, {"summary": "Other"}).status == 200

        [due] = api.store.kept.due(DueKind.CALENDAR, NOW + OVERDUE_AFTER)
        assert due.meeting.summary == "Other"


class TestUnderWay:
    def test_a_meeting_that_has_begun_can_be_made_longer(self, api: Api) -> None:
        meeting_id = api.make()
        api.time = datetime.fromisoformat(START) + timedelta(minutes=30)
        longer = {"scheduled_start": START, "scheduled_end": "2030-01-02T17:00:00Z"}

        answer = api.patch(meeting_id, longer)

        assert answer.status == 200
        assert answer.json["scheduled_end"] == "2030-01-02T17:00:00Z"

    def test_its_start_can_not_be_moved_within_the_past(self, api: Api) -> None:
        meeting_id = api.make()
        api.time = datetime.fromisoformat(START) + timedelta(minutes=30)

        answer = api.patch(meeting_id, {"scheduled_start": "2030-01-02T15:10:00Z"})

        assert faults(answer) == [("/scheduled_start", "in_the_past")]


class TestBadChange:
    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"scheduled_start": END}, [("/scheduled_start", "reversed_times")]),
            ({"scheduled_end": START}, [("/scheduled_end", "reversed_times")]),
            ({"scheduled_end": "2030-01-03T15:00:01Z"}, [("/scheduled_end", "too_long")]),
            ({"scheduled_start": "2030-01-01T15:59:59Z"}, [("/scheduled_start", "too_long")]),
            ({"scheduled_start": None}, [("/scheduled_start", "null")]),
            ({"external_reference": ""}, [("/external_reference", "empty")]),
            ({"external_reference": 5}, [("/external_reference", "wrong_type")]),
            ({"scheduled_start": "2029-12-31T23:00:00Z"}, [("/scheduled_start", "in_the_past")]),
            (
                {"scheduled_start": END, "scheduled_end": START, "x": 1},
                [("/scheduled_end", "reversed_times"), ("/x", "unknown_field")],
            ),
            ({"summary": None}, [("/summary", "null")]),
            ({"scheduled_end": None}, [("/scheduled_end", "null")]),
            ({"time_zone": None}, [("/time_zone", "null")]),
            ({"notify": None}, [("/notify", "null")]),
            ({"summary": " "}, [("/summary", "empty")]),
            ({"description": 5}, [("/description", "wrong_type")]),
            ({"summary": "a\x00"}, [("/summary", "control_character")]),
            ({"time_zone": "Mars/Olympus"}, [("/time_zone", "unknown_time_zone")]),
            ({"notify": "everybody"}, [("/notify", "unknown_value")]),
            ({"summry": "Other"}, [("/summry", "unknown_field")]),
            ({"~/": 1}, [("/~0~1", "unknown_field")]),
            ({"id": "x"}, [("/id", "immutable")]),
            ({"status": "CANCELLED"}, [("/status", "immutable")]),
            ({"meet_link": None}, [("/meet_link", "immutable")]),
            ({"organizer_email": GUEST}, [("/organizer_email", "immutable")]),
            ({"invited_emails": []}, [("/invited_emails", "immutable")]),
            ({"participants": []}, [("/participants", "immutable")]),
            ({"organizer_email": "x@y.es"}, [("/organizer_email", "immutable")]),
            ({"recording": None}, [("/recording", "immutable")]),
            ({"revision": 9}, [("/revision", "immutable")]),
            (
                {"livemode": True, "summary": "", "x": None},
                [("/summary", "empty"), ("/livemode", "immutable"), ("/x", "unknown_field")],
            ),
        ],
    )
    def test_every_fault_is_named_and_nothing_changes(
        self, api: Api, body: dict[str, Any], expected: list[tuple[str, str]]
    ) -> None:
        meeting_id = api.make()
        before = api.get(f"{MEETINGS}{meeting_id}/").json

        assert faults(api.patch(meeting_id, body)) == expected

        assert api.get(f"{MEETINGS}{meeting_id}/").json == before
        assert len(api.queue.names) == 1

    @pytest.mark.parametrize("body", ["", "[]", "null", '{"summary": "a", "summary": "b"}', "{"])
    def test_what_is_no_json_object_is_refused(self, api: Api, body: str) -> None:
        assert len(faults(api.patch(api.make(), body))) == 1

    def test_a_meeting_that_runs_may_end_later(self, api: Api) -> None:
        meeting_id = api.make()
        api.time = NOW + timedelta(days=1, hours=6, minutes=30)

        answer = api.patch(meeting_id, {"scheduled_end": "2030-01-02T16:30:00Z"})

        assert answer.status == 200

    @pytest.mark.parametrize("body", [{"summary": "Other"}, {}])
    def test_a_cancelled_meeting_changes_no_more(self, api: Api, body: dict[str, Any]) -> None:
        meeting_id = api.make()
        api.delete(meeting_id)

        answer = api.patch(meeting_id, body)

        assert answer.status == 409
        assert answer.json["code"] == "invalid_transition"
        assert answer.json["meeting_status"] == "CANCELLED"
