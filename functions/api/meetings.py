"""The meetings: parse, call, answer."""

import time
from collections.abc import Callable
from typing import Any

from flask import Response, g, request, url_for

from functions.api import auth, cursor
from functions.api.operations import Answer, operation
from functions.api.schemas import (
    ChangeMeeting,
    Context,
    CreateMeeting,
    ListMeetings,
    MeetingList,
    MeetingView,
)
from functions.api.services import Services
from functions.api.validation import parse_body, parse_query
from functions.api.waiting import Preference
from functions.errors import MeetingNotFound
from functions.json_body import read_object
from functions.models import MEETING_ID, CalendarState, Meeting
from functions.scheduling import NewMeeting

PREFER = (
    "`wait=N` waits N seconds for the link (default 10, at most 30); `respond-async` alone doesn't."
)


@operation(
    "Create a meeting and wait for its Meet link",
    body=CreateMeeting,
    headers={"Prefer": PREFER},
    answers={
        201: Answer("The meeting with its link.", MeetingView, headers={"Location": ""}),
        202: Answer(
            "Stored; the link is not there yet. Where `calendar.state` is FAILED it will"
            " not come by itself, and `calendar.error` says what to fix.",
            MeetingView,
            headers={"Location": "", "Retry-After": "Seconds; absent after a failure."},
        ),
        200: Answer(
            "An active meeting with this external_reference and content is there already.",
            MeetingView,
            headers={"Location": ""},
        ),
    },
    problems=(
        "invalid_request",
        "reference_taken",
        "concurrent_change",
        "too_large",
        "unsupported_media_type",
    ),
)
def create(services: Callable[[], Services]) -> Response:
    preference = Preference.parse(request.headers.get("Prefer", ""))
    body = read_object(request)
    needed = services()
    wanted = parse_body(CreateMeeting, body, Context(needed.now()))
    created = needed.scheduler.create(_new_meeting(wanted), auth.caller().email)
    meeting = created.meeting
    g.log_fields = {"meeting_id": meeting.id}
    if created.is_under_way:
        waited = time.perf_counter() - g.started_at
        meeting = needed.waiter.wait(meeting, preference.wait_seconds - waited)
    return _created(meeting, created.is_new, preference)


@operation(
    "List meetings, the newest first",
    query=ListMeetings,
    answers={200: Answer("One page.", MeetingList)},
    problems=("invalid_request",),
)
def list_newest(services: Callable[[], Services]) -> Response:
    query = parse_query(ListMeetings, request.args)
    after = None if query.cursor is None else cursor.decode(query.cursor)
    page = services().store.newest(query.page_size, after)
    following = None
    if page.next is not None:
        following = url_for(
            "meetings.list_newest",
            page_size=query.page_size,
            cursor=cursor.encode(page.next),
            _external=True,
        )
    results = [_view(meeting) for meeting in page.meetings]
    return _json(MeetingList.model_construct(results=results, next=following))


@operation(
    "Read one meeting with its participants and recording",
    answers={200: Answer("The meeting.", MeetingView)},
    problems=("meeting_not_found",),
)
def read(services: Callable[[], Services], meeting_id: str) -> Response:
    _check_id(meeting_id)
    return _json(_view(services().store.get(meeting_id).meeting))


@operation(
    "Move or rename a meeting; its link stays",
    body=ChangeMeeting,
    body_media_type="application/merge-patch+json",
    answers={200: Answer("The meeting; its calendar event is updated shortly.", MeetingView)},
    problems=(
        "invalid_request",
        "meeting_not_found",
        "invalid_transition",
        "concurrent_change",
        "too_large",
        "unsupported_media_type",
    ),
)
def change(services: Callable[[], Services], meeting_id: str) -> Response:
    _check_id(meeting_id)
    body = read_object(request)
    needed = services()

    def changes(current: Meeting) -> dict[str, Any]:
        context = Context(needed.now(), current)
        return parse_body(ChangeMeeting, body, context, ChangeMeeting.IMMUTABLE).changes(current)

    return _json(_view(needed.scheduler.change(meeting_id, changes)))


@operation(
    "Cancel a meeting; repeating it gives the same answer",
    answers={200: Answer("The meeting, cancelled; it stays readable.", MeetingView)},
    problems=("meeting_not_found", "invalid_transition", "concurrent_change"),
)
def cancel(services: Callable[[], Services], meeting_id: str) -> Response:
    _check_id(meeting_id)
    return _json(_view(services().scheduler.cancel(meeting_id, auth.caller().email)))


@operation(
    "Have what failed tried once more; needs no body",
    answers={200: Answer("The meeting; it is tried again at once.", MeetingView)},
    problems=("meeting_not_found", "nothing_to_retry", "concurrent_change"),
)
def retry(services: Callable[[], Services], meeting_id: str) -> Response:
    _check_id(meeting_id)
    return _json(_view(services().scheduler.retry(meeting_id)))


def _new_meeting(wanted: CreateMeeting) -> NewMeeting:
    values = wanted.model_dump(exclude={"invited_emails"})
    return NewMeeting(guest_emails=tuple(wanted.invited_emails), **values)


def _created(meeting: Meeting, is_new: bool, preference: Preference) -> Response:
    has_link = meeting.meet_link is not None
    response = _json(_view(meeting), (201 if has_link else 202) if is_new else 200)
    response.headers["Location"] = url_for("meetings.read", meeting_id=meeting.id, _external=True)
    if not has_link and meeting.calendar.state is CalendarState.PENDING:
        response.headers["Retry-After"] = "1"
    if preference.applied is not None:
        response.headers["Preference-Applied"] = preference.applied
    return response


def _check_id(meeting_id: str) -> None:
    """Keep whatever is not one of our ids away from the store."""
    if not MEETING_ID.fullmatch(meeting_id):
        raise MeetingNotFound
    g.log_fields = {"meeting_id": meeting_id}


def _view(meeting: Meeting) -> MeetingView:
    return MeetingView.model_validate(meeting, from_attributes=True)


def _json(view: MeetingView | MeetingList, status: int = 200) -> Response:
    return Response(view.model_dump_json(), status, mimetype="application/json")
