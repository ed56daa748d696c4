"""Faults on demand, from Python and over HTTP."""

import pytest
from google.api_core import exceptions
from werkzeug.test import Client

from infra.local.cloud_tasks import Faults
from tests.local_cloud_tasks.conftest import QUEUE
from tests.local_cloud_tasks.receiver import until


class TestRefusedCreates:
    def test_the_next_calls_fail_and_store_nothing(self, queue, create_task, stand_in, receiver):
        stand_in.faults.inject(refuse_creates=2)

        for _ in range(2):
            with pytest.raises(exceptions.ServiceUnavailable, match="fault on demand"):
                create_task("one")
        create_task("one")

        assert stand_in.wait_idle(20)
        assert len(receiver.requests) == 1

    def test_the_status_is_chosen(self, queue, create_task, stand_in):
        stand_in.faults.inject(refuse_creates=1, refuse_status="RESOURCE_EXHAUSTED")

        with pytest.raises(exceptions.ResourceExhausted):
            create_task()


class TestLostAnswers:
    @pytest.mark.parametrize(
        ("status", "error"),
        [
            ("UNAVAILABLE", exceptions.ServiceUnavailable),
            ("DEADLINE_EXCEEDED", exceptions.DeadlineExceeded),
        ],
    )
    def test_the_task_is_stored_and_a_replay_finds_it(
        self, queue, create_task, stand_in, receiver, status, error
    ):
        stand_in.faults.inject(lose_answers=1, lose_status=status)

        with pytest.raises(error):
            create_task("one")
        with pytest.raises(exceptions.AlreadyExists):
            create_task("one")

        receiver.wait_for(1)

    def test_a_refused_task_loses_no_answer(self, create_task, stand_in):
        stand_in.faults.inject(lose_answers=1)

        with pytest.raises(exceptions.NotFound):
            create_task()

        assert stand_in.faults.plan.lose_answers == 1


class TestDoubleDelivery:
    def test_the_next_tasks_arrive_twice_at_the_same_time(
        self, queue, create_task, stand_in, receiver
    ):
        stand_in.faults.inject(deliver_twice=1)
        receiver.gate.clear()

        create_task("twice")

        first, second = receiver.wait_for(2)
        assert receiver.in_progress == 2
        assert first == second
        receiver.gate.set()
        create_task("once")
        assert receiver.wait_for(3)[2].task_id == "once"
        assert stand_in.wait_idle(20)
        assert len(receiver.requests) == 3

    def test_one_success_is_enough(self, queue, create_task, stand_in, receiver, caplog):
        stand_in.faults.inject(deliver_twice=1)
        receiver.answers.append((200, {}))
        receiver.answers.append((200, {}))

        create_task()

        receiver.wait_for(2)
        assert stand_in.wait_idle(20)
        assert stand_in.pending(QUEUE) == []
        assert len(receiver.requests) == 2
        stand_in.stop()
        assert "unanswered" not in caplog.text


class TestLateDelivery:
    def test_the_next_tasks_come_after_their_time(
        self, queue, create_task, stand_in, receiver, clock
    ):
        stand_in.faults.inject(deliver_late=1, late_seconds=3600)
        due_at = create_task("late").schedule_time.timestamp()
        # The fault strikes when the task is due, not when it is created.
        until(lambda: stand_in.faults.plan.deliver_late == 0)
        create_task("in-time")
        assert [request.task_id for request in receiver.wait_for(1)] == ["in-time"]

        clock.advance(3601)

        late = receiver.wait_for(2)[1]
        assert late.task_id == "late"
        assert float(late.headers["x-cloudtasks-tasketa"]) == pytest.approx(due_at, abs=0.001)


class TestReversedDelivery:
    def test_the_next_tasks_come_last_first_when_all_are_due(
        self, queue, create_task, stand_in, receiver
    ):
        stand_in.faults.inject(deliver_reversed=3)
        create_task("a")
        create_task("b")
        until(lambda: stand_in.faults.plan.deliver_reversed == 1)
        assert receiver.requests == []

        create_task("c")

        assert [request.task_id for request in receiver.wait_for(3)] == ["c", "b", "a"]
        create_task("d")
        assert receiver.wait_for(4)[3].task_id == "d"

    def test_clearing_lets_go_of_what_is_held(self, queue, create_task, stand_in, receiver):
        stand_in.faults.inject(deliver_reversed=3)
        create_task("a")
        until(lambda: stand_in.faults.plan.deliver_reversed == 2)

        stand_in.faults.clear()

        receiver.wait_for(1)

    def test_a_held_task_can_be_deleted(self, queue, create_task, client, stand_in, receiver):
        stand_in.faults.inject(deliver_reversed=2)
        name = create_task("a").name
        until(lambda: stand_in.faults.plan.deliver_reversed == 1)
        client.delete_task(name=name)
        create_task("b")

        receiver.wait_for(1)
        assert stand_in.wait_idle(20)
        assert [request.task_id for request in receiver.requests] == ["b"]


class TestPlan:
    @pytest.mark.parametrize(
        ("fault", "message"),
        [
            ({"explode": 1}, "unknown fault explode; the known ones are refuse_creates"),
            ({"deliver_twice": -1}, "deliver_twice must be a count"),
            ({"deliver_twice": True}, "deliver_twice must be a count"),
            ({"deliver_twice": "1"}, "deliver_twice must be a count"),
            ({"refuse_status": "BROKEN"}, "refuse_status must be a gRPC error status"),
            ({"lose_status": "OK"}, "lose_status must be a gRPC error status"),
            ({"late_seconds": -1}, "late_seconds must be"),
            ({"late_seconds": "1"}, "late_seconds must be"),
            ({"late_seconds": float("nan")}, "late_seconds must be"),
        ],
    )
    def test_what_is_impossible_is_refused_and_changes_nothing(self, fault, message):
        faults = Faults()
        faults.inject(deliver_late=1)
        before = faults.plan

        with pytest.raises(ValueError, match=message):
            faults.inject(**fault)

        assert faults.plan == before

    def test_injected_faults_add_to_those_that_are_there(self):
        faults = Faults()
        faults.inject(deliver_late=1)
        faults.inject(deliver_twice=2)

        assert (faults.plan.deliver_late, faults.plan.deliver_twice) == (1, 2)


class TestOverHttp:
    def test_put_makes_the_plan_and_get_shows_what_is_left(self, queue, create_task, stand_in):
        http = Client(stand_in.wsgi_app)
        http.put("/faults", json={"deliver_twice": 7})

        response = http.put("/faults", json={"refuse_creates": 2})

        assert response.get_json()["refuse_creates"] == 2
        assert response.get_json()["deliver_twice"] == 0
        with pytest.raises(exceptions.ServiceUnavailable):
            create_task()
        assert http.get("/faults").get_json()["refuse_creates"] == 1

    def test_delete_clears_it(self, stand_in):
        http = Client(stand_in.wsgi_app)
        http.put("/faults", json={"deliver_twice": 7})

        assert http.delete("/faults").get_json()["deliver_twice"] == 0
        assert stand_in.faults.plan.deliver_twice == 0

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"explode": 1}', b'{"self": 1}', b"\xff"])
    def test_a_bad_body_is_a_400_that_says_why(self, stand_in, body):
        response = Client(stand_in.wsgi_app).put("/faults", data=body)

        assert response.status_code == 400
        assert response.get_json()["error"]

    def test_other_paths_and_methods_say_what_there_is(self, stand_in):
        http = Client(stand_in.wsgi_app)

        assert http.get("/nothing").status_code == 404
        assert "/faults" in http.get("/nothing").get_json()["error"]
        response = http.post("/faults")
        assert response.status_code == 405
        assert response.headers["Allow"] == "GET, PUT, DELETE"

    def test_it_can_be_mounted_under_a_prefix(self, stand_in):
        http = Client(stand_in.wsgi_app)

        response = http.get("/faults", base_url="http://localhost/cloud-tasks")

        assert response.status_code == 200
