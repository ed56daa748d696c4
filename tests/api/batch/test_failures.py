"""Batches when something fails in the middle: that item has its problem, and others go on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from functions.errors import UpstreamError
from functions.models import DueKind
from tests.api.batch.batches import (
    a_cancellation,
    a_creation,
    a_nameless_item,
    an_item,
    cancel,
    create,
    ids,
    statuses,
)
from tests.api.caller import MEETINGS, a_body
from tests.api.keyed import Asked, KeyedApi, is_replayed, on_the_wire
from tests.api.steps import AWAY, REFUSED, failing

be_away = failing(AWAY)


def interrupted(api: KeyedApi, asked: Asked, step: str, act: Callable[[], object]) -> TestResponse:
    api.steps.on(step, act, skip=1)
    return api.ask(asked)


class TestWithoutAKey:
    @pytest.mark.parametrize(
        ("error", "code"),
        [(AWAY, "unavailable"), (REFUSED, "misconfigured")],
        ids=["away", "refused"],
    )
    def test_of_the_store_are_that_ones_alone(
        self, api: KeyedApi, error: UpstreamError, code: str
    ) -> None:
        api.steps.on("before create", failing(error), skip=1)

        answer = create(api, an_item(0), an_item(1), an_item(2))

        assert statuses(answer.json) == [202, 503, 202]
        problem = answer.json["results"][1]["problem"]
        assert (problem["status"], problem["code"]) == (503, code)
        assert problem["reason"] == error.code
        assert error.detail not in str(answer.json)
        assert sorted(str(m.external_reference) for m in api.stored()) == [
            "appointment_0",
            "appointment_2",
        ]

    @pytest.mark.parametrize("step", ["before get", "before save"])
    def test_of_the_store_leave_the_others_cancelled(self, api: KeyedApi, step: str) -> None:
        ids = [api.make() for _ in range(3)]
        api.steps.on(step, failing(AWAY), skip=1)

        answer = cancel(api, *ids)

        assert statuses(answer.json) == [200, 503, 200]
        is_cancelled = {meeting.id: meeting.is_cancelled for meeting in api.stored()}
        assert [is_cancelled[meeting_id] for meeting_id in ids] == [True, False, True]

    @pytest.mark.parametrize("error", [AWAY, REFUSED], ids=["away", "refused"])
    def test_of_the_queue_lose_no_meeting_for_the_sweep_nudges_it(
        self, api: KeyedApi, error: UpstreamError
    ) -> None:
        api.steps.on("before enqueue", failing(error), skip=1)

        answer = create(api, an_item(0), an_item(1), an_item(2))

        assert statuses(answer.json) == [202] * 3
        assert len(api.queue.names) == 2
        due = [
            stored.meeting
            for stored in api.store.kept.due(DueKind.CALENDAR, api.time + timedelta(minutes=2))
        ]
        assert len(due) == 3


class TestWithAKey:
    def test_the_item_that_failed_is_made_by_the_repetition(self, api: KeyedApi) -> None:
        asked = a_creation(a_nameless_item(0), a_nameless_item(1), a_nameless_item(2))
        first = interrupted(api, asked, "before create", be_away)
        made = ids(first.get_json())

        again, once_more = api.ask(asked), api.ask(asked)

        assert statuses(first.get_json()) == [202, 503, 202]
        assert statuses(again.get_json()) == [202] * 3
        assert (ids(again.get_json())[0], ids(again.get_json())[2]) == (made[0], made[2])
        assert sorted(str(found) for found in ids(again.get_json())) == sorted(
            m.id for m in api.stored()
        )
        assert is_replayed(again)
        assert on_the_wire(once_more) == on_the_wire(again)

    def test_the_item_that_failed_is_cancelled_by_the_repetition(self, api: KeyedApi) -> None:
        asked = a_cancellation(api)
        first = interrupted(api, asked, "before save", be_away)

        again = api.ask(asked)

        assert statuses(first.get_json()) == [200, 503, 200, 200, 200]
        assert statuses(again.get_json()) == [200] * 5
        assert [(m.is_cancelled, m.revision) for m in api.stored()] == [(True, 2)] * 5

    def test_the_item_whose_answer_was_lost_is_not_made_twice(self, api: KeyedApi) -> None:
        asked = a_creation(a_nameless_item(0), a_nameless_item(1), a_nameless_item(2))
        first = interrupted(api, asked, "after create", be_away)

        again = api.ask(asked)

        assert statuses(first.get_json()) == [202, 503, 202]
        assert statuses(again.get_json()) == [202] * 3
        assert len(api.stored()) == 3

    def test_an_item_that_fails_again_is_tried_once_more(self, api: KeyedApi) -> None:
        asked = a_creation(a_nameless_item(0), a_nameless_item(1))
        interrupted(api, asked, "before create", be_away)
        api.steps.on("before create", be_away)

        assert statuses(api.ask(asked).get_json()) == [202, 503]
        assert statuses(api.ask(asked).get_json()) == [202, 202]
        assert len(api.stored()) == 2

    def test_an_item_that_was_found_is_found_by_the_repetition_too(self, api: KeyedApi) -> None:
        existing = api.ask(Asked("POST", MEETINGS, 202, a_body()), None).get_json()["id"]
        asked = a_creation(a_body(), a_nameless_item(1))
        first = interrupted(api, asked, "before create", be_away)

        again = api.ask(asked)

        assert statuses(first.get_json()) == [200, 503]
        assert ids(again.get_json())[0] == existing
        assert statuses(again.get_json()) == [200, 202]

    def test_an_item_made_and_cancelled_since_is_not_made_again(self, api: KeyedApi) -> None:
        asked = a_creation(a_nameless_item(0), a_nameless_item(1))
        made = ids(interrupted(api, asked, "before create", be_away).get_json())[0]
        api.delete(str(made))

        again = api.ask(asked)

        assert ids(again.get_json())[0] == made
        assert again.get_json()["results"][0]["meeting"]["status"] == "CANCELLED"
        assert len(api.stored()) == 2

    def test_answers_that_are_away_are_no_matter_for_the_items(self, api: KeyedApi) -> None:
        asked = a_creation(a_nameless_item(0), a_nameless_item(1))
        api.steps.on("before keep", be_away)
        first = api.ask(asked)

        again = api.ask(asked)

        assert statuses(first.get_json()) == [202, 202]
        assert on_the_wire(again) == on_the_wire(first)
        assert len(api.stored()) == 2

    def test_a_claim_that_cannot_be_made_refuses_all(self, api: KeyedApi) -> None:
        asked = a_creation(a_nameless_item(0), a_nameless_item(1))
        api.steps.on("before claim", be_away)
        refused = api.ask(asked)

        assert refused.status_code == 503
        assert api.stored() == ()
        assert not is_replayed(api.ask(asked))


class TestASlowStore:
    def test_is_given_up_after_a_while_and_the_rest_is_for_a_repetition(
        self, api: KeyedApi
    ) -> None:
        def take_long() -> None:
            api.time += timedelta(seconds=20)

        api.steps.on("after create", take_long)
        api.steps.on("before create", take_long, skip=1)

        answer = create(api, *(an_item(number) for number in range(4)))

        assert statuses(answer.json) == [202, 202, 503, 503]
        assert answer.json["results"][2]["problem"]["reason"] == "out_of_time"
        assert api.steps.count("create") == 2

    def test_does_not_keep_a_repetition_from_the_rest(self, api: KeyedApi) -> None:
        def take_long() -> None:
            api.time += timedelta(seconds=60)

        api.steps.on("after create", take_long)
        asked = a_creation(an_item(0), an_item(1))

        first, again = api.ask(asked), api.ask(asked)

        assert statuses(first.get_json()) == [202, 503]
        assert statuses(again.get_json()) == [202, 202]
        assert len(api.stored()) == 2


class TestWhatNobodyForesaw:
    def test_is_that_ones_alone(self, api: KeyedApi) -> None:
        def be_broken() -> None:
            raise ValueError("a stored meeting that cannot be read")

        made = [api.make() for _ in range(3)]
        api.steps.on("after get", be_broken, skip=1)

        answer = cancel(api, *made)

        assert statuses(answer.json) == [200, 500, 200]
        assert answer.json["results"][1]["problem"]["code"] == "internal_error"
