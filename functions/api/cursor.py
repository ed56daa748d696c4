"""Where a listing goes on, as an opaque word."""

import base64
import binascii
import json
from datetime import datetime, timedelta

from functions.errors import Fault, InvalidRequest
from functions.models import MEETING_ID, Position


def encode(position: Position) -> str:
    text = json.dumps([position.created_at.isoformat(), position.id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str) -> Position:
    """Return the position; raises InvalidRequest where the word is not one of ours."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        created_at, meeting_id = json.loads(text)
        position = Position(created_at=datetime.fromisoformat(created_at), id=meeting_id)
        in_utc = position.created_at.utcoffset() == timedelta(0)
        if in_utc and MEETING_ID.fullmatch(position.id) and encode(position) == cursor:
            return position
    except (binascii.Error, ValueError, TypeError, RecursionError):
        pass
    raise InvalidRequest(
        [Fault("cursor", "invalid_cursor", "Use the cursor from `next` unchanged.")]
    )
