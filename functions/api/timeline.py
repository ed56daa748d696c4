"""A meeting's journal."""

import re
from collections.abc import Callable

from flask import Response, request

from functions.api.access import check_id
from functions.api.listing import begin, next_url
from functions.api.operations import Answer, operation
from functions.api.responses import json_page
from functions.api.schemas.listings import ListPage
from functions.api.schemas.views import EntryView, Timeline
from functions.api.services import Services
from functions.api.validation import parse_query
from functions.errors import MeetingNotFound


@operation(
    "getMeetingTimeline",
    "Read what happened to a meeting, the oldest entry first",
    query=ListPage,
    answers={200: Answer("One page.", Timeline)},
    problems=("meeting_not_found",),
)
def read(services: Callable[[], Services], meeting_id: str) -> Response:
    check_id(meeting_id)
    asked = parse_query(ListPage, request.args)
    # Of this meeting alone: an id made up could lead to another's entries.
    after = begin(asked.cursor, re.compile(rf"{meeting_id}-[0-9]{{8}}"))
    page = services().store.journal(meeting_id, asked.page_size, after)
    # A meeting has an entry from the commit on that made it.
    if not page.items and after is None:
        raise MeetingNotFound
    results = [EntryView.model_validate(entry) for entry in page.items]
    return json_page(Timeline.model_construct(results=results, next=next_url(page.next)))
