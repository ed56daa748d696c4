"""The headers of every answer; those that never change are checked with each (contract.py)."""

import re
from typing import Any

import pytest

from functions.tracing import current_trace
from tests.api.caller import MEETINGS, Api, a_body
from tests.api.log import Log

MADE = re.compile(r"[0-9a-f]{32}")
TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE_ID}-b7ad6b7169203331-01"
ANSWERS: list[tuple[int, str, str, dict[str, Any]]] = [
    (200, "GET", MEETINGS, {}),
    (200, "OPTIONS", MEETINGS, {}),
    (202, "POST", MEETINGS, {"json": a_body(), "headers": {"Prefer": "wait=0"}}),
    (400, "POST", MEETINGS, {"json": {}}),
    (400, "GET", f"{MEETINGS}?x=1", {}),
    (404, "GET", f"{MEETINGS}x/", {}),
    (404, "GET", "/nowhere", {}),
    (405, "PUT", MEETINGS, {}),
    (406, "GET", MEETINGS, {"headers": {"Accept": "text/html"}}),
    (413, "POST", MEETINGS, {"data": b" " * 270_000, "content_type": "application/json"}),
    (415, "POST", MEETINGS, {"data": b"{}"}),
]


class TestRequestId:
    @pytest.mark.parametrize(("status", "method", "path", "request_"), ANSWERS)
    def test_every_answer_gives_it_back(
        self, api: Api, status: int, method: str, path: str, request_: dict[str, Any]
    ) -> None:
        headers = {**request_.get("headers", {}), "X-Request-Id": "xoma-1"}

        answer = api.send(method, path, **{**request_, "headers": headers})

        assert answer.status == status
        assert answer.headers["X-Request-Id"] == "xoma-1"

    def test_an_unforeseen_failure_gives_it_back(self, api: Api) -> None:
        api.store.error = RuntimeError("away")

        answer = api.get(MEETINGS, headers={"X-Request-Id": "xoma-1"})

        assert answer.status == 500
        assert answer.headers["X-Request-Id"] == "xoma-1"

    @pytest.mark.parametrize("given", ["a", "A-z_0.9", "x" * 128])
    def test_a_well_formed_one_is_taken(self, api: Api, given: str) -> None:
        answer = api.get(MEETINGS, headers={"X-Request-Id": given})

        assert answer.headers["X-Request-Id"] == given

    @pytest.mark.parametrize(
        "given",
        [
            "",
            " ",
            "x" * 129,
            "a b",
            "a\nSet-Cookie: x=y",
            "a\r\n\r\n<html>",
            "a\x00",
            "ñ",
            "ñ".encode().decode("latin-1"),
            "<script>",
            '"}',
            "paciente@correo.com",
            "a,b",
        ],
    )
    def test_any_other_is_replaced(self, api: Api, log: Log, given: str) -> None:
        answer = api.get(f"{MEETINGS}x/", environ_overrides={"HTTP_X_REQUEST_ID": given})

        made = answer.headers["X-Request-Id"]
        assert MADE.fullmatch(made)
        assert answer.json["request_id"] == made
        assert log.only("request")["request_id"] == made

    def test_one_is_made_for_each_request(self, api: Api) -> None:
        made = {api.get(MEETINGS).headers["X-Request-Id"] for _ in range(3)}

        assert len(made) == 3


class TestTrace:
    @pytest.mark.parametrize(
        "headers",
        [
            {"traceparent": TRACEPARENT},
            {"X-Cloud-Trace-Context": f"{TRACE_ID}/13212346234571234;o=1"},
            {"X-Cloud-Trace-Context": TRACE_ID.upper()},
            {"traceparent": TRACEPARENT, "X-Cloud-Trace-Context": f"{'1' * 32}/1;o=1"},
            {"traceparent": "00-nonsense", "X-Cloud-Trace-Context": f"{TRACE_ID}/1"},
        ],
    )
    def test_it_stands_in_every_line(self, api: Api, log: Log, headers: dict[str, str]) -> None:
        api.store.error = RuntimeError("away")

        api.get(MEETINGS, headers=headers)

        assert [line["message"] for line in log.lines] == ["unhandled exception", "request"]
        for line in log.lines:
            assert line["logging.googleapis.com/trace"] == (
                f"projects/clinic-project/traces/{TRACE_ID}"
            )

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"traceparent": TRACEPARENT.upper()},
            {"traceparent": TRACEPARENT + "-x"},
            {"traceparent": "x" * 5000},
            {"X-Cloud-Trace-Context": "paciente@correo.com"},
            {"X-Cloud-Trace-Context": f"{TRACE_ID}0"},
        ],
    )
    def test_what_is_no_trace_is_left_out(
        self, api: Api, log: Log, headers: dict[str, str]
    ) -> None:
        api.get(MEETINGS, headers=headers)

        assert "logging.googleapis.com/trace" not in log.only("request")

    @pytest.mark.parametrize(
        ("sent", "expected"),
        [
            ({"traceparent": TRACEPARENT}, {"traceparent": TRACEPARENT}),
            (
                {"X-Cloud-Trace-Context": f"{TRACE_ID}/1;o=1"},
                {"X-Cloud-Trace-Context": TRACE_ID},
            ),
            ({}, {}),
        ],
    )
    def test_a_task_carries_the_request_and_its_trace_along(
        self, api: Api, sent: dict[str, str], expected: dict[str, str]
    ) -> None:
        carried = []

        def remember(_: str) -> None:
            trace = current_trace.get()
            carried.append(trace.headers() if trace else None)

        api.queue.deliver = remember
        api.post(a_body(), headers={"X-Request-Id": "xoma-1", **sent})

        assert carried == [{"X-Request-Id": "xoma-1", **expected}]

    def test_nothing_is_left_for_the_next_request(self, api: Api) -> None:
        api.get(MEETINGS, headers={"X-Request-Id": "xoma-1"})

        assert current_trace.get() is None
