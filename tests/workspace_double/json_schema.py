"""Holds a JSON body against the schemas of a discovery document."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.workspace_double.discovery import Method, Schema
from tests.workspace_double.formats import is_text_of, is_whole_number

_READ_ONLY = re.compile(r"(?:^|\.\s+)(?:Read[- ]only|Output only)\b", re.IGNORECASE)
# Calendar has no `enum` in its bodies: the values stand in the description, one a line.
_DOCUMENTED_VALUE = re.compile(r'^- "([^"]+)" -', re.MULTILINE)
# Drive has none either: one sentence of the description lists them.
_SUPPORTED_VALUES = re.compile(r"Supported values include:((?: \* `\w+`)+)")
# Drive's document marks as output what `permissions.create` must be given.
_WRITABLE_NONETHELESS = {("Permission", "domain"), ("Permission", "emailAddress")}


def problems(body: Any, method: Method) -> Iterator[str]:
    """Name every way in which the body is not what the method takes."""
    if method.request is None:
        raise ValueError(f"{method.id} takes no body")
    yield from _Check(method).value(body, method.request, "body")


@dataclass(frozen=True)
class _Check:
    method: Method

    def value(self, value: Any, schema: Schema, where: str) -> Iterator[str]:
        if "$ref" in schema:
            schema = self.method.schemas[schema["$ref"]]
        match schema.get("type"):
            case "object":
                yield from self._object(value, schema, where)
            case "array":
                yield from self._array(value, schema, where)
            case "any":
                return
            case _:
                problem = _scalar_problem(value, schema)
                if problem:
                    yield f"{where} is {value!r}: {problem}"

    def _object(self, value: Any, schema: Schema, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where} is {value!r}: expected an object"
            return
        properties: dict[str, Schema] = schema.get("properties", {})
        for name, item in value.items():
            property_schema = properties.get(name, schema.get("additionalProperties"))
            if property_schema is None:
                yield f"unknown field {where}.{name}"
            elif _is_read_only(property_schema) and (
                (schema.get("id"), name) not in _WRITABLE_NONETHELESS
            ):
                yield f"{where}.{name} is read-only"
            elif item is not None:  # Google takes null for an absent field, or to remove it.
                yield from self.value(item, property_schema, f"{where}.{name}")
        for name, property_schema in properties.items():
            required_by = property_schema.get("annotations", {}).get("required", ())
            if self.method.id in required_by and value.get(name) is None:
                yield f"missing {where}.{name}"

    def _array(self, value: Any, schema: Schema, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where} is {value!r}: expected an array"
            return
        for index, item in enumerate(value):
            yield from self.value(item, schema["items"], f"{where}[{index}]")


def _is_read_only(schema: Schema) -> bool:
    return bool(schema.get("readOnly") or _READ_ONLY.search(schema.get("description", "")))


def _scalar_problem(value: Any, schema: Schema) -> str | None:
    match schema["type"]:
        case "boolean":
            return None if isinstance(value, bool) else "expected true or false"
        case "integer":
            good = type(value) is int and is_whole_number(value, schema.get("format"))
            return None if good else f"expected {schema.get('format', 'an integer')}"
        case "number":
            good = isinstance(value, int | float) and not isinstance(value, bool)
            return None if good else "expected a number"
    return _text_problem(value, schema)


def _documented_values(description: str) -> list[str]:
    supported = _SUPPORTED_VALUES.search(description)
    if supported:
        return re.findall(r"\w+", supported[1])
    return _DOCUMENTED_VALUE.findall(description)


def _text_problem(value: Any, schema: Schema) -> str | None:
    if not isinstance(value, str):
        return "expected a string"
    description = schema.get("description", "")
    values = schema.get("enum") or _documented_values(description)
    if values and value not in values:
        return f"expected one of {values}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return f"expected the pattern {schema['pattern']}"
    # EventDateTime.dateTime may lack the offset when timeZone says it.
    naive_allowed = "unless a time zone" in description
    format_name = schema.get("format")
    if format_name and not is_text_of(format_name, value, naive_allowed=naive_allowed):
        return f"expected {format_name}"
    return None
