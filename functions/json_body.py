"""A request's body as JSON, read strictly: what is ambiguous is refused, not guessed."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Request
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from functions.errors import Fault, InvalidRequest

MEDIA_TYPES = frozenset({"application/json", "application/merge-patch+json"})
MAX_BODY_BYTES = 256 * 1024
MAX_DEPTH = 32


def read_object(request: Request) -> dict[str, Any]:
    """Return the JSON object in the body.

    Raises:
        InvalidRequest: it is not UTF-8, not JSON, not an object, or it repeats a key.
        RequestEntityTooLarge, UnsupportedMediaType: HTTP's 413 and 415.
    """
    text = _text(request)
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except RecursionError:
        raise _fault("too_deep", f"JSON may be nested {MAX_DEPTH} deep at most.") from None
    except ValueError:
        raise _fault("not_json", "The body must be one JSON value.") from None
    if _depth_exceeds(value, MAX_DEPTH):
        raise _fault("too_deep", f"JSON may be nested {MAX_DEPTH} deep at most.")
    if faults := list(_repeated_keys(value)):
        raise InvalidRequest(faults)
    if not isinstance(value, dict):
        raise _fault("not_an_object", "The body must be a JSON object.")
    return value


def read_optional_object(request: Request) -> dict[str, Any]:
    """Return the JSON object in the body, or an empty one where there is no body."""
    has_body = request.content_length or request.headers.get("Transfer-Encoding")
    return read_object(request) if has_body else {}


def _text(request: Request) -> str:
    is_plain = request.headers.get("Content-Encoding", "identity").lower() == "identity"
    if request.mimetype not in MEDIA_TYPES or not is_plain:
        raise UnsupportedMediaType
    try:
        data = request.get_data(cache=False)
    except HTTPException:
        raise
    except Exception:
        # A chunk that is none, or a connection that broke: each server has errors of its own.
        raise BadRequest from None
    if len(data) > MAX_BODY_BYTES:
        raise RequestEntityTooLarge
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise _fault("not_utf8", "The body must be UTF-8.") from None


class _Repeating(dict[str, Any]):
    """An object that has a key more than once; where it stands is known only afterwards."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.repeated = [k for k, times in Counter(k for k, _ in pairs).items() if times > 1]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    return value if len(value) == len(pairs) else _Repeating(pairs)


def _repeated_keys(value: Any, *at: str | int) -> Iterator[Fault]:
    if isinstance(value, _Repeating):
        for key in value.repeated:
            yield Fault(pointer(*at, key), "repeated_key", "This key is repeated.")
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _repeated_keys(item, *at, key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _repeated_keys(item, *at, index)


def _refuse_constant(name: str) -> Any:
    raise _fault("not_json", f"{name} is not JSON.")


def _depth_exceeds(value: Any, depth: int) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return False
    return depth == 0 or any(_depth_exceeds(item, depth - 1) for item in value)


def pointer(*parts: str | int) -> str:
    """Return a JSON Pointer; https://www.rfc-editor.org/rfc/rfc6901."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def _fault(code: str, message: str) -> InvalidRequest:
    return InvalidRequest([Fault("", code, message)])
