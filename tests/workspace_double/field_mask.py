"""Partial responses: the `fields` parameter, such as `items(id,status),nextPageToken`."""

import re
from collections.abc import Iterator
from typing import Any

from tests.workspace_double.discovery import Method, Schema

# Field name → what is wanted below it; an empty mask wants everything.
Mask = dict[str, "Mask"]


def parse(text: str) -> Mask:
    """Read a mask.

    Raises:
        ValueError: the text is not a field mask.
    """
    tokens = re.findall(r"[(),/]|[^(),/\s]+", text)
    mask, rest = _selections(tokens)
    if rest:
        raise ValueError(f"{rest[0]!r} is not expected in {text!r}")
    return mask


def select(content: Any, mask: Mask) -> Any:
    """Keep only what the mask wants."""
    if not mask or "*" in mask:
        return content
    if isinstance(content, list):
        return [select(item, mask) for item in content]
    return {name: select(content[name], below) for name, below in mask.items() if name in content}


def problems(text: str, method: Method) -> Iterator[str]:
    """Name the fields of the mask that the method's response does not have."""
    try:
        mask = parse(text)
    except ValueError as error:
        yield f"fields: {error}"
        return
    yield from _unknown(mask, method.response or {}, method.schemas, "fields")


def update_problems(text: str, method: Method) -> Iterator[str]:
    """Name the paths of an update mask that the method's body cannot set."""
    for path in text.split(","):
        schema: Schema = method.request or {}
        for name in path.split(".") if path != "*" else ():
            schema = method.schemas[schema["$ref"]] if "$ref" in schema else schema
            schema = schema.get("properties", {}).get(name, {})
        if not schema:
            yield f"unknown field {path} in updateMask"
        elif schema.get("readOnly"):
            yield f"{path} in updateMask is read-only"


def _unknown(mask: Mask, schema: Schema, schemas: dict[str, Schema], where: str) -> Iterator[str]:
    while "$ref" in schema or "items" in schema:
        schema = schemas[schema["$ref"]] if "$ref" in schema else schema["items"]
    for name, below in mask.items():
        found = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
        if found is not None:
            yield from _unknown(below, found, schemas, f"{where}/{name}")
        elif name != "*":
            yield f"unknown field {where}/{name}"


def _selections(tokens: list[str]) -> tuple[Mask, list[str]]:
    mask: Mask = {}
    while True:
        name, below, tokens = _path(tokens)
        mask[name] = {**mask.get(name, {}), **below}
        if not tokens or tokens[0] != ",":
            return mask, tokens
        tokens = tokens[1:]


def _path(tokens: list[str]) -> tuple[str, Mask, list[str]]:
    if not tokens or tokens[0] in "(),/":
        raise ValueError(f"a field name is missing before {''.join(tokens) or 'the end'!r}")
    name, tokens = tokens[0], tokens[1:]
    if tokens[:1] == ["/"]:
        below_name, below, tokens = _path(tokens[1:])
        return name, {below_name: below}, tokens
    if tokens[:1] == ["("]:
        mask, tokens = _selections(tokens[1:])
        if tokens[:1] != [")"]:
            raise ValueError(f"{name}( is not closed")
        return name, mask, tokens[1:]
    return name, {}, tokens
