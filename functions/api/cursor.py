"""Where a listing goes on, as an opaque word that fits its own filters and order alone."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Collection
from datetime import datetime, timedelta

from functions.errors import Fault, InvalidRequest
from functions.models import MEETING_ID, Position

MAX_LENGTH = 1000


def encode(position: Position, bound_to: Collection[str]) -> str:
    values = [value.isoformat() for value in position.values]
    text = json.dumps([_digest(bound_to), position.id, position.part, *values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(
    cursor: str,
    bound_to: Collection[str],
    item_id: re.Pattern[str],
    values: int,
    pointer: str = "cursor",
) -> Position:
    """Return the position; raises InvalidRequest where the word is not one of this listing's.

    A position is of an item whose id has this form, in an order by so many instants.
    """
    try:
        padded = cursor[:MAX_LENGTH] + "=" * (-len(cursor) % 4)
        _, found_id, part, *instants = json.loads(
            base64.b64decode(padded, altchars=b"-_", validate=True)
        )
        position = Position(tuple(datetime.fromisoformat(i) for i in instants), found_id, part)
        if (
            len(position.values) == values
            and all(value.utcoffset() == timedelta(0) for value in position.values)
            and item_id.fullmatch(found_id)
            and (part is None or MEETING_ID.fullmatch(part))
            # Written again it is the same: every part of it is what it seems to be.
            and encode(position, bound_to) == cursor
        ):
            return position
    except (binascii.Error, ValueError, TypeError, RecursionError):
        pass
    raise InvalidRequest(
        [
            Fault(
                pointer,
                "invalid_cursor",
                "Use the cursor of the answer before unchanged, and ask for the same as then.",
            )
        ]
    )


def _digest(bound_to: Collection[str]) -> str:
    return hashlib.sha256("\n".join(bound_to).encode()).hexdigest()[:16]
