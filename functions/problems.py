"""Every answer that says no: RFC 9457 problem details with a stable code.

https://www.rfc-editor.org/rfc/rfc9457
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from functions.errors import (
    ConcurrentChange,
    InvalidRequest,
    InvalidTransition,
    MeetingNotFound,
    NothingToRetry,
    PermanentError,
    ReferenceTaken,
    RetryableError,
)
from functions.tracing import current_trace

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
MAX_FAULTS = 250
"""Of a body that is wrong in thousands of places the first ones are told."""


@dataclass(frozen=True)
class Problem:
    status: HTTPStatus
    code: str
    detail: str


CATALOGUE = {
    code: Problem(HTTPStatus(status), code, detail)
    for status, code, detail in (
        (400, "invalid_request", "`errors` lists every fault found."),
        (400, "bad_request", "The request is not well-formed HTTP."),
        (404, "not_found", "There is nothing at this path."),
        (404, "meeting_not_found", "There is no meeting with this id."),
        (405, "method_not_allowed", "`Allow` names the methods."),
        (406, "not_acceptable", "Only JSON is available: send `Accept: application/json`."),
        (
            409,
            "reference_taken",
            "The active meeting `existing_id` has this external_reference and other content.",
        ),
        (409, "invalid_transition", "The meeting is over: it can no longer change."),
        (409, "nothing_to_retry", "Only a meeting whose `calendar.state` is FAILED is retried."),
        (409, "concurrent_change", "Another request changed it at the same time: retry."),
        (413, "too_large", "The body must not exceed 64 KiB."),
        (415, "unsupported_media_type", "Send the body as application/json."),
        (500, "internal_error", "Unexpected error: search the logs for this `request_id`."),
        (503, "unavailable", "A dependency is not responding: retry."),
        (503, "misconfigured", "A dependency rejects the call: see `reason`."),
    )
}

OF_HTTP = {
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
}


def answer(code: str, headers: Mapping[str, str] | None = None, **members: Any) -> Response:
    """Return the problem of this code; `members` are its extensions."""
    problem = CATALOGUE[code]
    trace = current_trace.get()
    body = {
        "type": f"urn:meet-middleware:problem:{code}",
        "title": problem.status.phrase,
        "status": problem.status.value,
        "detail": problem.detail,
        "instance": request.path,
        "code": code,
        "request_id": trace.request_id if trace else None,
        **members,
    }
    return Response(json.dumps(body), problem.status.value, headers, mimetype=MEDIA_TYPE)


def register(app: Flask) -> None:
    """Answer every error of the app with a problem."""
    handle = app.register_error_handler
    handle(InvalidRequest, _invalid_request)
    handle(MeetingNotFound, lambda _: answer("meeting_not_found"))
    handle(ReferenceTaken, lambda e: answer("reference_taken", existing_id=e.existing_id))
    handle(InvalidTransition, lambda e: answer("invalid_transition", meeting_status=e.current))
    handle(NothingToRetry, lambda _: answer("nothing_to_retry"))
    handle(ConcurrentChange, lambda _: answer("concurrent_change"))
    handle(RetryableError, _unavailable)
    handle(PermanentError, _misconfigured)
    handle(HTTPException, _of_http)
    handle(Exception, _unforeseen)


def _invalid_request(error: InvalidRequest) -> Response:
    faults = [vars(fault) for fault in error.faults[:MAX_FAULTS]]
    return answer("invalid_request", errors=faults)


def _unavailable(error: RetryableError) -> Response:
    logger.warning("unavailable", extra={"code": error.code})
    return answer("unavailable", {"Retry-After": str(RETRY_AFTER_SECONDS)}, reason=error.code)


def _misconfigured(error: PermanentError) -> Response:
    logger.error(error.detail, extra={"code": error.code})
    return answer("misconfigured", reason=error.code)


def _of_http(error: HTTPException) -> Response:
    methods = error.valid_methods if isinstance(error, MethodNotAllowed) else None
    allow = {"Allow": ", ".join(sorted(methods))} if methods else {}
    return answer(OF_HTTP.get(error.code or 500, "bad_request"), allow)


def _unforeseen(error: Exception) -> Response:
    logger.error("unhandled exception", exc_info=error)
    return answer("internal_error")
