"""Batches with an Idempotency-Key: what was broken off goes on, and each item is done once."""

from datetime import timedelta

import pytest

from functions.errors import ConcurrentChange
from tests.api.batch.batches import a_cancellation, a_creation, a_nameless_item, ids, statuses
from tests.api.caller import MEETINGS, a_body
from tests.api.keyed import KEY, Asked, KeyedApi, is_replayed, on_the_wire
from tests.api.steps import Death, die

EVERY_ITEM = [0, 1, 4]
SOON = {"scheduled_start": "2030-01-01T10:00:00Z", "scheduled_end": "2030-01-01T11:00:00Z"}


def break_off(api: KeyedApi, asked: Asked, step: str, skip: int = 0) -> None:
    api.steps.on(step, die, skip)
    with pytest.raises(Death):
        api.ask(asked)


class TestBrokenOff:
    @pytest.mark.parametrize("number", EVERY_ITEM)
    @pytest.mark.parametrize("step", ["before create", "after create", "after enqueue"])
    def test_a_creation_goes_on_where_it_was(self, api: KeyedApi, step: str, number: int) -> None:
        asked = a_creation()
        break_off(api, asked, step, number)

        again = api.ask(asked)

        assert statuses(again.get_json()) == [202] * 5
        assert is_replayed(again)
        made = {meeting.id: meeting.summary for meeting in api.stored()}
        assert [made[str(meeting_id)] for meeting_id in ids(again.get_json())] == [
            f"Visit {number}" for number in range(5)
        ]
        assert len(made) == 5
        assert on_the_wire(api.ask(asked)) == on_the_wire(again)

    @pytest.mark.parametrize("number", EVERY_ITEM)
    @pytest.mark.parametrize("step", ["before save", "after save", "after enqueue"])
    def test_a_cancellation_goes_on_where_it_was(
        self, api: KeyedApi, step: str, number: int
    ) -> None:
        asked = a_cancellation(api)
        break_off(api, asked, step, number)

        again = api.ask(asked)

        assert statuses(again.get_json()) == [200] * 5
        assert is_replayed(again)
        assert ids(again.get_json()) == asked.body["ids"]
        assert [(m.is_cancelled, m.revision) for m in api.stored()] == [(True, 2)] * 5
        assert {len(journal) for journal in api.store.database.journals.values()} == {2}

    @pytest.mark.parametrize("step", ["after find", "before claim", "after claim", "before keep"])
    def test_before_or_after_all_items(self, api: KeyedApi, step: str) -> None:
        asked = a_creation()
        break_off(api, asked, step)

        assert statuses(api.ask(asked).get_json()) == [202] * 5
        assert len(api.stored()) == 5

    def test_again_and_again(self, api: KeyedApi) -> None:
        asked = a_creation()
        for _ in range(5):
            break_off(api, asked, "after create")

        assert statuses(api.ask(asked).get_json()) == [202] * 5
        assert len(api.stored()) == 5
        assert api.steps.count("keep") == 1

    def test_two_items_alike_stay_two(self, api: KeyedApi) -> None:
        asked = a_creation(a_nameless_item(1), a_nameless_item(1))
        break_off(api, asked, "after create")

        again = api.ask(asked)

        assert len(set(ids(again.get_json()))) == 2
        assert len(api.stored()) == 2

    def test_what_was_done_stays_done_when_its_start_has_passed(self, api: KeyedApi) -> None:
        asked = a_creation(a_nameless_item(0, **SOON), a_nameless_item(1, **SOON))
        break_off(api, asked, "after create")
        api.time += timedelta(hours=3)

        assert statuses(api.ask(asked).get_json()) == [202, 400]
        assert len(api.stored()) == 1

    def test_another_body_is_refused_and_goes_on_with_nothing(self, api: KeyedApi) -> None:
        break_off(api, a_creation(), "after create")

        answer = api.ask(a_creation(a_nameless_item(0), a_nameless_item(7)))

        assert answer.status_code == 422
        assert len(api.stored()) == 1

    def test_a_creation_is_not_gone_on_with_as_a_cancellation(self, api: KeyedApi) -> None:
        asked = a_cancellation(api)
        api.ask(a_creation())

        assert api.ask(asked).status_code == 422
        assert not any(meeting.is_cancelled for meeting in api.stored())


class TestDone:
    def test_no_item_is_refused_forever_for_a_race_it_lost(self, api: KeyedApi) -> None:
        asked = a_creation()
        api.store.write_error = ConcurrentChange()
        lost = api.ask(asked)
        api.store.write_error = None

        again = api.ask(asked)

        assert statuses(lost.get_json()) == [409] * 5
        assert statuses(again.get_json()) == [202] * 5

    def test_with_refusals_it_is_answered_again_to_the_byte(self, api: KeyedApi) -> None:
        holder = api.ask(Asked("POST", MEETINGS, 202, a_body()), None).get_json()["id"]
        asked = a_creation(
            a_nameless_item(0),
            a_body(summary="Another"),
            a_nameless_item(2, time_zone="Mars/Olympus"),
        )
        first = api.ask(asked)
        api.delete(holder)
        done = api.everything()

        again = api.ask(asked)

        assert statuses(first.get_json()) == [202, 409, 400]
        assert on_the_wire(again) == on_the_wire(first)
        assert is_replayed(again)
        assert api.everything() == done

    def test_a_day_of_fifty_costs_three_calls_more_than_without_a_key(self, api: KeyedApi) -> None:
        api.ask(a_creation(*(a_nameless_item(number) for number in range(50))))

        counts = {call: api.steps.count(call) for call in ("find", "claim", "keep", "create")}
        assert counts == {"find": 1, "claim": 1, "keep": 1, "create": 50}
        assert api.store.asked == ["create"] * 50

    def test_a_batchs_items_take_no_key_from_its_caller(self, api: KeyedApi) -> None:
        api.ask(a_creation(), KEY)

        answer = api.ask(a_creation(), f"{KEY}/0")

        assert not is_replayed(answer)
        assert len(api.stored()) == 10
