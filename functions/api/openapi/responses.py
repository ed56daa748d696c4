"""What an operation can answer: its own answers, and every problem that it can have."""

from collections.abc import Iterable
from typing import Any

from functions.api.openapi.parameters import headers
from functions.api.openapi.schemas import REFERENCE
from functions.api.operations import Answer, Operation
from functions.api.routes import EVERY_USER, Route
from functions.problems import CATALOGUE, MEDIA_TYPE, Problem

EVERYWHERE = ("bad_request", "not_acceptable", "internal_error")
OF_BODIES = ("invalid_request", "too_large", "unsupported_media_type")
OF_CALLERS = (
    "invalid_request",
    "unauthenticated",
    "invalid_token",
    "unknown_caller",
    "rate_limited",
    "unavailable",
    "misconfigured",
)
OF_CHANGES = ("invalid_request", "idempotency_key_reused", "concurrent_change")
OF_STATUS = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}


def responses(route: Route, described: Operation) -> dict[str, Any]:
    found = {
        str(status): _answer(route, described, answer)
        for status, answer in described.answers.items()
    }
    if described.is_conditional and route.method == "GET":
        known = Answer("It is still what `If-None-Match` names.")
        found["304"] = _answer(route, described, known, "ETag")
    codes = (*described.problems, *_implied_problems(route, described), *EVERYWHERE)
    for status, problem in _problems(codes).items():
        if status in found:
            found[status]["content"] |= problem["content"]
            found[status]["headers"] |= problem["headers"]
            found[status]["description"] += f" {problem['description']}"
        else:
            found[status] = problem
    return found


def _implied_problems(route: Route, described: Operation) -> list[str]:
    """Return the codes that follow from what an operation takes, and whom."""
    codes = list(OF_BODIES if described.body else ())
    if route.roles is not None:
        codes += OF_CALLERS
        codes += ["forbidden"] if route.roles != EVERY_USER else []
    if route.method != "GET":
        codes += OF_CHANGES
        codes += ["precondition_failed"] if described.is_conditional else []
    return codes


def _answer(route: Route, described: Operation, answer: Answer, *more: str) -> dict[str, Any]:
    names = {*answer.headers, *more}
    if described.is_conditional and answer.body is not None:
        names.add("ETag")
    if route.method != "GET":
        names.add("Idempotency-Replayed")
    result: dict[str, Any] = {"description": answer.description, "headers": headers(names)}
    if answer.body is not None:
        schema: Any = answer.body
        if isinstance(schema, type):
            schema = {"$ref": REFERENCE.format(model=schema.__name__)}
        result["content"] = {answer.media_type: {"schema": schema}}
    return result


def example(problem: Problem) -> dict[str, Any]:
    value = {
        "type": f"urn:meet-middleware:problem:{problem.code}",
        "title": problem.status.phrase,
        "status": problem.status.value,
        "detail": problem.detail,
        "instance": "/api/v1/meetings/",
        "code": problem.code,
        "request_id": "0f8fad5bd9cb469fa16570867728950e",
    }
    return {"summary": problem.detail, "value": value}


def _problems(codes: Iterable[str]) -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        by_status.setdefault(CATALOGUE[code].status.value, []).append(code)
    return {
        str(status): {
            "description": " ".join(f"`{code}`: {CATALOGUE[code].detail}" for code in together),
            "headers": headers(OF_STATUS.get(status, ())),
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": REFERENCE.format(model="Problem")},
                    "examples": {
                        code: {"$ref": f"#/components/examples/{code}"} for code in together
                    },
                }
            },
        }
        for status, together in sorted(by_status.items())
    }
