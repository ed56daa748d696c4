"""The kinds of values that a caller may send, each with its rule and the code of its fault."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from functions.models import MEETING_ID

RFC_3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?(?P<offset>[Zz]|[+-]\d{2}:[0-5]\d)?",
    re.ASCII,
)
FLAGS = {"true": True, "false": False}
DIGITS = re.compile(r"-?\d+", re.ASCII)
INVISIBLE = frozenset({"Cf", "Cn", "Co", "Cs"})
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
CONTROL_BUT_BREAKS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")


def _email(value: str) -> str:
    # Imported here: a cold start that validates nothing should not pay for it.
    from email_validator import EmailNotValidError, validate_email

    try:
        # `test_environment` admits the reserved domain .test, which staging systems use.
        email = validate_email(
            value.strip(),
            allow_smtputf8=False,
            check_deliverability=False,
            strict=True,
            test_environment=True,
        )
    except EmailNotValidError:
        raise PydanticCustomError("invalid_email", "It must be an email address.") from None
    if "." not in email.domain:
        raise PydanticCustomError("invalid_email", "It must be an email address.")
    return (email.ascii_email or email.normalized).lower()


def _instant(value: Any) -> Any:
    found = _rfc_3339(value)
    return found.replace(microsecond=0)


def _bound(value: Any) -> Any:
    found = _rfc_3339(value)
    # Nothing lies between a fraction and the next whole second.
    up = timedelta(seconds=1) if found.microsecond else timedelta(0)
    return found.replace(microsecond=0) + up


def _rfc_3339(value: Any) -> datetime:
    if not isinstance(value, str):
        raise PydanticCustomError("time_type", "It must be a string.")
    match = RFC_3339.fullmatch(value)
    if match is None:
        raise PydanticCustomError("invalid_time", "It must be an RFC 3339 time; + is %2B in a URL.")
    if match["offset"] is None:
        raise PydanticCustomError("naive_time", "It must end in Z or in an offset like +01:00.")
    try:
        # The years leave room for every offset on the way to UTC.
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError("invalid_time", "This time does not exist.") from None


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {"Factory", "localtime"}


def _time_zone(value: str) -> str:
    if value not in _zones():
        raise PydanticCustomError(
            "unknown_time_zone", "It must be an IANA time zone like Europe/Madrid."
        )
    return value


def _without(control: re.Pattern[str]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if control.search(value):
            raise PydanticCustomError(
                "control_character", "It must not contain control characters."
            )
        return value

    return check


def _digits(value: Any) -> Any:
    if isinstance(value, str) and not DIGITS.fullmatch(value):
        raise PydanticCustomError("wrong_type", "It must be a whole number.")
    return value


def _flag(value: Any) -> Any:
    if isinstance(value, str):
        if value not in FLAGS:
            raise PydanticCustomError("unknown_value", "It must be 'true' or 'false'.")
        return FLAGS[value]
    return value


Count = Annotated[int, BeforeValidator(_digits)]
"""A whole number in a query."""

Flag = Annotated[bool, BeforeValidator(_flag)]
"""A yes or no in a query."""

Email = Annotated[
    str, AfterValidator(_email), WithJsonSchema({"type": "string", "format": "email"})
]
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""Comes out in UTC, in whole seconds: Calendar knows no smaller ones."""

Bound = Annotated[
    AwareDatetime,
    BeforeValidator(_bound),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""What instants are compared with."""

TimeZone = Annotated[
    str,
    AfterValidator(_time_zone),
    WithJsonSchema({"type": "string", "format": "iana-time-zone", "examples": ["Europe/Madrid"]}),
]


def _one_id(value: str) -> str:
    if not MEETING_ID.fullmatch(value):
        raise PydanticCustomError("invalid_id", "It must be an id as this API makes them.")
    return value


def _one_way_to_write(value: str) -> str:
    """Keep apart only what differs to the eye, or two keys that look the same would not meet."""
    value = unicodedata.normalize("NFC", value)
    if any(unicodedata.category(character) in INVISIBLE for character in value):
        raise PydanticCustomError(
            "invisible_character", "It must not contain invisible characters."
        )
    return value


def _visible(value: str) -> str:
    if all(unicodedata.category(character)[0] in "CMZ" for character in value):
        raise PydanticCustomError("empty", "It must not be empty.")
    return value


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_without(CONTROL)),
    AfterValidator(_visible),
]
Reference = Annotated[Line, AfterValidator(_one_way_to_write)]
Text = Annotated[
    str, StringConstraints(max_length=4000), AfterValidator(_without(CONTROL_BUT_BREAKS))
]

OneId = Annotated[
    str,
    AfterValidator(_one_id),
    WithJsonSchema({"type": "string", "pattern": f"^{MEETING_ID.pattern}$"}),
]
"""An id as this API makes them."""
