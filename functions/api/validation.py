"""From what a caller sent to a value, or to every fault in it at once."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.datastructures import MultiDict

from functions.errors import Fault, InvalidRequest
from functions.json_body import pointer

Model = TypeVar("Model", bound=BaseModel)

CODES = {
    "enum": "unknown_value",
    "extra_forbidden": "unknown_field",
    "greater_than_equal": "out_of_range",
    "int_parsing": "wrong_type",
    "int_parsing_size": "out_of_range",
    "less_than_equal": "out_of_range",
    "literal_error": "unknown_value",
    "missing": "required",
    "model_type": "not_an_object",
    "string_too_long": "too_long",
    "string_too_short": "empty",
    "string_unicode": "invalid_unicode",
    "too_short": "empty",
}
"""Pydantic's types of error whose name is not what a caller is told."""

MESSAGES = {
    "empty": "It must not be empty.",
    "immutable": "It can't be changed here.",
    "invalid_unicode": "It must be valid Unicode.",
    "null": "It must not be null.",
    "not_an_object": "It must be a JSON object.",
    "required": "It is required.",
    "unknown_field": "There is no such field.",
}
"""What a caller is told where pydantic's own words would be another voice, or its internals."""


def parse_body(
    model: type[Model],
    body: Any,
    context: object = None,
    immutable: frozenset[str] = frozenset(),
    at: str = "",
) -> Model:
    """Return the body as the model; raises InvalidRequest with every fault's JSON Pointer.

    A model of a part of the body has its pointers begin `at` that part.
    """
    try:
        return model.model_validate(body, context=context)
    except ValidationError as error:
        found = _faults(error, lambda *parts: at + pointer(*parts), immutable)
        raise InvalidRequest(found) from None


def parse_query(model: type[Model], query: MultiDict[str, str]) -> Model:
    """Return the query as the model; raises InvalidRequest with every fault's parameter."""
    several = {
        name for name, field in model.model_fields.items() if get_origin(field.annotation) is list
    }
    repeated = [
        Fault(name, "repeated_parameter", "This parameter is repeated.")
        for name, values in query.lists()
        if len(values) > 1 and name not in several
    ]
    if repeated:
        raise InvalidRequest(repeated)
    values = {name: query.getlist(name) if name in several else query[name] for name in query}
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = _faults(error, lambda *parts: str(parts[0]), frozenset())
        raise InvalidRequest([_with_allowed(fault, model) for fault in faults]) from None


def _with_allowed(fault: Fault, model: type[BaseModel]) -> Fault:
    if fault.code != "unknown_field":
        return fault
    allowed = ", ".join(sorted(model.model_fields))
    return replace(fault, message=f"There is no such parameter; there are: {allowed}.")


def _faults(
    error: ValidationError, place: Callable[..., str], immutable: frozenset[str]
) -> list[Fault]:
    faults = []
    for detail in error.errors(include_url=False):
        code = CODES.get(detail["type"], detail["type"])
        if code == "unknown_field" and detail["loc"][0] in immutable:
            code = "immutable"
        elif detail["input"] is None and code not in ("required", "unknown_field"):
            code = "null"
        elif code.endswith("_type"):
            code = "wrong_type"
        faults.append(Fault(place(*detail["loc"]), code, MESSAGES.get(code, _message(detail))))
    return faults


def _message(detail: ErrorDetails) -> str:
    """Return pydantic's message in this API's words: "Input should be" becomes "It must be"."""
    limits = detail.get("ctx", {})
    if "max_length" in limits and detail["type"] == "too_long":
        return f"It must have at most {limits['max_length']} items."
    words = detail["msg"].replace("Input should", "It must").replace("String should", "It must")
    return words if words.endswith(".") else f"{words}."
