"""Idempotency-Key: the process dies between any two steps, and what it calls is away."""

import pytest

from functions.errors import RetryableError
from tests.api.caller import MEETINGS, a_body
from tests.api.contract import Contract
from tests.api.keyed import WRITES, Asked, KeyedApi, is_replayed, on_the_wire
from tests.api.steps import AWAY, Death, die, failing


class TestTheProcessDies:
    @pytest.mark.parametrize("view", WRITES)
    def test_at_any_step_and_the_repetition_does_it_once(
        self, contract: Contract, view: str
    ) -> None:
        undisturbed = KeyedApi(contract)
        steps = undisturbed.steps_of(undisturbed.prepare(view))
        assert {step for step, _ in steps} >= {"before find", "after keep"}

        for step, skip in steps:
            api = KeyedApi(contract)
            asked = api.prepare(view)
            api.steps.on(step, die, skip)
            with pytest.raises(Death):
                api.ask(asked)
            is_begun = api.store.database.claims != {}

            again = api.ask(asked)
            done = api.everything()
            once_more = api.ask(asked)

            assert (step, again.status_code) == (step, asked.status)
            assert (step, is_replayed(again)) == (step, is_begun)
            assert (step, api.effects()) == (step, undisturbed.effects())
            assert (step, on_the_wire(once_more)) == (step, on_the_wire(again))
            assert api.everything() == done

    @pytest.mark.parametrize("step", ["before create", "after create", "after keep"])
    def test_a_meeting_without_a_reference_is_made_once(self, api: KeyedApi, step: str) -> None:
        asked = Asked("POST", MEETINGS, 202, a_body(external_reference=None))
        api.steps.on(step, die)
        with pytest.raises(Death):
            api.ask(asked)

        again = api.ask(asked)

        assert [meeting.id for meeting in api.stored()] == [again.get_json()["id"]]
        assert again.headers["Location"].endswith(f"/meetings/{again.get_json()['id']}/")

    def test_and_again_in_the_repetition(self, api: KeyedApi) -> None:
        asked = Asked("POST", MEETINGS, 202, a_body(external_reference=None))
        for step in ("after create", "before get", "after get", "before keep", "after keep"):
            api.steps.on(step, die)
            with pytest.raises(Death):
                api.ask(asked)

        again = api.ask(asked)

        assert (again.status_code, is_replayed(again)) == (202, True)
        assert len(api.stored()) == 1

    def test_and_another_body_is_refused_although_there_is_no_answer(self, api: KeyedApi) -> None:
        api.steps.on("after create", die)
        with pytest.raises(Death):
            api.ask(Asked("POST", MEETINGS, 202, a_body()))

        answer = api.ask(Asked("POST", MEETINGS, 202, a_body(summary="Another")))

        assert answer.status_code == 422

    def test_and_the_link_that_came_meanwhile_is_in_the_answer(self, api: KeyedApi) -> None:
        asked = Asked("POST", MEETINGS, 201, a_body())
        api.steps.on("before keep", die)
        with pytest.raises(Death):
            api.ask(asked)
        api.sync(api.stored()[0].id)

        again = api.ask(asked)

        assert again.status_code == 201
        assert again.get_json()["meet_link"] == api.stored()[0].meet_link

    @pytest.mark.parametrize("step", ["after save", "before keep"])
    def test_having_found_the_reference_and_it_is_found_again(
        self, api: KeyedApi, step: str
    ) -> None:
        asked = Asked("POST", MEETINGS, 200, a_body())
        existing = api.ask(asked, None).get_json()["id"]
        api.steps.on(step, die)
        with pytest.raises(Death):
            api.ask(asked)

        again = api.ask(asked)

        assert (again.status_code, again.get_json()["id"]) == (200, existing)
        assert is_replayed(again)


class TestTheAnswersAreAway:
    @pytest.mark.parametrize("view", WRITES)
    def test_when_looked_for_nothing_is_done(self, api: KeyedApi, view: str) -> None:
        asked = api.prepare(view)
        before = api.everything()
        api.steps.on("before find", failing(AWAY))

        answer = api.ask(asked)

        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "2"
        assert answer.get_json()["reason"] == "store_unavailable"
        assert api.everything() == before

    @pytest.mark.parametrize("step", ["before keep", "after keep"])
    @pytest.mark.parametrize("view", WRITES)
    def test_when_kept_the_request_is_answered_all_the_same(
        self, api: KeyedApi, view: str, step: str
    ) -> None:
        asked = api.prepare(view)
        api.steps.on(step, failing(AWAY))
        first = api.ask(asked)
        done = api.effects()

        again = api.ask(asked)

        assert first.status_code == asked.status
        assert on_the_wire(again) == on_the_wire(first)
        assert is_replayed(again)
        assert api.effects() == done

    def test_after_a_commit_whose_answer_is_lost(self, api: KeyedApi) -> None:
        asked = Asked("POST", MEETINGS, 202, a_body(external_reference=None))
        api.steps.on("after create", failing(AWAY))
        lost = api.ask(asked)

        again = api.ask(asked)

        assert (lost.status_code, again.status_code) == (503, 202)
        assert is_replayed(again)
        assert len(api.stored()) == 1

    def test_a_queue_that_is_away_keeps_no_one_from_being_answered(self, api: KeyedApi) -> None:
        asked = Asked("POST", MEETINGS, 202, a_body())
        api.queue.error = RetryableError("queue_unavailable", "Cloud Tasks is not responding.")
        first = api.ask(asked)
        api.queue.error = None

        again = api.ask(asked)

        assert first.status_code == 202
        assert on_the_wire(again) == on_the_wire(first)
