"""DELETE meetings/{id}/: the meeting is cancelled and stays readable."""

from datetime import timedelta
from typing import Any

import pytest

from functions.models import MeetingStatus
from tests.api.caller import MEETINGS, Api, a_body, content, faults
from tests.api.reading import timeline
from tests.values import a_meeting, put


class TestCancel:
    def test_the_meeting_is_cancelled_and_google_is_to_know(self, api: Api) -> None:
        meeting_id = api.make()
        before = api.get(f"{MEETINGS}{meeting_id}/").json
        api.time += timedelta(minutes=1)

        answer = api.delete(meeting_id)

        assert answer.status == 200
        assert answer.json == {
            **before,
            "status": "CANCELLED",
            "revision": 2,
            "updated_at": "2030-01-01T09:01:00Z",
            "cancelled_at": "2030-01-01T09:01:00Z",
            "cancelled_by": "local@localhost",
            "calendar": {**before["calendar"], "due_at": "2030-01-01T09:02:00Z"},
        }
        assert api.queue.names == [f"{meeting_id}-1", f"{meeting_id}-2"]

    def test_once_more_gives_the_same_answer_and_does_nothing(self, api: Api) -> None:
        meeting_id = api.make()
        first = api.delete(meeting_id)
        api.time += timedelta(minutes=1)

        again = api.delete(meeting_id)

        assert (again.status, again.json) == (first.status, first.json)
        assert len(api.queue.names) == 2

    def test_a_body_may_say_why(self, api: Api) -> None:
        meeting_id = api.make()

        answer = api.delete(meeting_id, **content({"reason": "The doctor is ill."}))

        assert answer.status == 200
        assert answer.json["cancel_reason"] == "The doctor is ill."
        assert timeline(api, meeting_id)[-1]["details"] == {"reason": "The doctor is ill."}

    @pytest.mark.parametrize("request_body", [{}, content({}), content({"reason": None})])
    def test_nobody_needs_to_say_why(self, api: Api, request_body: dict[str, Any]) -> None:
        meeting_id = api.make()

        answer = api.delete(meeting_id, **request_body)

        assert answer.status == 200
        assert answer.json["cancel_reason"] is None
        assert timeline(api, meeting_id)[-1]["details"] == {}

    def test_another_reason_does_not_replace_the_first(self, api: Api) -> None:
        meeting_id = api.make()
        first = api.delete(meeting_id, **content({"reason": "The doctor is ill."}))

        again = api.delete(meeting_id, **content({"reason": "No room."}))

        assert (again.status, again.json) == (200, first.json)
        kinds = [entry["kind"] for entry in timeline(api, meeting_id)]
        assert kinds == ["meeting.created", "meeting.cancelled"]

    def test_the_reference_is_free_again_and_stays_with_who_takes_it(self, api: Api) -> None:
        meeting_id = api.make(external_reference="ref-1")
        cancelled = api.delete(meeting_id)
        other = api.make(external_reference="ref-1")

        api.delete(meeting_id)

        taken = api.post(a_body(external_reference="ref-1", summary="Other"))
        assert cancelled.json["external_reference"] == "ref-1"
        assert taken.json["existing_id"] == other

    def test_a_finished_meeting_can_not_be_cancelled(self, api: Api) -> None:
        meeting = a_meeting(status=MeetingStatus.FINISHED)
        put(api.store.kept, meeting)

        answer = api.delete(meeting.id)

        assert answer.status == 409
        assert answer.json["code"] == "invalid_transition"
        assert answer.json["meeting_status"] == "FINISHED"
        assert api.store.kept.get(meeting.id).meeting == meeting

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ("{nonsense", [("", "not_json")]),
            ({"reason": 5}, [("/reason", "wrong_type")]),
            ({"why": "x"}, [("/why", "unknown_field")]),
            ({"reason": "x" * 4001}, [("/reason", "too_long")]),
            ({"reason": "a\x00"}, [("/reason", "control_character")]),
            ([], [("", "not_an_object")]),
        ],
    )
    def test_a_body_that_says_something_else_is_refused(
        self, api: Api, body: Any, expected: list[tuple[str, str]]
    ) -> None:
        meeting_id = api.make()

        assert faults(api.delete(meeting_id, **content(body))) == expected
        assert api.get(f"{MEETINGS}{meeting_id}/").json["status"] == "CREATED"

    def test_a_meeting_that_google_has_ends_cancelled_there_too(self, api: Api) -> None:
        api.queue.deliver = api.sync
        meeting_id = api.post(a_body(), prefer="wait=5").json["id"]

        api.delete(meeting_id)

        body = api.get(f"{MEETINGS}{meeting_id}/").json
        assert body["status"] == "CANCELLED"
        assert body["calendar"]["state"] == "SYNCED"
        assert body["calendar"]["synced_revision"] == 2
