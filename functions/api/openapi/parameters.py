"""The parameters that an operation takes, and the headers that it answers with."""

import re
from collections.abc import Iterable
from typing import Any

from functions.api.idempotency import KEY
from functions.api.openapi.schemas import of_query, without_null
from functions.api.operations import Operation
from functions.api.routes import Route
from functions.models import MEETING_ID, USER_ID

ONE_ID = {"type": "string", "pattern": f"^{MEETING_ID.pattern}$"}
PARAMETERS: dict[str, tuple[dict[str, Any], str]] = {
    "meeting_id": (ONE_ID, "The meeting's id."),
    "participant_id": (ONE_ID, "The participant's id, in this meeting."),
    "recording_id": (ONE_ID, "The recording's id, in this meeting."),
    "user_id": (
        {"type": "string", "pattern": f"^{USER_ID.pattern}$"},
        "The user's id: the SHA-256 of the address in lower case, in hexadecimal digits.",
    ),
    "X-Request-Id": (
        {"type": "string"},
        "Echoed in the response and in every log line; made where it is absent, or not 1 to 128"
        " letters, digits, dots, dashes and underscores.",
    ),
    "Idempotency-Key": (
        {"type": "string", "pattern": f"^{KEY.pattern}$"},
        "Any word of the caller's own, like a UUID: the same request under the same key is done"
        " once and answered the same for 24 h, with `Idempotency-Replayed: true`; what was"
        " refused is not remembered.",
    ),
    "Prefer": (
        {"type": "string"},
        "`wait=N` waits N seconds for the link (default 10, at most 30); `respond-async` alone"
        " doesn't.",
    ),
    "If-Match": ({"type": "string"}, "The ETag that was read last: 412 where it changed since."),
    "If-None-Match": (
        {"type": "string"},
        "The ETag that is known: 304 where it is still the same.",
    ),
}
HEADERS: dict[str, tuple[dict[str, Any], str]] = {
    "ETag": ({"type": "string"}, "For `If-Match` and `If-None-Match`."),
    "Idempotency-Replayed": ({"const": "true"}, "There where the request was done before."),
    "Location": ({"type": "string", "format": "uri"}, "The URL of what was made."),
    "Preference-Applied": ({"type": "string"}, "What of `Prefer` was followed."),
    "Retry-After": ({"type": "integer"}, "Seconds; left out where waiting does not help."),
    "WWW-Authenticate": ({"type": "string"}, "`Bearer`, with the error of a token (RFC 6750)."),
    "X-Request-Id": ({"type": "string"}, "The request's id, for support and logs."),
}
SOMETIMES = frozenset({"Idempotency-Replayed", "Preference-Applied", "Retry-After"})


def parameters(route: Route, described: Operation, path: str) -> list[dict[str, Any]]:
    found = [_parameter(name, "path", required=True) for name in re.findall(r"{(\w+)}", path)]
    if described.query is not None:
        for name, value in of_query(described.query)["properties"].items():
            plain = without_null(value)
            meaning = {"description": plain.pop("description")} if "description" in plain else {}
            found.append({"name": name, "in": "query", **meaning, "schema": plain})
    headers = [*described.headers, "X-Request-Id"]
    if route.method != "GET":
        headers.append("Idempotency-Key")
    if described.is_conditional:
        headers.append("If-None-Match" if route.method == "GET" else "If-Match")
    return found + [_parameter(name, "header") for name in headers]


def _parameter(name: str, place: str, **more: bool) -> dict[str, Any]:
    schema, meaning = PARAMETERS[name]
    return {"name": name, "in": place, **more, "description": meaning, "schema": schema}


def headers(names: Iterable[str]) -> dict[str, Any]:
    return {
        name: {"$ref": f"#/components/headers/{name}"} for name in sorted({*names, "X-Request-Id"})
    }


def header(name: str) -> dict[str, Any]:
    schema, meaning = HEADERS[name]
    return {"description": meaning, "required": name not in SOMETIMES, "schema": schema}
