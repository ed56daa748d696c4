"""Errors of ours as events of Sentry: what happened where, and nothing that may be anybody's data.

https://develop.sentry.dev/sdk/data-model/event-payloads/
"""

import atexit
import logging
import re
import threading
import time
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from flask import current_app, g, has_request_context, request, request_finished
from sentry_sdk import Client

from functions.tracing import current_trace
from infra.structured_logging import LABELS, OURS
from infra.tracebacks import MAX_FRAMES, WITHHELD, causes

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

WAIT_SECONDS = 2.0
"""As long as Sentry's own integrations of serverless functions wait.

https://docs.sentry.io/platforms/python/integrations/serverless/
"""

NO_WAIT_SECONDS = 60.0
"""After one wait in vain: a Sentry that is slow delays one request a minute, and no more."""

OF_THE_SDK = ("environment", "event_id", "platform", "release")
TAG = re.compile(r"[A-Za-z0-9._-]{1,128}")
LEVELS = {"CRITICAL": "fatal", "ERROR": "error"}


class SentryHandler(logging.Handler):
    """Sends errors in a thread of the client's own, which starts with the first one after a fork.

    The client is not the SDK's global one, and has no integration: it is told of nothing else.

    Raises:
        ValueError: the DSN is none; the message may repeat it.
    """

    def __init__(self, dsn: str, environment: str, release: str | None) -> None:
        super().__init__(logging.ERROR)
        self._client = Client(
            dsn=dsn,
            environment=environment,
            release=release or "",  # the SDK would run git for one
            before_send=_scrubbed,
            default_integrations=False,
            auto_session_tracking=False,
            enable_backpressure_handling=False,
            send_client_reports=False,
            spotlight=False,
            debug=False,
        )
        self._has_news = False
        self._waiting = threading.Lock()
        self._no_wait_until = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        # To tell of an error must not become one, and a traceback would quote the record.
        with suppress(Exception):
            self._client.capture_event({}, {"log_record": record})
            self._has_news = True

    def wait(self, *_: object, **__: object) -> None:
        """Wait until what there is has been sent, briefly, and in one thread at a time."""
        if not self._has_news or not self._waiting.acquire(blocking=False):
            return
        try:
            self._has_news = False
            began = time.monotonic()
            if began >= self._no_wait_until:
                self._client.flush(WAIT_SECONDS)
                if time.monotonic() - began >= WAIT_SECONDS:
                    self._no_wait_until = began + NO_WAIT_SECONDS
        finally:
            self._waiting.release()

    def end(self) -> None:
        self._client.close(WAIT_SECONDS)


def configure_sentry(dsn: str, environment: str, release: str | None, in_cloud: bool) -> None:
    """Send what our loggers say at ERROR and above; a library's lines go nowhere.

    Raises:
        ValueError: the DSN is none; the message may repeat it.
    """
    handler = SentryHandler(dsn, environment, release)
    for name in OURS:
        logging.getLogger(name).addHandler(handler)
    atexit.register(handler.end)
    if in_cloud:
        # Cloud Run takes the CPU away after the answer: what is not sent before may never be.
        # https://cloud.google.com/run/docs/tips/general#background-activity
        request_finished.connect(handler.wait, weak=False)


def _scrubbed(event: "Event", hint: "Hint") -> "Event":
    """Return an event made of what is allowed, whatever the SDK has put into its own."""
    own = {name: value for name, value in event.items() if name in OF_THE_SDK and value}
    return cast("Event", own | _event_of(hint["log_record"]))


def _event_of(record: logging.LogRecord) -> dict[str, Any]:
    told = {
        "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        "level": LEVELS.get(record.levelname, "error"),
        "logger": record.name,
        # The text as it stands in our code, without what is filled in.
        "logentry": {"message": str(record.msg)},
        "tags": _tags(record),
    }
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        told["exception"] = {"values": [_exception(one) for one in causes(error)]}
    return told


def _tags(record: logging.LogRecord) -> dict[str, str]:
    trace = current_trace.get()
    fields: dict[str, Any] = {
        "request_id": trace and trace.request_id,
        "trace_id": trace and trace.trace_id,
    }
    in_request = has_request_context()
    known = {**(g.get("log_fields", {}) if in_request else {}), **vars(record)}
    fields |= {name: known.get(name) for name in LABELS}
    tags = {name: str(value) for name, value in fields.items() if TAG.fullmatch(str(value or ""))}
    if in_request:
        tags["function"] = current_app.name
        # The rule and not the path: what a stranger sends may hold anything.
        tags["route"] = str(request.url_rule or "none")
    return tags


def _exception(error: BaseException) -> dict[str, Any]:
    """Describe an exception without its text, which may quote an answer of Google's."""
    frames = [_frame(*step) for step in traceback.walk_tb(error.__traceback__)][-MAX_FRAMES:]
    return {
        "type": type(error).__qualname__,
        "module": type(error).__module__,
        "value": WITHHELD,
        **({"stacktrace": {"frames": frames}} if frames else {}),
    }


def _frame(frame: Any, line: int) -> dict[str, Any]:
    module = str(frame.f_globals.get("__name__"))
    return {
        "module": module,
        "function": frame.f_code.co_qualname,
        "lineno": line,
        "in_app": module.partition(".")[0] in OURS,
    }
