"""Holds a request against the discovery document: every difference is a contract violation."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.workspace_double import field_mask, json_schema
from tests.workspace_double.discovery import Method, Schema
from tests.workspace_double.formats import is_text_of, is_whole_number
from tests.workspace_double.messages import HttpRequest

Demands = dict[str, dict[str, str | None]]


@dataclass
class CheckedRequest:
    """A request in Python's types, with all that is wrong with it."""

    parameters: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def check(
    method: Method, path_parameters: Mapping[str, str], request: HttpRequest, demands: Demands
) -> CheckedRequest:
    """Check parameters, body and what the double demands beyond Google's own rules.

    `demands` is method id → parameter → the value it must have, None for any.
    """
    checked = CheckedRequest()
    given: dict[str, list[str]] = {name: [text] for name, text in path_parameters.items()}
    for name, text in request.query:
        given.setdefault(name, []).append(text)
    for name, texts in given.items():
        _read_parameter(method, name, texts, checked)
    checked.problems += _missing_parameters(method, given, demands)
    if "fields" in given:
        checked.problems += field_mask.problems(given["fields"][0], method)
    if "updateMask" in checked.parameters:
        checked.problems += field_mask.update_problems(checked.parameters["updateMask"], method)
    alt = checked.parameters.get("alt", "json")
    if alt != "json" and not (alt == "media" and method.supports_media):
        checked.problems.append(f"parameter 'alt' is {alt!r}: this method does not answer with it")
    _read_body(method, request, checked)
    return checked


def _read_parameter(method: Method, name: str, texts: list[str], checked: CheckedRequest) -> None:
    schema = method.parameters.get(name)
    if schema is None:
        checked.problems.append(f"unknown parameter {name!r}")
        return
    if len(texts) > 1 and not schema.get("repeated"):
        checked.problems.append(f"parameter {name!r} given {len(texts)} times")
    values = []
    for text in texts:
        problem = _parameter_problem(schema, text)
        if problem:
            checked.problems.append(f"parameter {name!r} is {text!r}: {problem}")
        else:
            values.append(_parameter_value(schema, text))
    if values:
        checked.parameters[name] = values if schema.get("repeated") else values[0]


def _parameter_problem(schema: Schema, text: str) -> str | None:
    if schema["type"] == "boolean":
        return None if text in ("true", "false") else "expected true or false"
    if schema["type"] == "integer":
        return _integer_problem(schema, text)
    if "enum" in schema and text not in schema["enum"]:
        return f"expected one of {schema['enum']}"
    if "pattern" in schema and not re.search(schema["pattern"], text):
        return f"expected the pattern {schema['pattern']}"
    if "format" in schema and not is_text_of(schema["format"], text):
        return f"expected {schema['format']}"
    return None


def _integer_problem(schema: Schema, text: str) -> str | None:
    if not re.fullmatch(r"-?\d+", text) or not is_whole_number(int(text), schema.get("format")):
        return f"expected {schema.get('format', 'an integer')}"
    if not int(schema.get("minimum", text)) <= int(text) <= int(schema.get("maximum", text)):
        return f"expected {schema.get('minimum', '')}..{schema.get('maximum', '')}"
    return None


def _parameter_value(schema: Schema, text: str) -> Any:
    if schema["type"] == "boolean":
        return text == "true"
    return int(text) if schema["type"] == "integer" else text


def _missing_parameters(
    method: Method, given: Mapping[str, list[str]], demands: Demands
) -> Iterator[str]:
    for name, schema in method.parameters.items():
        if schema.get("required") and name not in given:
            yield f"missing required parameter {name!r}"
    for name, demanded in demands.get(method.id, {}).items():
        texts = given.get(name)
        if texts is None or demanded not in (None, texts[0]):
            wanted = f"{name}={demanded}" if demanded else name
            yield f"missing {wanted} (found {texts[0] if texts else 'nothing'})"


def _read_body(method: Method, request: HttpRequest, checked: CheckedRequest) -> None:
    if method.request is None:
        if request.body:
            checked.problems.append("this method takes no body")
        return
    content_type = request.headers.get("content-type", "")
    if request.body and not content_type.startswith("application/json"):
        checked.problems.append(f"Content-Type is {content_type!r}, expected application/json")
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        checked.problems.append("the body is not JSON")
        return
    checked.problems += json_schema.problems(body, method)
    if isinstance(body, dict):
        checked.body = body
