"""Whether a deployment answers: `python3 -m tests.deployment.smoke URL`, with ID_TOKEN.

It needs the standard library alone. With the mock it makes a meeting, which has to have a link, and
cancels it; at Google it makes none.
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

READY_WITHIN_SECONDS = 180.0
"""New rights and a new certificate take their time."""

RETRY_EVERY_SECONDS = 5.0
TIMEOUT_SECONDS = 65.0


class Failed(Exception):
    """The deployment does not do what it must; the text says what."""


class Answer(NamedTuple):
    status: int
    body: Any


class Api:
    def __init__(self, url: str, token: str | None) -> None:
        self._url = f"{url.rstrip('/')}/api/v1/"
        self._authorization = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Return the answer; status 0 where there is none."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **self._authorization, **(headers or {})}
        request = urllib.request.Request(self._url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
                return Answer(response.status, _json(response.read()))
        except urllib.error.HTTPError as error:
            return Answer(error.code, _json(error.read()))
        except OSError as error:
            return Answer(0, type(error).__name__)


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def smoke_test(api: Api, nobody: Api, livemode: bool, is_over: Callable[[], bool]) -> None:
    """Raise Failed at the first thing that is wrong; nothing is left behind."""
    for path in ("health/", "ready/"):
        while not _is_well(answer := api.ask("GET", path)):
            if is_over():
                raise Failed(f"{path} answers {answer.status}: {answer.body}")
            time.sleep(RETRY_EVERY_SECONDS)
    status, _ = nobody.ask("GET", "meetings/")
    if status not in (401, 403):
        raise Failed(f"meetings/ answers {status} to a caller without a token")
    if not livemode:
        _make_and_cancel(api)


def _is_well(answer: Answer) -> bool:
    """Return whether nothing is wrong but queues that somebody paused, as for a restore."""
    if answer.status != 503 or not answer.body:
        return answer.status == 200
    checks = answer.body.get("checks", {}).values()
    wrong = {check["code"] for check in checks if not check["ok"]}
    return wrong == {"queue_paused"}


def _make_and_cancel(api: Api) -> None:
    start = datetime.now(UTC) + timedelta(days=1)
    status, meeting = api.ask(
        "POST",
        "meetings/",
        {
            "organizer_email": "smoke-test@clinica.com",
            "invited_emails": ["guest@clinica.com"],
            "scheduled_start": start.isoformat(),
            "scheduled_end": (start + timedelta(minutes=30)).isoformat(),
            "notify": "none",
        },
        {"Prefer": "wait=30", "Idempotency-Key": str(uuid.uuid4())},
    )
    if status not in (201, 202):
        raise Failed(f"a meeting is answered with {status}: {meeting}")
    cancelled = api.ask("DELETE", f"meetings/{meeting['id']}/")
    if meeting["livemode"]:
        raise Failed("it made a meeting at Google, and cancelled it: it should be the mock")
    if not meeting["meet_link"]:
        raise Failed(f"a meeting has no link after 30 s: {meeting['calendar']}")
    if cancelled.status != 200 or cancelled.body["status"] != "CANCELLED":
        raise Failed(f"cancelling a meeting is answered with {cancelled.status}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="of the API, without /api/v1")
    parser.add_argument("--livemode", choices=("True", "False"), required=True)
    parser.add_argument("--ready-within-seconds", type=float, default=READY_WITHIN_SECONDS)
    arguments = parser.parse_args()
    give_up_at = time.monotonic() + arguments.ready_within_seconds
    try:
        smoke_test(
            Api(arguments.url, os.environ["ID_TOKEN"]),
            Api(arguments.url, None),
            arguments.livemode == "True",
            lambda: time.monotonic() >= give_up_at,
        )
    except Failed as failed:
        sys.exit(f"smoke test: {failed}")
    print("smoke test: passed")


if __name__ == "__main__":
    main()
