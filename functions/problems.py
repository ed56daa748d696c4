"""Every answer that says no: RFC 9457 problem details with a stable code.

https://www.rfc-editor.org/rfc/rfc9457
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, json, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from functions.errors import (
    ConcurrentChange,
    InvalidRequest,
    InvalidToken,
    InvalidTransition,
    KeyTaken,
    MeetingNotFound,
    NothingToRetry,
    PermanentError,
    RateLimited,
    ReferenceTaken,
    Refused,
    RetryableError,
    UserNotFound,
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
        (401, "unauthenticated", "Send an OIDC ID token: `Authorization: Bearer …`."),
        (401, "invalid_token", "The ID token is not accepted: see `reason`."),
        (403, "unknown_caller", "The token is valid, but nobody has this address: see `users/`."),
        (403, "forbidden", "The caller's role does not allow this operation."),
        (404, "not_found", "There is nothing at this path."),
        (404, "meeting_not_found", "There is no meeting with this id."),
        (404, "participant_not_found", "The meeting has no participant with this id."),
        (404, "recording_not_found", "The meeting has no recording with this id."),
        (404, "recording_pending", "No recording is available yet: ask again later."),
        (404, "recording_absent", "There is no recording: `reason` says why, where it is known."),
        (404, "recording_failed", "Google could not be asked for a recording: see `reason`."),
        (404, "user_not_found", "There is no user with this id."),
        (405, "method_not_allowed", "`Allow` names the methods."),
        (406, "not_acceptable", "Only JSON is available: send `Accept: application/json`."),
        (
            409,
            "reference_taken",
            "The active meeting `existing_id` has this external_reference and other content.",
        ),
        (409, "invalid_transition", "A finished or cancelled meeting can no longer change."),
        (
            409,
            "nothing_to_retry",
            "Only a meeting whose `calendar.state` is FAILED is retried; for recordings there is"
            " `recordings/sync/`.",
        ),
        (
            409,
            "nothing_to_look_at",
            "Google Meet is asked of meetings that have a room, have begun and are not cancelled.",
        ),
        (409, "concurrent_change", "Another request changed it at the same time: retry."),
        (409, "participant_exists", "This address takes part already."),
        (409, "organizer_required", "The organizer can be neither changed nor removed."),
        (409, "too_many_participants", "A meeting has 200 participants at most."),
        (409, "recording_exists", "The meeting has a recording of this Drive file."),
        (409, "too_many_recordings", "A meeting has 100 recordings at most."),
        (409, "user_exists", "The user `existing_id` has this address: change that one."),
        (409, "last_admin", "Somebody must stay an active admin: make another one first."),
        (412, "precondition_failed", "It is no longer as `If-Match` says: read it again."),
        (413, "too_large", "The body must not exceed 256 KiB."),
        (415, "unsupported_media_type", "Send application/json or application/merge-patch+json."),
        (422, "idempotency_key_reused", "This Idempotency-Key came with another request."),
        (429, "rate_limited", "Too many requests: wait for as long as `Retry-After` says."),
        (500, "internal_error", "Unexpected error: search the logs for this `request_id`."),
        (503, "unavailable", "A dependency is not responding: retry."),
        (503, "misconfigured", "A dependency rejects the call: see `reason`."),
    )
}

CHALLENGES = {
    "unauthenticated": {"WWW-Authenticate": "Bearer"},
    "invalid_token": {"WWW-Authenticate": 'Bearer error="invalid_token"'},
}
"""https://www.rfc-editor.org/rfc/rfc6750#section-3"""

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
    handle(UserNotFound, lambda _: answer("user_not_found"))
    handle(ReferenceTaken, lambda e: answer("reference_taken", existing_id=e.existing_id))
    handle(InvalidTransition, lambda e: answer("invalid_transition", meeting_status=e.current))
    handle(Refused, lambda e: answer(e.code, CHALLENGES.get(e.code), **e.members))
    handle(InvalidToken, _invalid_token)
    handle(RateLimited, _rate_limited)
    handle(NothingToRetry, lambda _: answer("nothing_to_retry"))
    handle(ConcurrentChange, lambda _: answer("concurrent_change"))
    handle(KeyTaken, lambda _: answer("concurrent_change"))
    handle(RetryableError, _unavailable)
    handle(PermanentError, _misconfigured)
    handle(HTTPException, _of_http)
    handle(Exception, _unforeseen)


def _invalid_request(error: InvalidRequest) -> Response:
    faults = [vars(fault) for fault in error.faults[:MAX_FAULTS]]
    return answer("invalid_request", errors=faults)


def _invalid_token(error: InvalidToken) -> Response:
    logger.warning("invalid token", extra={"code": error.reason})
    return answer("invalid_token", CHALLENGES["invalid_token"], reason=error.reason)


def _rate_limited(error: RateLimited) -> Response:
    return answer("rate_limited", {"Retry-After": str(error.retry_after_seconds)})


def _unavailable(error: RetryableError) -> Response:
    logger.warning("unavailable", extra={"code": error.code})
    _note(error.code)
    return answer("unavailable", {"Retry-After": str(RETRY_AFTER_SECONDS)}, reason=error.code)


def _misconfigured(error: PermanentError) -> Response:
    logger.error(error.detail, extra={"code": error.code})
    _note(error.code)
    return answer("misconfigured", reason=error.code)


def _note(code: str) -> None:
    """Put the code into the line of the request, which has the meeting and the task."""
    g.log_fields = {**g.get("log_fields", {}), "code": code}


def _of_http(error: HTTPException) -> Response:
    if error.code is None or error.code >= 500:
        # Flask's own word for what was raised outside of a view.
        return _unforeseen(getattr(error, "original_exception", None) or error)
    methods = error.valid_methods if isinstance(error, MethodNotAllowed) else None
    allow = {"Allow": ", ".join(sorted(methods))} if methods else {}
    return answer(OF_HTTP.get(error.code, "bad_request"), allow)


def _unforeseen(error: Exception) -> Response:
    logger.error("unhandled exception", exc_info=error)
    return answer("internal_error")
