"""The listing of meetings; apart from them, so that a cold POST does not load it."""

from collections.abc import Callable

from flask import Response, request

from functions.api.access import as_seen, within_sight
from functions.api.listing import begin_meetings, next_url
from functions.api.operations import Answer, operation
from functions.api.responses import json_page
from functions.api.schemas.listings import ListMeetings
from functions.api.schemas.views import MeetingList, MeetingView
from functions.api.services import Services
from functions.api.validation import parse_query


@operation(
    "listMeetings",
    "List meetings",
    query=ListMeetings,
    answers={200: Answer("One page.", MeetingList)},
)
def read(services: Callable[[], Services]) -> Response:
    asked = parse_query(ListMeetings, request.args)
    query = within_sight(asked.query())
    page = services().store.page(query, asked.page_size, begin_meetings(asked.cursor, query))
    results = [MeetingView.model_validate(as_seen(meeting)) for meeting in page.items]
    return json_page(MeetingList.model_construct(results=results, next=next_url(page.next)))
