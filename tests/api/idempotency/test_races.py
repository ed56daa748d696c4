"""Idempotency-Key: the same request comes again while the first is still under way."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.test import TestResponse

from tests.api.caller import MEETINGS, a_body
from tests.api.contract import Contract
from tests.api.keyed import WRITES, Asked, KeyedApi, is_replayed, on_the_wire

POST = Asked("POST", MEETINGS, 201, a_body(external_reference=None))


class Twin:
    """The same request, made from beginning to end by somebody else while the first stands."""

    def __init__(self, api: KeyedApi, asked: Asked, **headers: str) -> None:
        self._api = api
        self._asked = asked
        self._headers = headers

    def ask(self) -> None:
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(self._api.ask, self._asked, **self._headers)
            self.answer: TestResponse = asking.result()


class TestWhileTheFirstWaitsForItsLink:
    def test_both_get_the_link_of_one_meeting(self, api: KeyedApi) -> None:
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(api.ask, POST, Prefer="wait=30")
            meeting_id = wait_for_a_meeting(api)
            has_found = threading.Event()
            api.steps.on("after find", has_found.set)
            second = pool.submit(api.ask, POST, Prefer="wait=30")
            has_found.wait()
            api.sync(meeting_id)
            answers = [first.result(), second.result()]

        assert [answer.status_code for answer in answers] == [201, 201]
        assert on_the_wire(answers[0]) == on_the_wire(answers[1])
        assert answers[0].get_json()["id"] == meeting_id
        assert is_replayed(answers[1])
        assert len(api.stored()) == 1
        assert api.queue.names == [f"{meeting_id}-1"]

    def test_a_second_that_does_not_wait_answers_for_both(self, api: KeyedApi) -> None:
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(api.ask, POST, Prefer="wait=30")
            meeting_id = wait_for_a_meeting(api)
            second = api.ask(POST, Prefer="respond-async")
            api.sync(meeting_id)
            answers = [first.result(), second]

        assert [answer.status_code for answer in answers] == [202, 202]
        assert on_the_wire(answers[0]) == on_the_wire(answers[1])
        assert len(api.stored()) == 1

    def test_another_body_is_refused_at_once(self, api: KeyedApi) -> None:
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(api.ask, POST, Prefer="wait=30")
            meeting_id = wait_for_a_meeting(api)
            other = api.ask(POST.with_body(a_body(summary="Another")))
            api.sync(meeting_id)

        assert other.status_code == 422
        assert first.result().status_code == 201
        assert len(api.stored()) == 1

    def test_many_at_once_make_one(self, api: KeyedApi) -> None:
        together = threading.Barrier(8)

        def ask(_: int) -> TestResponse:
            together.wait()
            return api.ask(POST, Prefer="respond-async")

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(ask, range(8)))

        assert {answer.status_code for answer in answers} == {202}
        assert len({on_the_wire(answer) for answer in answers}) == 1
        assert len(api.stored()) == 1


class TestATwinOvertakes:
    @pytest.mark.parametrize("view", WRITES)
    def test_at_any_step_and_both_get_the_same(self, contract: Contract, view: str) -> None:
        undisturbed = KeyedApi(contract)
        steps = undisturbed.steps_of(undisturbed.prepare(view))

        for step, skip in steps:
            api = KeyedApi(contract)
            asked = api.prepare(view)
            twin = Twin(api, asked)
            api.steps.on(step, twin.ask, skip)

            answer = api.ask(asked)

            assert (step, answer.status_code) == (step, asked.status)
            assert (step, on_the_wire(answer)) == (step, on_the_wire(twin.answer))
            assert (step, api.effects()) == (step, undisturbed.effects())

    def test_a_changed_precondition_is_the_twins_own_doing(self, api: KeyedApi) -> None:
        asked = api.prepare("meetings.change")
        tag = {"If-Match": api.get(asked.path).headers["ETag"]}
        twin = Twin(api, asked, **tag)
        api.steps.on("after find", twin.ask)

        answer = api.ask(asked, **tag)

        assert answer.status_code == 200
        assert on_the_wire(answer) == on_the_wire(twin.answer)

    def test_the_found_reference_is_found_by_both(self, api: KeyedApi) -> None:
        asked = Asked("POST", MEETINGS, 200, a_body())
        api.ask(asked, None)
        twin = Twin(api, asked)
        api.steps.on("after save", twin.ask)

        answer = api.ask(asked)

        assert twin.answer.status_code == 200
        assert on_the_wire(answer) == on_the_wire(twin.answer)


def wait_for_a_meeting(api: KeyedApi) -> str:
    """Return the id of the meeting once it is stored and its link is waited for."""
    looks = threading.Event()
    api.steps.on("after get", looks.set)
    looks.wait()
    [meeting] = api.stored()
    return meeting.id


class TestAReferenceThatMoves:
    def test_is_taken_by_the_new_meeting_and_not_answered_by_the_old_one(
        self, contract: Contract
    ) -> None:
        api = KeyedApi(contract)
        held = api.post(a_body(external_reference="ref")).json["id"]

        def give_it_up() -> None:
            stored = api.store.kept.get(held)
            moved = stored.meeting.changed(api.time, external_reference="another")
            api.store.kept.save(stored, moved)

        api.steps.on("before get", give_it_up)
        answer = api.post(a_body(external_reference="ref"))

        assert answer.status == 202
        assert answer.json["id"] != held
        assert answer.json["external_reference"] == "ref"
