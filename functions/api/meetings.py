"""The meetings: parse, call, answer."""

import math
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, g, request, url_for

from functions.api import etags
from functions.api.access import check_id, get_meeting
from functions.api.idempotency import once
from functions.api.operations import Answer, operation
from functions.api.responses import no_content, resource
from functions.api.schemas.meetings import (
    CancelMeeting,
    ChangeMeeting,
    Context,
    CreateMeeting,
    Options,
)
from functions.api.schemas.views import MeetingView
from functions.api.services import Services
from functions.api.validation import parse_body, parse_query
from functions.api.waiting import Preference
from functions.json_body import read_object, read_optional_object
from functions.models import OVERDUE_AFTER, CalendarState, Claim, Meeting
from functions.scheduling import Created, NewMeeting
from functions.writing import Intent

VALID = Answer("With validate_only: the request is valid, and nothing was done.")


@operation(
    "createMeeting",
    "Create a meeting and wait for its Meet link",
    body=CreateMeeting,
    query=Options,
    headers=("Prefer",),
    answers={
        201: Answer(
            "The meeting with its link.",
            MeetingView,
            headers=("Location", "ETag", "Preference-Applied"),
        ),
        202: Answer(
            "Stored; the link is not there yet. Where `calendar.state` is FAILED it will"
            " not come by itself, and `calendar.error` says what to fix.",
            MeetingView,
            headers=("Location", "ETag", "Retry-After", "Preference-Applied"),
        ),
        200: Answer(
            "An active meeting with this external_reference and content is there already.",
            MeetingView,
            headers=("Location", "ETag", "Retry-After", "Preference-Applied"),
        ),
        204: VALID,
    },
    problems=("reference_taken",),
)
def create(services: Callable[[], Services]) -> Response:
    preference = Preference.parse(request.headers.get("Prefer", ""))
    options = parse_query(Options, request.args)
    body = read_object(request)
    needed = services()

    def act(intent: Intent) -> Response:
        new = new_meeting(body, needed)
        if options.validate_only:
            needed.scheduler.check_new(new)
            return no_content()
        return _created(needed, needed.scheduler.create(new, intent), preference)

    def recall(claim: Claim) -> Response:
        created = needed.scheduler.recall(claim.resource, claim.is_new)
        return _created(needed, created, preference)

    return once(needed, body, act, recall, is_dry_run=options.validate_only)


@operation(
    "getMeeting",
    "Read one meeting with its participants and newest recording",
    answers={200: Answer("The meeting.", MeetingView)},
    problems=("meeting_not_found",),
    is_conditional=True,
)
def read(services: Callable[[], Services], meeting_id: str) -> Response:
    check_id(meeting_id)
    return answer(get_meeting(services(), meeting_id))


@operation(
    "changeMeeting",
    "Move or rename a meeting; its link stays",
    body=ChangeMeeting,
    query=Options,
    body_media_type="application/merge-patch+json",
    answers={
        200: Answer("The meeting; its calendar event is updated shortly.", MeetingView),
        204: VALID,
    },
    problems=("meeting_not_found", "invalid_transition", "reference_taken"),
    is_conditional=True,
)
def change(services: Callable[[], Services], meeting_id: str) -> Response:
    check_id(meeting_id)
    options = parse_query(Options, request.args)
    body = read_object(request)
    needed = services()
    check = etags.check_revision()

    def changes(current: Meeting) -> dict[str, Any]:
        context = Context(needed.now(), current)
        return parse_body(ChangeMeeting, body, context, ChangeMeeting.IMMUTABLE).changes(current)

    def act(intent: Intent) -> Response:
        if options.validate_only:
            needed.scheduler.check_change(meeting_id, intent, changes)
            return no_content()
        return answer(needed.scheduler.change(meeting_id, intent, changes))

    return once(
        needed,
        body,
        act,
        lambda _: read(services, meeting_id),
        check,
        is_dry_run=options.validate_only,
    )


@operation(
    "cancelMeeting",
    "Cancel a meeting; repeating it gives the same answer",
    body=CancelMeeting,
    is_body_required=False,
    answers={200: Answer("The meeting, cancelled; it stays readable.", MeetingView)},
    problems=("meeting_not_found", "invalid_transition"),
    is_conditional=True,
)
def cancel(services: Callable[[], Services], meeting_id: str) -> Response:
    check_id(meeting_id)
    body = read_optional_object(request)
    reason = parse_body(CancelMeeting, body).reason
    needed = services()
    check = etags.check_revision()

    def act(intent: Intent) -> Response:
        return answer(needed.scheduler.cancel(meeting_id, intent, reason))

    return once(needed, body, act, lambda _: read(services, meeting_id), check)


@operation(
    "retryMeeting",
    "Have what failed tried once more; needs no body",
    answers={200: Answer("The meeting; it is tried again at once.", MeetingView)},
    problems=("meeting_not_found", "nothing_to_retry"),
    is_conditional=True,
)
def retry(services: Callable[[], Services], meeting_id: str) -> Response:
    check_id(meeting_id)
    needed = services()
    check = etags.check_revision()

    def act(intent: Intent) -> Response:
        return answer(needed.scheduler.retry(meeting_id, intent))

    return once(needed, {}, act, lambda _: read(services, meeting_id), check)


def new_meeting(body: Any, services: Services, at: str = "") -> NewMeeting:
    """Return what a body, or the part of one at this place, asks for; raises InvalidRequest."""
    wanted = parse_body(CreateMeeting, body, Context(services.now()), at=at)
    values = wanted.model_dump(exclude={"invited_emails"})
    return NewMeeting(guest_emails=tuple(wanted.invited_emails), **values)


def view(meeting: Meeting) -> MeetingView:
    return MeetingView.model_validate(meeting)


def answer(meeting: Meeting, status: int = 200, location: str | None = None) -> Response:
    return resource(view(meeting), status, location=location, revision=meeting.revision)


def _created(services: Services, created: Created, preference: Preference) -> Response:
    meeting = created.meeting
    g.log_fields = {"meeting_id": meeting.id}
    if created.is_under_way:
        waited = time.perf_counter() - g.started_at
        meeting = services.waiter.wait(meeting, preference.wait_seconds - waited)
    has_link = meeting.meet_link is not None
    response = answer(
        meeting,
        (201 if has_link else 202) if created.is_new else 200,
        url_for("meetings.read", meeting_id=meeting.id, _external=True),
    )
    if not has_link and meeting.calendar.state is CalendarState.PENDING:
        response.headers["Retry-After"] = str(_seconds_until_due(meeting, services.now()))
    if preference.applied is not None:
        response.headers["Preference-Applied"] = preference.applied
    return response


def _seconds_until_due(meeting: Meeting, now: datetime) -> int:
    """Return for how long asking again is in vain: a moment, unless Google said much later."""
    due_at = meeting.calendar.due_at
    is_postponed = due_at is not None and due_at > now + OVERDUE_AFTER
    return math.ceil((due_at - now).total_seconds()) if due_at and is_postponed else 1
