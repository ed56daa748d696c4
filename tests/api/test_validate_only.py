"""`validate_only=true` on POST and PATCH: the same answer to what is wrong, and nothing done."""

import copy
from typing import Any

import pytest

from functions.models import MeetingStatus, new_id
from tests.api.caller import MEETINGS, START, Answer, Api, a_body, faults
from tests.values import a_meeting, put

ONLY = {"validate_only": "true"}


def state(api: Api) -> dict[str, Any]:
    """Return all that is stored and queued."""
    stored = {k: copy.deepcopy(v) for k, v in vars(api.store.database).items() if k != "lock"}
    return {**stored, "tasks": list(api.queue.names)}


def told(answer: Answer) -> tuple[int, dict[str, Any]]:
    """Return what an answer says, but for what is of its request alone."""
    return answer.status, {k: v for k, v in answer.json.items() if k != "request_id"}


def check_post(api: Api, body: Any) -> tuple[int, dict[str, Any]]:
    """Post to validate, then in earnest, and check that both say no with the same words."""
    before = state(api)
    validated = api.post(body, query_string=ONLY)
    assert state(api) == before
    assert told(api.post(body)) == told(validated)
    return told(validated)


def check_patch(
    api: Api, meeting_id: str, body: Any, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    """Do the same with a patch."""
    before = state(api)
    validated = api.patch(meeting_id, body, query_string=ONLY, headers=headers)
    assert state(api) == before
    assert told(api.patch(meeting_id, body, headers=headers)) == told(validated)
    return told(validated)


class TestValidCreation:
    def test_is_answered_without_a_body_and_nothing_is_done(self, api: Api) -> None:
        before = state(api)

        answer = api.post(a_body(), query_string=ONLY)

        assert answer.status == 204
        assert "Location" not in answer.headers
        assert "ETag" not in answer.headers
        assert state(api) == before

    def test_does_not_wait(self, api: Api) -> None:
        assert api.post(a_body(), prefer="wait=30", query_string=ONLY).status == 204

    def test_of_what_is_there_already_is_valid(self, api: Api) -> None:
        api.post(a_body())
        before = state(api)

        assert api.post(a_body(), query_string=ONLY).status == 204
        assert state(api) == before

    def test_leaves_its_idempotency_key_for_another_body(self, api: Api) -> None:
        headers = {"Idempotency-Key": "key-1"}
        api.post(a_body(), query_string=ONLY, headers=headers)

        answer = api.post(a_body(summary="Other"), headers=headers)

        assert answer.status == 202
        assert answer.json["summary"] == "Other"
        assert "Idempotency-Replayed" not in answer.headers

    def test_false_makes_the_meeting(self, api: Api) -> None:
        assert api.post(a_body(), query_string={"validate_only": "false"}).status == 202


class TestInvalidCreation:
    @pytest.mark.parametrize(
        "body",
        [
            {},
            "{",
            [],
            a_body(scheduled_end=START),
            a_body(organizer_email="x", invited_emails=[], nothing=1),
            a_body(scheduled_start="2029-12-31T23:00:00Z"),
        ],
    )
    def test_has_the_faults_of_the_real_thing(self, api: Api, body: Any) -> None:
        status, problem = check_post(api, body)

        assert (status, problem["code"]) == (400, "invalid_request")

    def test_names_the_meeting_that_has_the_reference(self, api: Api) -> None:
        existing_id = api.post(a_body()).json["id"]

        status, problem = check_post(api, a_body(summary="Other"))

        assert (status, problem["code"]) == (409, "reference_taken")
        assert problem["existing_id"] == existing_id

    @pytest.mark.parametrize("key", ["", "a b", "x" * 256])
    def test_has_the_fault_of_its_idempotency_key(self, api: Api, key: str) -> None:
        answer = api.post(a_body(), query_string=ONLY, headers={"Idempotency-Key": key})

        assert faults(answer) == [("Idempotency-Key", "invalid_key")]


class TestValidChange:
    @pytest.mark.parametrize(
        "body",
        [{"summary": "Other"}, {}, {"external_reference": "ref-2"}, {"external_reference": None}],
    )
    def test_is_answered_without_a_body_and_nothing_is_done(
        self, api: Api, body: dict[str, Any]
    ) -> None:
        meeting_id = api.make(external_reference="ref-1")
        before = state(api)

        answer = api.patch(meeting_id, body, query_string=ONLY)

        assert answer.status == 204
        assert state(api) == before

    def test_may_name_the_tag_that_the_meeting_has(self, api: Api) -> None:
        meeting_id = api.make()
        tag = api.get(f"{MEETINGS}{meeting_id}/").headers["ETag"]

        answer = api.patch(
            meeting_id, {"summary": "Other"}, query_string=ONLY, headers={"If-Match": tag}
        )

        assert answer.status == 204

    def test_leaves_its_idempotency_key_for_another_body(self, api: Api) -> None:
        meeting_id = api.make()
        headers = {"Idempotency-Key": "key-1"}
        api.patch(meeting_id, {"summary": "Once"}, query_string=ONLY, headers=headers)

        answer = api.patch(meeting_id, {"summary": "Other"}, headers=headers)

        assert answer.status == 200
        assert answer.json["summary"] == "Other"


class TestInvalidChange:
    @pytest.mark.parametrize(
        "body",
        [
            "{",
            {"summary": ""},
            {"scheduled_end": START},
            {"scheduled_start": "2029-12-31T23:00:00Z"},
            {"status": "CANCELLED", "nothing": 1},
        ],
    )
    def test_has_the_faults_of_the_real_thing(self, api: Api, body: Any) -> None:
        status, problem = check_patch(api, api.make(), body)

        assert (status, problem["code"]) == (400, "invalid_request")

    @pytest.mark.parametrize("meeting_id", ["x", "f" * 32])
    def test_of_a_meeting_that_is_not_there(self, api: Api, meeting_id: str) -> None:
        status, problem = check_patch(api, meeting_id, {"summary": "Other"})

        assert (status, problem["code"]) == (404, "meeting_not_found")

    @pytest.mark.parametrize("status", [MeetingStatus.CANCELLED, MeetingStatus.FINISHED])
    @pytest.mark.parametrize("body", [{}, {"summary": "Other"}])
    def test_of_a_meeting_that_is_over(
        self, api: Api, status: MeetingStatus, body: dict[str, Any]
    ) -> None:
        meeting = a_meeting(status=status)
        put(api.store.kept, meeting)

        answered, problem = check_patch(api, meeting.id, body)

        assert (answered, problem["code"]) == (409, "invalid_transition")
        assert problem["meeting_status"] == status

    def test_names_the_meeting_that_has_the_reference(self, api: Api) -> None:
        existing_id, meeting_id = api.make(external_reference="ref-1"), api.make()

        status, problem = check_patch(api, meeting_id, {"external_reference": "ref-1"})

        assert (status, problem["code"]) == (409, "reference_taken")
        assert problem["existing_id"] == existing_id

    def test_on_a_condition_that_does_not_hold(self, api: Api) -> None:
        headers = {"If-Match": '"2-x"'}

        status, problem = check_patch(api, api.make(), {"summary": "Other"}, headers)

        assert (status, problem["code"]) == (412, "precondition_failed")

    def test_has_the_fault_of_its_idempotency_key(self, api: Api) -> None:
        answer = api.patch(api.make(), {}, query_string=ONLY, headers={"Idempotency-Key": "a b"})

        assert faults(answer) == [("Idempotency-Key", "invalid_key")]


class TestOption:
    @pytest.mark.parametrize("method", ["POST", "PATCH"])
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("validate_only=maybe", [("validate_only", "unknown_value")]),
            ("validate_only=True", [("validate_only", "unknown_value")]),
            ("validate_only=1", [("validate_only", "unknown_value")]),
            ("validate_only=", [("validate_only", "unknown_value")]),
            ("validate_only", [("validate_only", "unknown_value")]),
            ("validate_only=true&validate_only=true", [("validate_only", "repeated_parameter")]),
            ("validateOnly=true", [("validateOnly", "unknown_field")]),
            ("validate-only=true", [("validate-only", "unknown_field")]),
        ],
    )
    def test_that_is_not_one_is_refused_and_nothing_is_done(
        self, api: Api, method: str, query: str, expected: list[tuple[str, str]]
    ) -> None:
        meeting_id = new_id()
        put(api.store.kept, a_meeting(id=meeting_id))
        before = state(api)
        path = MEETINGS if method == "POST" else f"{MEETINGS}{meeting_id}/"

        answer = api.send(method, f"{path}?{query}", json={"summary": "Other"})

        assert faults(answer) == expected
        assert state(api) == before

    @pytest.mark.parametrize(("method", "end"), [("DELETE", ""), ("POST", "retry/")])
    def test_where_there_is_none_is_refused_and_nothing_is_done(
        self, api: Api, method: str, end: str
    ) -> None:
        meeting_id = api.make(external_reference="sim-fail-forbidden-1")
        api.sync(meeting_id)
        before = state(api)

        answer = api.send(method, f"{MEETINGS}{meeting_id}/{end}?validate_only=true")

        assert answer.status == 400
        assert state(api) == before
