"""The wire formats that discovery documents name (date-time, int64, byte …)."""

import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

_DATE_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?(?P<offset>[Zz]|[+-]\d{2}:\d{2})?"
)
_FIELD_MASK = re.compile(r"\*|[\w.]+(,[\w.]+)*")
_WHOLE_NUMBERS = {
    "int32": range(-(2**31), 2**31),
    "uint32": range(2**32),
    "int64": range(-(2**63), 2**63),
}


def parse_date_time(text: str) -> datetime | None:
    """Read RFC 3339, naive if it carries no offset; None if it is not a date-time."""
    if not _DATE_TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def format_instant(instant: datetime) -> str:
    """Write an instant as Google writes `created` and `updated`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def format_precisely(instant: datetime) -> str:
    """Write an instant as Meet does: a fraction only if there is one."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def is_whole_number(value: int, format_name: str | None) -> bool:
    """Whether the number fits the format's width."""
    return value in _WHOLE_NUMBERS[format_name or "int32"]


def is_text_of(format_name: str, text: str, *, naive_allowed: bool = False) -> bool:
    """Whether a JSON string or a parameter is written in the named format."""
    if format_name in ("date-time", "google-datetime"):
        parsed = parse_date_time(text)
        return parsed is not None and (naive_allowed or parsed.tzinfo is not None)
    check = _TEXT_FORMATS.get(format_name)
    return check is None or check(text)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2026-01-01")


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, altchars=b"-_" if set(text) & set("-_") else None, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


_TEXT_FORMATS: dict[str, Callable[[str], bool]] = {
    "date": _is_date,
    "byte": _is_base64,
    "int64": lambda text: bool(re.fullmatch(r"-?\d{1,19}", text)),
    "uint64": lambda text: bool(re.fullmatch(r"\d{1,20}", text)),
    "google-duration": lambda text: bool(re.fullmatch(r"-?\d+(\.\d{1,9})?s", text)),
    "google-fieldmask": lambda text: bool(_FIELD_MASK.fullmatch(text)),
}
