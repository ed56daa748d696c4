"""meetings:batchCreate: each meeting is made by itself, by the rules of a single one."""

from typing import Any

import pytest

from functions.models import UserRole
from tests.api.batch.batches import an_item, create, statuses
from tests.api.caller import MEETINGS, a_body
from tests.api.keyed import KeyedApi


class TestCreate:
    def test_each_is_made_and_answered_in_order(self, api: KeyedApi) -> None:
        answer = create(api, *(an_item(number) for number in range(5)))

        assert statuses(answer.json) == [202] * 5
        made = [result["meeting"] for result in answer.json["results"]]
        assert [meeting["external_reference"] for meeting in made] == [
            f"appointment_{number}" for number in range(5)
        ]
        assert made == [api.get(f"{MEETINGS}{meeting['id']}/").json for meeting in made]
        assert [result["problem"] for result in answer.json["results"]] == [None] * 5
        assert api.queue.names == [f"{meeting['id']}-1" for meeting in made]

    def test_each_is_what_a_request_of_its_own_makes(self, api: KeyedApi) -> None:
        body = an_item(1, summary="Check-up", notify="none", time_zone="Europe/Madrid")
        [result] = create(api, body).json["results"]
        api.delete(result["meeting"]["id"])

        alone = api.post(body).json

        random = {"id", "participants"}
        assert {n: v for n, v in result["meeting"].items() if n not in random} == {
            n: v for n, v in alone.items() if n not in random
        }

    def test_the_caller_has_made_them(self, api: KeyedApi) -> None:
        api.identify(UserRole.SERVICE, "xoma@clinica.com")

        create(api, an_item(1), an_item(2))

        assert [meeting.created_by for meeting in api.stored()] == ["xoma@clinica.com"] * 2
        journals = api.store.database.journals.values()
        assert [[entry.by for entry in journal] for journal in journals] == [
            ["xoma@clinica.com"]
        ] * 2

    def test_one_of_a_reference_that_is_there_is_found(self, api: KeyedApi) -> None:
        existing = api.post(an_item(1)).json["id"]

        answer = create(api, an_item(1), an_item(2))

        assert statuses(answer.json) == [200, 202]
        assert answer.json["results"][0]["meeting"]["id"] == existing
        assert len(api.stored()) == 2

    def test_two_of_one_reference_are_one_meeting(self, api: KeyedApi) -> None:
        answer = create(api, an_item(1), an_item(1))

        assert statuses(answer.json) == [202, 200]
        assert len({result["meeting"]["id"] for result in answer.json["results"]}) == 1
        assert len(api.stored()) == 1

    def test_two_of_one_reference_and_other_content_are_one_and_a_conflict(
        self, api: KeyedApi
    ) -> None:
        answer = create(api, an_item(1), an_item(1, summary="Another"), an_item(2))

        assert statuses(answer.json) == [202, 409, 202]
        made, refused, _ = answer.json["results"]
        assert refused["meeting"] is None
        assert refused["problem"]["code"] == "reference_taken"
        assert refused["problem"]["existing_id"] == made["meeting"]["id"]

    def test_two_alike_without_a_reference_are_two(self, api: KeyedApi) -> None:
        body = a_body(external_reference=None)

        assert statuses(create(api, body, body).json) == [202, 202]
        assert len(api.stored()) == 2

    @pytest.mark.parametrize(
        ("bad", "expected"),
        [
            (
                an_item(3, scheduled_start="2029-12-31T09:00:00Z"),
                ("/scheduled_start", "in_the_past"),
            ),
            (an_item(3, invited_emails=["a@b.com", "no"]), ("/invited_emails/1", "invalid_email")),
            (an_item(3, when="now"), ("/when", "unknown_field")),
            (["nothing"], ("", "not_an_object")),
            (None, ("", "null")),
        ],
        ids=["past", "address", "unknown field", "list", "null"],
    )
    def test_one_with_a_fault_says_where_and_the_others_are_made(
        self, api: KeyedApi, bad: Any, expected: tuple[str, str]
    ) -> None:
        answer = create(api, an_item(0), an_item(1), an_item(2), bad, an_item(4))

        assert statuses(answer.json) == [202, 202, 202, 400, 202]
        problem = answer.json["results"][3]["problem"]
        assert (problem["status"], problem["code"]) == (400, "invalid_request")
        assert problem["request_id"] == answer.headers["X-Request-Id"]
        pointer, code = expected
        found = [(fault["pointer"], fault["code"]) for fault in problem["errors"]]
        assert (f"/meetings/3{pointer}", code) in found
        assert all(place.startswith("/meetings/3") for place, _ in found)
        assert len(api.stored()) == 4

    def test_two_with_faults_have_their_own(self, api: KeyedApi) -> None:
        bad = an_item(0, time_zone="Mars/Olympus")

        answer = create(api, bad, an_item(1), bad)

        assert [
            [fault["pointer"] for fault in result["problem"]["errors"]]
            for result in answer.json["results"]
            if result["problem"]
        ] == [["/meetings/0/time_zone"], ["/meetings/2/time_zone"]]
