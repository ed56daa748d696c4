"""The OpenAPI 3.1 document, made from the routes and what stands beside them.

It is made when it is first asked for: a function that starts cold pays nothing for it.
"""

import json
import re
from functools import cache
from typing import Any

from flask import Response

from functions.api.openapi.parameters import HEADERS, header, parameters
from functions.api.openapi.responses import example, responses
from functions.api.openapi.schemas import REFERENCE, schemas
from functions.api.operations import Answer, Operation, operation
from functions.api.routes import ROUTES, Route
from functions.problems import CATALOGUE

DESCRIPTION = """\
Google Meet meetings for appointments. Times are RFC 3339 with an offset; the last slash of a path
may be left out.

An **admin** may do everything, a **service** all but manage users; an **external** caller reads
the meetings that it takes part in, and for it there are no others.

Every error is `application/problem+json` (RFC 9457) with one of these codes:

| code | status | what it means |
|---|---|---|
"""
TAGS = {
    "meetings": "Appointments, each with a calendar event and a Meet link of its own.",
    "participants": "Who takes part: the organizer, and guests.",
    "recordings": "What Google Meet recorded, and what an operator registers.",
    "users": "Who may call, and as what.",
    "system": "Whether the product works, and this document.",
}
OTHER_TAGS = {
    "batch": "meetings",
    "meeting_list": "meetings",
    "timeline": "meetings",
    "attendance": "meetings",
    "recording_sync": "recordings",
    "doctor": "system",
    "health": "system",
    "ready": "system",
    "openapi": "system",
}
SECURITY = {
    "bearerAuth": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An OIDC ID token whose verified email is a user's. It may also come in"
        " `X-Serverless-Authorization`.",
    }
}


@operation("getSchema", "This document", answers={200: Answer("OpenAPI 3.1.", {"type": "object"})})
def schema(_: object) -> Response:
    return Response(json.dumps(document(), separators=(",", ":")), mimetype="application/json")


@cache
def document() -> dict[str, Any]:
    """Return the document of every route whose view has an operation beside it."""
    described = [
        (route, found)
        for route in ROUTES
        if (found := vars(route.load()).get("operation")) is not None
    ]
    paths: dict[str, Any] = {}
    for route, found in described:
        path = re.sub(r"<(\w+)>", r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, found, path)
    codes = (f"| `{p.code}` | {p.status.value} | {p.detail} |" for p in CATALOGUE.values())
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Meet Middleware",
            "version": "1",
            "description": DESCRIPTION + "\n".join(codes),
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": meaning} for name, meaning in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas([operation for _, operation in described]),
            "headers": {name: header(name) for name in HEADERS},
            "examples": {problem.code: example(problem) for problem in CATALOGUE.values()},
            "securitySchemes": SECURITY,
        },
    }


def _operation(route: Route, described: Operation, path: str) -> dict[str, Any]:
    module = route.view.partition(".")[0]
    result: dict[str, Any] = {
        "operationId": described.name,
        "tags": [OTHER_TAGS.get(module, module)],
        "summary": described.summary,
        "description": " ".join(filter(None, (described.description, _callers(route)))),
        "parameters": parameters(route, described, path),
        "responses": responses(route, described),
        "security": [] if route.roles is None else [{"bearerAuth": []}],
    }
    if described.body is not None:
        schema = {"$ref": REFERENCE.format(model=described.body.__name__)}
        content = {"schema": schema, "example": described.body.model_json_schema()["example"]}
        media_types = dict.fromkeys((described.body_media_type, "application/json"))
        result["requestBody"] = {
            "required": described.is_body_required,
            "content": {media_type: content for media_type in media_types},
        }
    return result


def _callers(route: Route) -> str:
    if route.roles is None:
        return "For everybody, also without a token."
    return f"For the roles {', '.join(sorted(route.roles))}."
