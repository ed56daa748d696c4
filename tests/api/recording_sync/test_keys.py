"""POST recordings/sync/ with an Idempotency-Key: a window broken off goes on where it was."""

from datetime import timedelta

import pytest

from functions.models import UserRole
from tests.api.accounts import BOSS, XOMA
from tests.api.caller import SYNC
from tests.api.contract import Contract
from tests.api.keyed import Asked, KeyedApi, is_replayed, on_the_wire
from tests.api.recording_sync.held import BEGAN, a_window, hold
from tests.api.steps import AWAY, Death, die, failing
from tests.values import NOW

SECOND = timedelta(seconds=1)


@pytest.fixture
def api(contract: Contract) -> KeyedApi:
    return KeyedApi(contract)


def of_window(**more: str) -> Asked:
    return Asked("POST", SYNC, 202, {**a_window(), **more})


def requests(api: KeyedApi) -> list[int]:
    """Tell how often each meeting was asked for."""
    return [
        sum(entry.kind == "recordings.requested" for entry in journal)
        for journal in api.store.database.journals.values()
    ]


class TestBrokenOff:
    @pytest.mark.parametrize("number", [0, 1, 2])
    @pytest.mark.parametrize("step", ["before get", "before save", "after save", "after enqueue"])
    def test_it_goes_on_where_it_was(self, api: KeyedApi, step: str, number: int) -> None:
        held = [hold(api, BEGAN + second * SECOND) for second in range(3)]
        api.steps.on(step, die, number)
        with pytest.raises(Death):
            api.ask(of_window())

        again = api.ask(of_window())

        assert (again.status_code, is_replayed(again)) == (202, True)
        assert again.get_json() == {"started": held, "cursor": None}
        assert requests(api) == [1, 1, 1]
        assert on_the_wire(api.ask(of_window())) == on_the_wire(again)

    @pytest.mark.parametrize("step", ["after find", "before claim", "after claim", "before keep"])
    def test_before_or_after_all_of_them(self, api: KeyedApi, step: str) -> None:
        held = hold(api)
        api.steps.on(step, die)
        with pytest.raises(Death):
            api.ask(of_window())

        assert api.ask(of_window()).get_json()["started"] == [held]
        assert requests(api) == [1]

    def test_by_the_store_and_it_goes_on(self, api: KeyedApi) -> None:
        for _ in range(3):
            hold(api)
        api.steps.on("after save", failing(AWAY), 1)
        broken = api.ask(of_window())

        again = api.ask(of_window())

        assert (broken.status_code, again.status_code) == (503, 202)
        assert len(again.get_json()["started"]) == 3
        assert requests(api) == [1, 1, 1]


class TestDone:
    def test_it_is_answered_again_though_more_has_begun(self, api: KeyedApi) -> None:
        hold(api)
        first = api.ask(of_window())
        hold(api)
        done = api.everything()

        again = api.ask(of_window())

        assert on_the_wire(again) == on_the_wire(first)
        assert is_replayed(again)
        assert api.everything() == done

    def test_another_cursor_needs_another_key(self, api: KeyedApi) -> None:
        for _ in range(51):
            hold(api)
        word = api.ask(of_window()).get_json()["cursor"]

        same_key = api.ask(of_window(cursor=word))
        other_key = api.ask(of_window(cursor=word), "another-key")

        assert same_key.status_code == 422
        assert len(other_key.get_json()["started"]) == 1
        assert requests(api) == [1] * 51

    def test_the_key_is_the_callers_own(self, api: KeyedApi) -> None:
        api.identify(UserRole.ADMIN, BOSS)
        api.identify(UserRole.SERVICE, XOMA)
        hold(api)
        api.ask(of_window())
        api.email = BOSS

        assert not is_replayed(api.ask(of_window()))
        assert requests(api) == [2]

    def test_what_was_refused_is_not_remembered(self, api: KeyedApi) -> None:
        asked = Asked("POST", SYNC, 202, {"meeting": hold(api, NOW + SECOND)})
        refused = api.ask(asked)
        api.time += SECOND

        again = api.ask(asked)

        assert (refused.status_code, again.status_code) == (409, 202)
        assert not is_replayed(again)

    def test_a_window_costs_three_calls_more_than_without_a_key(self, api: KeyedApi) -> None:
        for _ in range(3):
            hold(api)

        api.ask(of_window())

        calls = ("find", "claim", "keep", "get", "save", "enqueue")
        assert [api.steps.count(call) for call in calls] == [1, 1, 1, 3, 3, 3]
        assert api.store.asked == ["page", *["get", "save"] * 3]
