"""The OpenAPI 3.1 document, made from the routes and what stands beside them.

It is made when it is first asked for: a function that starts cold pays nothing for it.
"""

import json
import re
from functools import cache
from typing import Any

from flask import Response
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from functions import problems
from functions.api.operations import Answer, Operation, operation
from functions.api.routes import ROUTES

REFERENCE = "#/components/schemas/{model}"
EVERYWHERE = ("bad_request", "not_acceptable", "internal_error", "unavailable", "misconfigured")
DESCRIPTION = (
    "Google Meet meetings for appointments. Times are RFC 3339 with an offset; every error is"
    " `application/problem+json` with a stable `code`."
)
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string", "enum": sorted(problems.CATALOGUE)},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {name: {"type": "string"} for name in ("pointer", "code", "message")},
            },
        },
        "existing_id": {"type": "string"},
        "meeting_status": {"type": "string"},
        "reason": {"type": "string"},
    },
}


@operation("This document", answers={200: Answer("OpenAPI 3.1.")})
def schema(_: object) -> Response:
    return Response(json.dumps(document()), mimetype="application/json")


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
        paths.setdefault(path, {})[route.method.lower()] = _operation(found, route.view, path)
    models = {model for _, found in described for model in _models(found)}
    _, schemas = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template=REFERENCE,
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Meet Middleware", "version": "1", "description": DESCRIPTION},
        "paths": paths,
        "components": {"schemas": {**schemas["$defs"], "Problem": PROBLEM}},
    }


def _models(described: Operation) -> set[type[BaseModel]]:
    bodies = {answer.body for answer in described.answers.values() if isinstance(answer.body, type)}
    return bodies if described.body is None else {*bodies, described.body}


def _operation(described: Operation, view: str, path: str) -> dict[str, Any]:
    responses = {str(status): _answer(answer) for status, answer in described.answers.items()}
    for status, problem in _problems((*described.problems, *EVERYWHERE)).items():
        if status in responses:
            responses[status]["content"] |= problem["content"]
            responses[status]["description"] += f" {problem['description']}"
        else:
            responses[status] = problem
    result: dict[str, Any] = {
        "operationId": view.replace(".", "_"),
        "tags": [view.partition(".")[0]],
        "summary": described.summary,
        "parameters": _parameters(described, path),
        "responses": responses,
    }
    if described.body is not None:
        schema = {"$ref": REFERENCE.format(model=described.body.__name__)}
        media_types = dict.fromkeys((described.body_media_type, "application/json"))
        result["requestBody"] = {
            "required": True,
            "content": {media_type: {"schema": schema} for media_type in media_types},
        }
    return result


def _parameters(described: Operation, path: str) -> list[dict[str, Any]]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]
    if described.query is not None:
        schema = described.query.model_json_schema(ref_template=REFERENCE)
        parameters += [
            {"name": name, "in": "query", "schema": value}
            for name, value in schema["properties"].items()
        ]
    parameters += [
        {"name": name, "in": "header", "schema": {"type": "string"}, "description": meaning}
        for name, meaning in {
            **described.headers,
            "X-Request-Id": "Echoed in the response and in every log line; generated if absent.",
        }.items()
    ]
    return parameters


def _answer(answer: Answer) -> dict[str, Any]:
    schema: Any = answer.body or {"type": "object"}
    if isinstance(schema, type):
        schema = {"$ref": REFERENCE.format(model=schema.__name__)}
    return {
        "description": answer.description,
        "headers": {
            name: {"schema": {"type": "string"}, "description": meaning}
            for name, meaning in answer.headers.items()
        },
        "content": {answer.media_type: {"schema": schema}},
    }


def _problems(codes: tuple[str, ...]) -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(problems.CATALOGUE[code].status.value, []).append(code)
    schema = {"$ref": REFERENCE.format(model="Problem")}
    return {
        str(status): {
            "description": " ".join(f"`{c}`: {problems.CATALOGUE[c].detail}" for c in together),
            "content": {problems.MEDIA_TYPE: {"schema": schema}},
        }
        for status, together in sorted(by_status.items())
    }
