"""Where a listing begins, and the URL of its next page."""

import re
from urllib.parse import urlencode

from flask import request

from functions.api import auth, cursor
from functions.models import MEETING_ID, MeetingQuery, Position


def begin(word: str | None, item_id: re.Pattern[str], values: int = 0) -> Position | None:
    """Return the position that the caller's cursor stands for; raises InvalidRequest."""
    return None if word is None else cursor.decode(word, _bound_to(), item_id, values)


def begin_meetings(word: str | None, query: MeetingQuery) -> Position | None:
    return begin(word, MEETING_ID, len(query.order_fields))


def next_url(position: Position | None) -> str | None:
    """Return the URL of the page that begins there; None where there is none."""
    if position is None:
        return None
    parameters = [(k, v) for k, v in request.args.items(multi=True) if k != "cursor"]
    parameters.append(("cursor", cursor.encode(position, _bound_to())))
    return f"{request.base_url}?{urlencode(parameters)}"


def _bound_to() -> list[str]:
    """Return what a cursor belongs to: the listing, its filters and order, and who sees it."""
    filters = sorted(
        f"{name}={value}"
        for name, value in request.args.items(multi=True)
        if name not in ("cursor", "page_size")
    )
    return [request.path.rstrip("/"), auth.caller().email, *filters]
