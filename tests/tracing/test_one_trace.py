"""One trace from the caller's request through the task to Google's call, as a receiver gets it."""

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.processes.asking import MEETINGS, Answer, ask
from tests.processes.clock import advance
from tests.processes.local_stack import Stack
from tests.processes.running import wait_until
from tests.tracing.receiver import ReceivedSpan, Receiver
from tests.values import GUEST, a_request

WITHIN_SECONDS = 20.0
POST = f"POST {MEETINGS}"
SPAN_ID = "00f067aa0ba902b7"


def post(stack: Stack, headers: Mapping[str, str], **changes: Any) -> Answer:
    body = a_request(**{"external_reference": secrets.token_hex(8), **changes})
    return ask(stack.url, "POST", MEETINGS, body, {"Prefer": "wait=10", **headers})


def received(receiver: Receiver, trace_id: str, *names: str) -> list[ReceivedSpan]:
    """Wait until each of these has come once, in this trace."""

    def named(name: str) -> list[ReceivedSpan]:
        return [span for span in receiver.of(trace_id) if span.name == name]

    wait_until(lambda: all(map(named, names)), WITHIN_SECONDS, f"{names} of {trace_id}")
    found = [named(name) for name in names]
    assert [len(spans) for spans in found] == [1] * len(names)
    return [spans[0] for spans in found]


@pytest.fixture
def trace_id() -> str:
    return secrets.token_hex(16)


class TestOneTrace:
    def test_it_goes_from_the_caller_to_google(
        self, stack: Stack, receiver: Receiver, trace_id: str
    ) -> None:
        answer = post(stack, {"traceparent": f"00-{trace_id}-{SPAN_ID}-01"})

        names = (POST, "CreateTask", "POST /", "events.insert")
        api, enqueue, task, insert = received(receiver, trace_id, *names)
        assert answer.status == 201
        spans = (api, enqueue, task, insert)
        assert [span.kind for span in spans] == ["SERVER", "PRODUCER", "SERVER", "CLIENT"]
        parents = [SPAN_ID, api.span_id, enqueue.span_id, task.span_id]
        assert [span.parent_id for span in spans] == parents
        assert not any(span.failed for span in spans)

    def test_the_spans_say_which_meeting_and_what_came_of_it(
        self, stack: Stack, receiver: Receiver, trace_id: str
    ) -> None:
        meeting_id = post(stack, {"traceparent": f"00-{trace_id}-{SPAN_ID}-01"}).json["id"]

        api, enqueue, task = received(receiver, trace_id, POST, "CreateTask", "POST /")
        assert api.attributes == {
            "faas.name": "api",
            "http.request.method": "POST",
            "http.route": MEETINGS,
            "http.response.status_code": 201,
            "meeting_id": meeting_id,
        }
        assert task.attributes == {
            "faas.name": "sync_calendar",
            "http.request.method": "POST",
            "http.route": "/",
            "http.response.status_code": 200,
            "meeting_id": meeting_id,
            "outcome": "SYNCED",
            "task": enqueue.attributes["task"],
        }

    def test_what_fails_is_failed_with_its_code(
        self, stack: Stack, receiver: Receiver, trace_id: str
    ) -> None:
        headers = {"traceparent": f"00-{trace_id}-{SPAN_ID}-01"}

        post(stack, headers, external_reference="sim-fail-delegation_missing-1")

        task, insert = received(receiver, trace_id, "POST /", "events.insert")
        assert insert.failed and insert.attributes["error.type"] == "delegation_missing"
        assert not task.failed and task.attributes["code"] == "delegation_missing"

    def test_the_log_lines_are_of_their_spans(
        self, stack: Stack, receiver: Receiver, trace_id: str
    ) -> None:
        headers = {"traceparent": f"00-{trace_id}-{SPAN_ID}-01", "X-Request-Id": trace_id}

        post(stack, headers)

        api, task = received(receiver, trace_id, POST, "POST /")
        lines = [json.loads(line) for line in stack.output.splitlines() if trace_id in line]
        assert lines
        assert {line["logging.googleapis.com/trace"] for line in lines} == {
            f"projects/local/traces/{trace_id}"
        }
        ids = {
            line["route"]: line["logging.googleapis.com/spanId"]
            for line in lines
            if line["message"] == "request"
        }
        assert ids == {MEETINGS: api.span_id, "/": task.span_id}

    def test_a_sweeps_threads_hand_over_below_the_sweep(
        self, stack: Stack, receiver: Receiver, trace_id: str
    ) -> None:
        start = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=5)
        end = start + timedelta(seconds=1)
        times = {"scheduled_start": start.isoformat(), "scheduled_end": end.isoformat()}
        made = [post(stack, {}, **times).json["id"] for _ in range(3)]
        assert advance(stack.url, 120).status == 200

        def handed_over() -> list[ReceivedSpan]:
            spans = receiver.spans
            sweeps = {s.span_id for s in spans if s.attributes.get("faas.name") == "sweep"}
            return [span for span in spans if span.parent_id in sweeps]

        wait_until(lambda: len(handed_over()) >= len(made), WITHIN_SECONDS, "the sweep's spans")
        assert {span.name for span in handed_over()} == {"CreateTask"}
        assert {str(span.attributes["task"]).partition("-look-")[0] for span in handed_over()} >= {
            *made
        }


class TestWhatTheCallerSends:
    @pytest.mark.parametrize(
        ("header", "parent"),
        [("{}/1234;o=1", f"{1234:016x}"), ("{}/1234", f"{1234:016x}"), ("{}", "")],
    )
    def test_googles_own_header_is_taken(
        self, stack: Stack, receiver: Receiver, trace_id: str, header: str, parent: str
    ) -> None:
        post(stack, {"X-Cloud-Trace-Context": header.format(trace_id)})

        api, insert = received(receiver, trace_id, POST, "events.insert")
        assert api.parent_id == parent

    @pytest.mark.parametrize(
        ("name", "value"),
        [("traceparent", f"00-{{}}-{SPAN_ID}-00"), ("X-Cloud-Trace-Context", "{}/1234;o=0")],
    )
    def test_of_what_is_not_sampled_nothing_is_sent(
        self, stack: Stack, receiver: Receiver, trace_id: str, name: str, value: str
    ) -> None:
        later = secrets.token_hex(16)

        post(stack, {name: value.format(trace_id)})
        post(stack, {"traceparent": f"00-{later}-{SPAN_ID}-01"})

        received(receiver, later, POST, "events.insert")
        assert receiver.of(trace_id) == []


class TestWhatIsNotSaid:
    def test_nothing_has_an_address_or_a_link(
        self, stack: Stack, receiver: Receiver, trace_id: str
    ) -> None:
        headers = {"traceparent": f"00-{trace_id}-{SPAN_ID}-01"}
        made = post(stack, headers).json
        path = f"{MEETINGS}{made['id']}/participants/"
        ask(stack.url, "POST", path, {"email": "madre@correo.com"}, headers)
        ask(stack.url, "GET", f"{MEETINGS}?participant_email={GUEST}", None, headers)
        ask(stack.url, "GET", f"{MEETINGS}{GUEST}/", None, headers)
        ask(stack.url, "GET", f"/{GUEST}", None, headers)
        ask(stack.url, "POST", MEETINGS, {"organizer_email": f"{GUEST} {GUEST}"}, headers)
        task = {"X-CloudTasks-TaskName": GUEST, **headers}
        ask(stack.url, "POST", "/sync_calendar/", {"meeting_id": GUEST}, task)
        ask(stack.url, "POST", "/api/v1/recordings/sync/", {"meeting": GUEST}, headers)

        def requests() -> list[ReceivedSpan]:
            return [span for span in receiver.of(trace_id) if span.parent_id == SPAN_ID]

        wait_until(lambda: len(requests()) == 8, WITHIN_SECONDS, "every request's span")
        texts = list(receiver.texts())
        assert MEETINGS in texts
        for secret in ("@", "%40", "correo", "meet_link", "simulated-rooms"):
            assert [text for text in texts if secret in text] == []

    def test_they_are_this_projects(self, stack: Stack, receiver: Receiver, trace_id: str) -> None:
        post(stack, {"traceparent": f"00-{trace_id}-{SPAN_ID}-01"})

        received(receiver, trace_id, POST)
        [resource] = receiver.requests[-1].resource_spans
        named = {a.key: a.value.string_value for a in resource.resource.attributes}
        assert named["gcp.project_id"] == "local"
        assert named["service.name"] == "meet-middleware"
