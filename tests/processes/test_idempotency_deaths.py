"""Idempotency-Key over real processes: killed, unanswered and asked at once, all is done once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import pytest
from google.cloud.firestore import Client

from functions.models import CalendarState
from infra.firestore.answers import ANSWERS, CLAIMS
from tests.processes.asking import MEETINGS, Answer, ask
from tests.processes.clinic import LONG_AGO, PROJECT, SETTLES_WITHIN_SECONDS, Clinic
from tests.processes.invariants import assert_settled
from tests.processes.running import wait_until
from tests.processes.trouble import (
    COMMIT,
    CREATE_TASK,
    assert_hangs_up,
    kill_unheard,
    live_events,
    unanswered,
)
from tests.values import a_request

READ = "BatchGetDocuments"
KEY = "6f1c2c8e-94d5-4f0e-8a53-0d8b7c1e2f3a"
KEEP = 1
"""The second commit of a keyed request: the first does what is asked, this one keeps the answer."""


def a_body(**changes: Any) -> dict[str, Any]:
    """The same each time, and without a reference: only the key says that it is the same."""
    times = {"scheduled_start": "2090-05-04T15:00:00Z", "scheduled_end": "2090-05-04T16:00:00Z"}
    return a_request(**{"external_reference": None, **times, **changes})


def keyed(
    clinic: Clinic, method: str, path: str, body: Any, prefer: str = "respond-async"
) -> Answer:
    headers = {"Idempotency-Key": KEY, "Prefer": prefer}
    return ask(clinic.api.url, method, path, body, headers)


def post(clinic: Clinic, prefer: str = "respond-async", **changes: Any) -> Answer:
    return keyed(clinic, "POST", MEETINGS, a_body(**changes), prefer)


def is_replayed(answer: Answer) -> bool:
    return answer.headers.get("idempotency-replayed") == "true"


def settle(clinic: Clinic) -> None:
    """Let the queue, and then the sweep, do what they can; check that nothing is lost or double."""

    def is_done() -> bool:
        clinic.stand_in.wait_idle(1)
        if all(m.calendar.state is not CalendarState.PENDING for m in clinic.stored()):
            return True
        clinic.make_overdue()
        assert clinic.run_sweep().status == 200
        return False

    wait_until(is_done, SETTLES_WITHIN_SECONDS, "all settled")
    assert clinic.stand_in.wait_idle(SETTLES_WITHIN_SECONDS)
    assert_settled(clinic.stored(), clinic.double)


def let_die(
    clinic: Clinic,
    method: str,
    moment: Literal["before", "after"],
    skip: int,
    request: Callable[[], Answer],
) -> None:
    """Kill the api in that call, `before` which nothing of it arrives; start it again."""
    gate = clinic.tasks_gate if method == CREATE_TASK else clinic.firestore_gate
    if moment == "before":
        gate.on(method, lambda: kill_unheard(clinic, clinic.api), skip=skip)
    else:
        gate.on(method, clinic.killing(clinic.api), moment="after", skip=skip)
    assert_hangs_up(request)
    clinic.back_to_life(clinic.api)


class TestTheApiDies:
    @pytest.mark.parametrize(
        ("method", "moment", "skip", "is_begun"),
        [
            (READ, "after", 0, False),
            (COMMIT, "before", 0, False),
            (COMMIT, "after", 0, True),
            (CREATE_TASK, "before", 0, True),
            (CREATE_TASK, "after", 0, True),
            (COMMIT, "before", KEEP, True),
            (COMMIT, "after", KEEP, True),
        ],
    )
    def test_and_the_repetition_is_one_meeting_and_one_event(
        self, clinic: Clinic, method: str, moment: Any, skip: int, is_begun: bool
    ) -> None:
        with clinic.paused_queue():
            let_die(clinic, method, moment, skip, lambda: post(clinic))
            again, once_more = post(clinic), post(clinic)

        settle(clinic)
        assert (again.status, is_replayed(again)) == (202, is_begun)
        assert (once_more.body, is_replayed(once_more)) == (again.body, True)
        assert [meeting.id for meeting in clinic.stored()] == [again.json["id"]]
        assert live_events(clinic) == 1

    def test_while_its_caller_waits_and_the_repetition_has_the_link(self, clinic: Clinic) -> None:
        clinic.pause_queue()
        # The first read looks for the key; the second is a look for the link.
        let_die(clinic, READ, "before", 1, lambda: post(clinic, "wait=10"))
        clinic.resume_queue()

        again = post(clinic, "wait=10")

        assert (again.status, is_replayed(again)) == (201, True)
        settle(clinic)
        [meeting] = clinic.stored()
        assert again.json["meet_link"] == meeting.meet_link

    @pytest.mark.parametrize("skip", [0, KEEP])
    def test_in_a_change_and_another_is_not_overwritten(self, clinic: Clinic, skip: int) -> None:
        with clinic.paused_queue():
            meeting_id = ask(
                clinic.api.url, "POST", MEETINGS, a_body(), {"Prefer": "respond-async"}
            ).json["id"]
            path = f"{MEETINGS}{meeting_id}/"

            def change() -> Answer:
                return keyed(clinic, "PATCH", path, {"summary": "Moved"})

            let_die(clinic, COMMIT, "after", skip, change)
            clinic.patch(meeting_id, summary="Of another")
            again = change()

        settle(clinic)
        [meeting] = clinic.stored()
        assert (again.status, is_replayed(again)) == (200, True)
        assert (meeting.summary, meeting.revision) == ("Of another", 3)

    @pytest.mark.parametrize("moment", ["before", "after"])
    @pytest.mark.parametrize("item", [0, 1, 3])
    def test_in_a_batch_and_each_is_made_once(self, clinic: Clinic, item: int, moment: Any) -> None:
        body = {"meetings": [a_body(summary=f"Visit {number}") for number in range(4)]}

        def create() -> Answer:
            return keyed(clinic, "POST", "/api/v1/meetings:batchCreate/", body)

        with clinic.paused_queue():
            # The first commit claims the key for the whole.
            let_die(clinic, COMMIT, moment, 1 + item, create)
            again = create()

        settle(clinic)
        results = again.json["results"]
        assert [result["status"] for result in results] == [202] * 4
        assert [result["meeting"]["summary"] for result in results] == [
            f"Visit {number}" for number in range(4)
        ]
        assert is_replayed(again)
        assert sorted(m.id for m in clinic.stored()) == sorted(r["meeting"]["id"] for r in results)
        assert live_events(clinic) == 4

    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_in_a_batch_and_each_is_cancelled_once(self, clinic: Clinic, moment: Any) -> None:
        ids = [clinic.create() for _ in range(3)]
        assert clinic.stand_in.wait_idle(SETTLES_WITHIN_SECONDS)

        def cancel() -> Answer:
            return keyed(clinic, "POST", "/api/v1/meetings:batchCancel/", {"ids": ids})

        with clinic.paused_queue():
            let_die(clinic, COMMIT, moment, 2, cancel)
            again = cancel()

        settle(clinic)
        assert [result["status"] for result in again.json["results"]] == [200] * 3
        assert [(m.is_cancelled, m.revision) for m in clinic.stored()] == [(True, 2)] * 3
        assert live_events(clinic) == 0


class TestAnswersAreLost:
    @pytest.mark.parametrize("skip", [0, KEEP])
    def test_of_a_commit_that_was_stored(self, clinic: Clinic, skip: int) -> None:
        with clinic.paused_queue():
            clinic.firestore_gate.on(COMMIT, unanswered, moment="after", skip=skip)
            first = post(clinic)
            again = post(clinic)

        settle(clinic)
        assert (first.status, is_replayed(first)) == (202, False)
        assert (again.body, is_replayed(again)) == (first.body, True)
        assert len(clinic.stored()) == 1


class TestAtOnce:
    def test_many_with_one_key_are_one_meeting_and_have_its_link(self, clinic: Clinic) -> None:
        together = threading.Barrier(8)

        def request(_: int) -> Answer:
            together.wait()
            return post(clinic, "wait=10")

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(request, range(8)))

        settle(clinic)
        assert {answer.status for answer in answers} == {201}
        assert len({answer.body for answer in answers}) == 1
        assert len(clinic.stored()) == 1
        assert live_events(clinic) == 1

    def test_a_second_that_does_not_wait_answers_for_the_first_too(self, clinic: Clinic) -> None:
        clinic.pause_queue()
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(post, clinic, "wait=30")
            wait_until(lambda: bool(clinic.stored()), SETTLES_WITHIN_SECONDS, "the meeting")
            second = post(clinic)
            clinic.resume_queue()
            answers = [first.result(), second]

        settle(clinic)
        assert [answer.status for answer in answers] == [202, 202]
        assert answers[0].body == answers[1].body
        assert len(clinic.stored()) == 1

    def test_many_with_one_key_and_another_body_are_refused(self, clinic: Clinic) -> None:
        together = threading.Barrier(6)

        def request(number: int) -> int:
            together.wait()
            return post(clinic, summary=f"Visit {number}").status

        with ThreadPoolExecutor(6) as pool:
            statuses = list(pool.map(request, range(6)))

        settle(clinic)
        assert sorted(statuses) == [202, 422, 422, 422, 422, 422]
        assert len(clinic.stored()) == 1


@pytest.fixture
def firestore(firestore_emulator: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """What the product has stored, past its gate."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    client = Client(project=PROJECT)
    yield client
    client.close()


class TestExpiry:
    def test_what_is_stored_past_its_time_counts_no_more(
        self, clinic: Clinic, firestore: Client
    ) -> None:
        post(clinic)
        for collection in (CLAIMS, ANSWERS):
            for document in firestore.collection(collection).list_documents():
                document.update({"expires_at": LONG_AGO})

        anew = post(clinic, summary="Another")

        settle(clinic)
        assert (anew.status, is_replayed(anew)) == (202, False)
        assert anew.json["summary"] == "Another"
        assert len(clinic.stored()) == 2

    def test_an_answer_that_outlives_its_claim_answers_nobody(
        self, clinic: Clinic, firestore: Client
    ) -> None:
        """Firestore's TTL deletes each document by itself, in any order."""
        post(clinic)
        [claim] = firestore.collection(CLAIMS).list_documents()
        [answer] = firestore.collection(ANSWERS).list_documents()
        claim.delete()
        answer.update({"expires_at": LONG_AGO})

        anew = post(clinic, summary="Another")

        settle(clinic)
        assert (anew.status, is_replayed(anew)) == (202, False)
        assert anew.json["summary"] == "Another"
