"""Idempotency-Keys themselves: which are good, whose they are, and for how long."""

from datetime import timedelta
from typing import Any

import pytest

from functions.models import UserRole
from tests.api.caller import BATCH_CREATE, MEETINGS, a_body
from tests.api.keyed import KEY, WRITES, Asked, KeyedApi, is_replayed, on_the_wire

DAY = timedelta(hours=24)


def a_post(**changes: Any) -> Asked:
    """A meeting without a reference: nothing but the key says that it is the same."""
    return Asked("POST", MEETINGS, 202, a_body(**{"external_reference": None, **changes}))


class TestForm:
    @pytest.mark.parametrize(
        "key",
        ["", "k" * 256, "two words", "tab\tbed", "bell\x07", "llave-ñ", "\x7f"],
        ids=["empty", "256 long", "a space", "a tab", "a control", "not ASCII", "delete"],
    )
    def test_a_bad_one_is_refused_and_nothing_done(self, api: KeyedApi, key: str) -> None:
        answer = api.ask(a_post(), key)

        assert answer.status_code == 400
        [fault] = answer.get_json()["errors"]
        assert (fault["pointer"], fault["code"]) == ("Idempotency-Key", "invalid_key")
        assert api.stored() == ()

    @pytest.mark.parametrize("view", WRITES)
    def test_a_bad_one_is_refused_on_every_route(self, api: KeyedApi, view: str) -> None:
        asked = api.prepare(view)
        before = api.everything()

        answer = api.ask(asked, "two words")

        assert answer.status_code == 400
        assert answer.get_json()["errors"][0]["pointer"] == "Idempotency-Key"
        assert api.everything() == before

    @pytest.mark.parametrize("key", ["k", "k" * 255, "!~", '"quoted"', "a/b\\c:d,e"])
    def test_any_other_visible_ascii_is_good(self, api: KeyedApi, key: str) -> None:
        first = api.ask(a_post(), key)

        again = api.ask(a_post(), key)

        assert is_replayed(again)
        assert on_the_wire(again) == on_the_wire(first)
        assert len(api.stored()) == 1

    def test_case_makes_another_key(self, api: KeyedApi) -> None:
        api.ask(a_post(), "key")

        answer = api.ask(a_post(), "KEY")

        assert not is_replayed(answer)
        assert len(api.stored()) == 2

    def test_the_stored_claim_does_not_show_the_key(self, api: KeyedApi) -> None:
        api.ask(a_post(), KEY)

        [claim] = api.store.database.claims.values()
        assert KEY not in repr(claim)


class TestCallers:
    def test_two_with_one_key_never_meet(self, api: KeyedApi) -> None:
        api.identify(UserRole.SERVICE, "one@clinica.com")
        api.identify(UserRole.SERVICE, "two@clinica.com")
        by_two = api.ask(a_post())
        api.email = "one@clinica.com"
        by_one = api.ask(a_post(summary="Of the other"))

        again_by_one = api.ask(a_post(summary="Of the other"))
        api.email = "two@clinica.com"
        again_by_two = api.ask(a_post())

        assert (by_one.status_code, by_two.status_code) == (202, 202)
        assert not is_replayed(by_one)
        assert on_the_wire(again_by_one) == on_the_wire(by_one)
        assert on_the_wire(again_by_two) == on_the_wire(by_two)
        assert sorted(meeting.created_by for meeting in api.stored()) == [
            "one@clinica.com",
            "two@clinica.com",
        ]

    def test_an_address_and_a_key_are_not_run_together(self, api: KeyedApi) -> None:
        api.identify(UserRole.SERVICE, "xoma@clinica.com")
        api.identify(UserRole.SERVICE, "xoma@clinica.community")
        api.ask(a_post(), "-1")
        api.email = "xoma@clinica.com"

        answer = api.ask(a_post(), "munity-1")

        assert not is_replayed(answer)
        assert len(api.stored()) == 2

    def test_who_may_no_longer_call_is_not_answered_by_what_is_kept(self, api: KeyedApi) -> None:
        api.identify(UserRole.SERVICE, "xoma@clinica.com")
        api.ask(a_post())
        api.email = "stranger@clinica.com"

        assert api.ask(a_post()).status_code == 403


class TestExpiry:
    def test_just_before_a_day_has_passed_it_is_the_same(self, api: KeyedApi) -> None:
        first = api.ask(a_post())
        api.time += DAY - timedelta(microseconds=1)

        again = api.ask(a_post())

        assert is_replayed(again)
        assert on_the_wire(again) == on_the_wire(first)

    def test_after_a_day_the_key_works_anew(self, api: KeyedApi) -> None:
        first = api.ask(a_post())
        api.time += DAY

        anew = api.ask(a_post())
        again = api.ask(a_post())

        assert anew.status_code == 202
        assert not is_replayed(anew)
        assert anew.get_json()["id"] != first.get_json()["id"]
        assert on_the_wire(again) == on_the_wire(anew)
        assert len(api.stored()) == 2

    def test_a_repetition_does_not_make_it_last_longer(self, api: KeyedApi) -> None:
        api.ask(a_post())
        api.time += DAY - timedelta(hours=1)
        api.ask(a_post())
        api.time += timedelta(hours=1)

        assert not is_replayed(api.ask(a_post()))

    def test_after_a_day_it_may_come_with_another_request(self, api: KeyedApi) -> None:
        asked = api.prepare("meetings.change")
        api.ask(a_post())
        api.time += DAY

        answer = api.ask(asked)

        assert answer.status_code == 200
        assert not is_replayed(answer)

    def test_a_batch_works_anew_after_a_day_too(self, api: KeyedApi) -> None:
        body = {"meetings": [a_post().body, a_post().body]}
        asked = Asked("POST", BATCH_CREATE, 200, body)
        api.ask(asked)
        api.time += DAY

        anew = api.ask(asked)

        assert [result["status"] for result in anew.get_json()["results"]] == [202, 202]
        assert len(api.stored()) == 4
