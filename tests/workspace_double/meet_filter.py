"""The filters of Meet's lists, such as `start_time>="2024-01-01T00:00:00Z" AND end_time IS NULL`.

The discovery document shows no OR, no NOT and no brackets: they are refused.
"""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from tests.workspace_double.errors import ApiError
from tests.workspace_double.formats import parse_date_time

Kind = Literal["text", "code", "time"]
Test = Callable[[Mapping[str, Any]], bool]

_TERM = re.compile(
    r'\s*(?P<name>[A-Za-z_.]+)(?:\s*(?P<operator>>=|<=|=|<|>)\s*"(?P<value>[^"]*)"|\s+IS NULL)'
)
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


def parse(text: str, fields: Mapping[str, Kind]) -> Test:
    """Make a test of a filter; it takes each field's value, an instant for a time.

    Raises:
        ApiError: the filter is not in Meet's grammar, or is on another field.
    """
    tests = []
    position = 0
    while text.strip():
        match = _TERM.match(text, position)
        if match is None:
            raise _invalid(text)
        tests.append(_test(match, fields, text))
        conjunction = re.compile(r"\s+AND\s+").match(text, match.end())
        if conjunction is None:
            if text[match.end() :].strip():
                raise _invalid(text)
            break
        position = conjunction.end()
    return lambda values: all(test(values) for test in tests)


def _test(match: re.Match[str], fields: Mapping[str, Kind], text: str) -> Test:
    name, symbol = match["name"], match["operator"]
    kind = fields.get(name)
    if kind is None or (kind != "time" and symbol != "="):
        raise _invalid(text)
    if symbol is None:
        return lambda values: values[name] is None
    wanted: str | datetime | None = match["value"]
    if kind == "time":
        wanted = parse_date_time(match["value"])
        if wanted is None or wanted.tzinfo is None:
            raise _invalid(text)
    elif kind == "code":
        wanted = match["value"].lower()
    compare = _OPERATORS[symbol]
    return lambda values: values[name] is not None and compare(values[name], wanted)


def _invalid(text: str) -> ApiError:
    return ApiError(400, "badRequest", f"Invalid filter: {text}")
