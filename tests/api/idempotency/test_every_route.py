"""Idempotency-Key on every route that changes anything: done once, answered the same."""

import json

import pytest

from tests.api.caller import MEETINGS, a_body
from tests.api.keyed import CASES, WRITES, Asked, KeyedApi, is_replayed, on_the_wire

WITH_BODY = [view for view, route in WRITES.items() if vars(route.load())["operation"].body]
OF_ONE = [view for view, route in WRITES.items() if "<" in route.path]


class TestEveryRoute:
    def test_has_a_case_and_no_case_is_of_a_route_that_is_gone(self) -> None:
        assert sorted(CASES) == sorted(WRITES)

    @pytest.mark.parametrize("view", WRITES)
    def test_answers_a_repetition_to_the_byte_and_does_nothing(
        self, api: KeyedApi, view: str
    ) -> None:
        asked = api.prepare(view)
        before = api.effects()
        first = api.ask(asked)
        done = api.everything()

        again, once_more = api.ask(asked), api.ask(asked)

        assert (asked.method, first.status_code) == (WRITES[view].method, asked.status)
        assert api.effects() != before or view == "meetings.retry"
        assert on_the_wire(again) == on_the_wire(once_more) == on_the_wire(first)
        assert [is_replayed(answer) for answer in (first, again, once_more)] == [False, True, True]
        assert api.everything() == done

    @pytest.mark.parametrize("view", WRITES)
    def test_costs_a_repetition_one_look_and_nothing_else(self, api: KeyedApi, view: str) -> None:
        asked = api.prepare(view)
        api.ask(asked)
        api.steps.passed.clear()

        api.ask(asked)

        assert api.steps.passed == ["before find", "after find"]

    @pytest.mark.parametrize("view", WRITES)
    def test_remembers_nothing_without_a_key(self, api: KeyedApi, view: str) -> None:
        asked = api.prepare(view)

        answer = api.ask(asked, None)

        assert answer.status_code == asked.status
        assert "Idempotency-Replayed" not in answer.headers
        assert not {"before find", "before claim", "before keep"} & set(api.steps.passed)
        assert api.store.database.claims == {}

    @pytest.mark.parametrize("view", WITH_BODY)
    def test_refuses_another_body_and_does_nothing(self, api: KeyedApi, view: str) -> None:
        asked = api.prepare(view)
        api.ask(asked)
        done = api.everything()

        answer = api.ask(asked.with_body(asked.other_body))

        assert answer.status_code == 422
        assert answer.get_json()["code"] == "idempotency_key_reused"
        assert not is_replayed(answer)
        assert api.everything() == done

    @pytest.mark.parametrize("view", OF_ONE)
    def test_refuses_another_path_and_does_nothing(self, api: KeyedApi, view: str) -> None:
        asked, other = api.prepare(view), api.prepare(view)
        api.ask(asked)
        done = api.everything()

        answer = api.ask(other)

        assert answer.status_code == 422
        assert answer.get_json()["code"] == "idempotency_key_reused"
        assert api.everything() == done


class TestTheSameRequest:
    def test_may_be_written_differently(self, api: KeyedApi) -> None:
        body = a_body(summary="Café")
        first = api.ask(Asked("POST", MEETINGS, 202, json.dumps(body)))
        turned = json.dumps(dict(reversed(body.items())), indent=3, ensure_ascii=False)

        again = api.ask(Asked("POST", MEETINGS, 202, turned.encode()))

        assert turned != json.dumps(body)
        assert is_replayed(again)
        assert on_the_wire(again) == on_the_wire(first)

    def test_may_leave_the_last_slash_out(self, api: KeyedApi) -> None:
        asked = api.prepare("meetings.change")
        first = api.ask(asked)

        again = api.ask(Asked("PATCH", asked.path.rstrip("/"), 200, asked.body))

        assert is_replayed(again)
        assert on_the_wire(again) == on_the_wire(first)

    def test_is_another_with_a_list_in_another_order(self, api: KeyedApi) -> None:
        guests = ["a@correo.com", "b@correo.com"]
        api.ask(Asked("POST", MEETINGS, 202, a_body(invited_emails=guests)))

        answer = api.ask(Asked("POST", MEETINGS, 202, a_body(invited_emails=guests[::-1])))

        assert answer.status_code == 422

    def test_is_another_with_another_method(self, api: KeyedApi) -> None:
        path = f"{MEETINGS}{api.make()}/"
        api.ask(Asked("PATCH", path, 200, {}))

        answer = api.ask(Asked("DELETE", path, 200, {}))

        assert answer.status_code == 422
        assert api.get(path).json["status"] == "CREATED"

    def test_is_another_on_another_collection(self, api: KeyedApi) -> None:
        api.ask(api.prepare("users.create"))

        answer = api.ask(api.prepare("meetings.create"))

        assert answer.status_code == 422
        assert api.stored() == ()

    def test_may_ask_for_another_wait_and_is_answered_as_before(self, api: KeyedApi) -> None:
        asked = api.prepare("meetings.create")
        first = api.ask(asked)
        [meeting] = api.stored()
        api.sync(meeting.id)

        again = api.ask(asked, Prefer="wait=5")

        assert first.status_code == 202
        assert on_the_wire(again) == on_the_wire(first)
