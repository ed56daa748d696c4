"""What reaches Sentry of an error, and what does not, byte by byte."""

import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processes.asking import MEETINGS, ask
from tests.sentry.conftest import function_of
from tests.sentry.receiver import KEY, Receiver, receiving
from tests.sentry.words import EMAIL, LINK, MEETING_ID, NAMES, TOKEN

EVERY_EVENT = {"environment", "event_id", "level", "logentry", "logger", "platform", "tags"}
EVERY_EVENT |= {"timestamp"}
TRACE_ID = "a" * 32
HEADERS = {
    "Authorization": f"Bearer {TOKEN}",
    "Cookie": f"session={TOKEN}",
    "User-Agent": EMAIL,
    "X-Forwarded-For": "203.0.113.77",
    "X-Request-Id": "xoma-1",
    "traceparent": f"00-{TRACE_ID}-{'b' * 16}-01",
}


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """What it has after a request to `api` that fails in a hundred words of others."""
    log = tmp_path_factory.mktemp("failed") / "log"
    with (
        receiving() as receiver,
        function_of("broken_source.py", "api", log, SENTRY_DSN=receiver.dsn) as api,
    ):
        api.start()
        body = {"organizer_email": EMAIL, "summary": LINK}
        answer = ask(api.url, "POST", f"{MEETINGS}?who={EMAIL}", body, HEADERS)
        api.signal(signal.SIGTERM)
        assert api.wait() == 0
        assert KEY not in api.output + api.errors
        assert answer.json["code"] == "internal_error"
        yield receiver


def exceptions(event: dict[str, Any]) -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = event["exception"]["values"]
    return values


class TestAnUnhandledException:
    def test_names_no_person_no_link_and_no_secret(self, failed: Receiver) -> None:
        assert len(failed.envelopes) == 2

        sent = "".join(failed.headers) + b"".join(failed.envelopes).decode()
        assert [name for name in (*NAMES, "203.0.113", "organizer") if name in sent] == []

    def test_has_what_is_allowed_and_nothing_else(self, failed: Receiver) -> None:
        [_, event] = failed.events

        assert event.keys() == EVERY_EVENT | {"exception"}
        for exception in exceptions(event):
            assert exception.keys() == {"type", "module", "value", "stacktrace"}
            assert exception["value"] == "withheld"
            for frame in exception["stacktrace"]["frames"]:
                assert frame.keys() == {"module", "function", "lineno", "in_app"}

    def test_leaves_out_of_a_line_what_was_filled_in(self, failed: Receiver) -> None:
        [line, _] = failed.events

        assert line.keys() == EVERY_EVENT
        assert line["logentry"] == {"message": "refused: %s"}
        assert line["tags"].keys() == {"request_id", "trace_id", "function", "route"}

    def test_tells_what_happened_where_and_in_which_request(self, failed: Receiver) -> None:
        [_, event] = failed.events

        assert event["logentry"] == {"message": "unhandled exception"}
        assert (event["level"], event["logger"]) == ("error", "functions.problems")
        assert event["environment"] == "clinic"
        assert event["tags"] == {
            "request_id": "xoma-1",
            "trace_id": TRACE_ID,
            "function": "api",
            "route": MEETINGS,
        }

    def test_has_each_exception_that_led_to_it_with_its_frames(self, failed: Receiver) -> None:
        [_, event] = failed.events

        types = [exception["type"] for exception in exceptions(event)]
        assert types == ["ConnectionError", "LookupError", "RuntimeError"]
        frames = exceptions(event)[-1]["stacktrace"]["frames"]
        assert frames[-1]["function"] == "fail"
        ours = [frame for frame in frames if frame["module"] == "functions.bootstrap.once"]
        assert ours and all(frame["in_app"] and frame["lineno"] > 0 for frame in ours)


def test_a_line_of_the_hour_has_its_code_its_meeting_and_its_task(
    receiver: Receiver, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with function_of("stuck_source.py", "sync_recording", log, SENTRY_DSN=receiver.dsn) as function:
        function.start()
        body, headers = {"meeting_id": MEETING_ID}, {"X-CloudTasks-TaskName": "look-1"}
        assert ask(function.url, "POST", "/", body, headers).status == 200
        assert ask(function.url, "POST", "/", body, headers).status == 200
        function.signal(signal.SIGTERM)
        assert function.wait() == 0

    [event] = receiver.events
    assert event.keys() == EVERY_EVENT
    assert event["logger"] == "functions.hourly_warnings"
    assert "Enable" in event["logentry"]["message"]
    tags = event["tags"]
    assert re.fullmatch(r"[0-9a-f]{32}", tags.pop("request_id"))
    assert tags == {
        "meeting_id": MEETING_ID,
        "code": "api_disabled",
        "task": "look-1",
        "function": "sync_recording",
        "route": "/",
    }
