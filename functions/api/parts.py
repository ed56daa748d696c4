"""Listings of what meetings have inside: their participants, their recordings."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from functions.api.access import as_seen, get_meeting, within_sight
from functions.api.listing import begin_meetings, next_url
from functions.api.schemas.listings import ListPage
from functions.api.services import Services
from functions.models import Meeting, MeetingQuery, Position


class Part(Protocol):
    @property
    def id(self) -> str: ...


Some = TypeVar("Some", bound=Part)


def list_parts(
    services: Services,
    asked: ListPage,
    query: MeetingQuery | None,
    meeting_id: str | None,
    parts_of: Callable[[Meeting], Sequence[Some]],
) -> tuple[list[tuple[Meeting, Some]], str | None]:
    """Return one page of the parts, each with its meeting, and the URL of the next page.

    One read of one meeting, or one query of as many meetings as the page has parts: each that the
    query finds should have one. Within a meeting the parts are ordered by their ids, so that a
    walk goes on at the right place also where some are added or removed meanwhile.
    """
    query = query or MeetingQuery()
    if meeting_id is None:
        query = within_sight(query, "email")
    after = begin_meetings(asked.cursor, query)
    if meeting_id is None:
        page = services.store.page(query, asked.page_size, after)
        meetings, following = [as_seen(meeting) for meeting in page.items], page.next
    else:
        meetings, following = [get_meeting(services, meeting_id)], None
    found = [
        (meeting, part)
        for meeting in meetings
        for part in sorted(parts_of(meeting), key=lambda part: part.id)
        if after is None or after.part is None or meeting.id != after.id or part.id > after.part
    ]
    results = found[: asked.page_size]
    if len(found) > asked.page_size:
        last, part = results[-1]
        position = query.position(last)
        following = Position(position.values, position.id, part.id)
    return results, next_url(following)
