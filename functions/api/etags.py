"""ETags, and If-Match: a change is made only on what its caller has seen.

A meeting's tag begins with its revision, and that alone is compared: its link arriving, or a look
at Google, is no change that its caller could overwrite (docs/decisions/0005-etag.md).
"""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import request
from pydantic import BaseModel

from functions.errors import Refused
from functions.models import Meeting
from functions.writing import unconditional


def of(body: str, revision: int | None = None) -> str:
    """Return the tag of a resource with this body, and a revision if it has one."""
    digest = hashlib.sha256(body.encode()).hexdigest()[:20]
    return digest if revision is None else f"{revision}-{digest}"


def check_revision() -> Callable[[Meeting], None]:
    """Return the check that a meeting has the revision that If-Match names."""
    return _check(lambda meeting: str(meeting.revision), lambda tag: tag.partition("-")[0])


def check_tag(view: Callable[[Any], BaseModel]) -> Callable[[Any], None]:
    """Return the check that what is stored, as it is seen, has the tag that If-Match names."""
    return _check(lambda stored: of(view(stored).model_dump_json()), lambda tag: tag)


def _check(find_tag: Callable[[Any], str], part: Callable[[str], str]) -> Callable[[Any], None]:
    if "If-Match" not in request.headers:
        return unconditional
    named = request.if_match
    # Without weak tags, which If-Match never matches: RFC 9110, section 13.1.1.
    tags = {part(tag) for tag in named.as_set() if tag}

    def check(stored: Any) -> None:
        if not named.star_tag and find_tag(stored) not in tags:
            raise Refused("precondition_failed")

    return check
