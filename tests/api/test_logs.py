"""The log: a JSON line a request and a task, beside what is measured, and nobody's name in any."""

import re
from typing import Any

import pytest

from functions.errors import PermanentError, RetryableError
from functions.models import Participant, Role, new_id
from tests.api.caller import LINKS, MEETINGS, Api, a_body
from tests.api.log import Log
from tests.api.worker import Worker

ALWAYS = {"severity", "message", "logger", "time", "request_id", "httpRequest", "route"}
ALWAYS |= {"duration_ms"}
LABELS = "logging.googleapis.com/labels"
PRIVATE = {
    "organizer_email": "dr.strange@clinica.com",
    "invited_emails": ["jane.doe@correo.com", "john@exämple.es"],
    "summary": "Colonoscopy",
    "description": "Fasting\nfrom midnight",
    "external_reference": "passport-X1234567",
}
WORDS = ["strange", "clinica.com", "jane", "doe", "correo", "john", "xn--", "olonoscop"]
WORDS += ["asting", "midnight", "passport", "x1234567", LINKS.removeprefix("https://")]


class TestOneLine:
    """Of its own; what is measured on the way has lines beside it."""

    def test_a_request_has_one_with_its_meeting(self, api: Api, log: Log) -> None:
        made = api.post(a_body(), headers={"X-Request-Id": "xoma-1"}).json

        line = log.only("request")
        assert set(line) == ALWAYS | {"meeting_id", LABELS}
        assert line[LABELS] == {"meeting_id": made["id"]}
        assert line["severity"] == "INFO"
        assert line["message"] == "request"
        assert line["request_id"] == "xoma-1"
        assert line["route"] == MEETINGS
        assert line["httpRequest"]["requestMethod"] == "POST"
        assert line["httpRequest"]["status"] == 202
        assert re.fullmatch(r"\d+\.\d{6}s", line["httpRequest"]["latency"])
        assert line["meeting_id"] == made["id"]
        assert 0 <= line["duration_ms"] < 10_000

    @pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
    def test_the_path_is_told_by_its_pattern(self, api: Api, log: Log, method: str) -> None:
        meeting_id = "f" * 32

        api.send(method, f"{MEETINGS}{meeting_id}/", json={})

        line = log.only("request")
        assert line["route"] == f"{MEETINGS}<meeting_id>/"
        assert line["meeting_id"] == meeting_id
        assert line["httpRequest"]["status"] == 404

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/jane.doe@correo.com"),
            ("GET", f"{MEETINGS}jane/"),
            ("GET", f"{MEETINGS}?jane=doe"),
            ("PUT", f"{MEETINGS}jane"),
        ],
    )
    def test_a_strangers_path_is_not_told(self, api: Api, log: Log, method: str, path: str) -> None:
        api.send(method, path)

        [text] = log.text
        assert "jane" not in text

    def test_a_task_has_one_with_its_name_and_outcome(self, worker: Worker, log: Log) -> None:
        meeting_id = worker.a_meeting()

        worker.deliver(meeting_id, name="task-1", headers={"X-Request-Id": "xoma-1"})

        line = log.only("request")
        assert set(line) == ALWAYS | {"task", "meeting_id", "outcome", LABELS}
        assert line["request_id"] == "xoma-1"
        assert line["task"] == "task-1"
        assert line["meeting_id"] == meeting_id
        assert line["outcome"] == "SYNCED"
        assert line["httpRequest"]["status"] == 200

    def test_a_task_that_failed_has_its_code(self, worker: Worker, log: Log) -> None:
        meeting_id = worker.a_meeting(external_reference="sim-fail-api_disabled-x")

        worker.deliver(meeting_id)

        assert log.only("request")["outcome"] == "FAILED"
        assert log.only("request")["code"] == "api_disabled"

    def test_a_task_that_is_tried_again_has_its_code_beside_its_meeting(
        self, worker: Worker, log: Log
    ) -> None:
        meeting_id = worker.a_meeting(external_reference="sim-transient-1-x")

        worker.deliver(meeting_id)

        line = log.only("request")
        assert line["httpRequest"]["status"] == 503
        assert (line["meeting_id"], line["code"]) == (meeting_id, "google_unavailable")
        assert line[LABELS] == {"meeting_id": meeting_id, "code": "google_unavailable", "task": "t"}

    def test_a_sweep_has_one_with_its_counts(self, worker: Worker, log: Log) -> None:
        worker.sweep()

        line = log.only("request")
        assert (line["nudged"], line["failed"], line["is_complete"]) == (0, 0, True)


class TestPrivacy:
    def test_nobody_is_named_whatever_happens(self, api: Api, worker: Worker, log: Log) -> None:
        api.queue.deliver = api.sync
        made = api.post(a_body(**PRIVATE), prefer="wait=5")
        assert made.status == 201
        meeting_id = made.json["id"]
        one = f"{MEETINGS}{meeting_id}/"
        api.post(a_body(**PRIVATE))
        api.post(a_body(**{**PRIVATE, "notify": "none"}))
        api.get(one)
        api.get(MEETINGS)
        api.get(f"{MEETINGS}?jane=doe&cursor=passport-X1234567")
        api.patch(meeting_id, {"summary": "Colonoscopy, again", "description": None})
        api.patch(meeting_id, {"organizer_email": "dr.strange@clinica.com"})
        for field, value in PRIVATE.items():
            api.post(a_body(**{**PRIVATE, field: [value, value], f"jane {field}": value}))
        api.post('{"jane": "doe", "jane": "doe"}')
        api.post("jane.doe@correo.com")
        api.send("POST", MEETINGS, data="jane.doe@correo.com", content_type="text/jane")
        api.send("PUT", f"{one}jane.doe@correo.com")
        api.queue.error = RetryableError("queue_unavailable", "away")
        api.patch(meeting_id, {"summary": "Colonoscopy, later"})
        api.queue.error = PermanentError("queue_refuses", "Grant the role.")
        api.delete(meeting_id)
        api.patch(meeting_id, {"summary": "Colonoscopy, too late"})
        for error in (RuntimeError("away"), RetryableError("store_unavailable", "away")):
            api.store.error = error
            api.post(a_body(**PRIVATE))
            api.get(one)
        for reference in ("passport-X1234567", "sim-fail-api_disabled-passport-X1234567"):
            self._run_task(worker, {**PRIVATE, "external_reference": reference})

        assert len(log.lines) > 30
        assert [(word, line) for line in log.text for word in WORDS if word in line.lower()] == []

    def _run_task(self, worker: Worker, fields: dict[str, Any]) -> None:
        guests = fields.pop("invited_emails")
        participants = tuple(Participant(id=new_id(), email=g, role=Role.GUEST) for g in guests)
        meeting_id = worker.a_meeting(**fields, participants=participants)
        worker.deliver(meeting_id)
        worker.store.error = RuntimeError("away")
        worker.deliver(meeting_id)
        worker.store.error = None
