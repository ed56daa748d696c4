"""Have Google Meet asked at once: of one meeting, or of all that start within a window.

A window takes a commit for each of its meetings. Under an Idempotency-Key the whole is claimed
first, and each meeting in its own commit: a request that was broken off goes on where it was.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Response, g, request

from functions.api import auth, cursor
from functions.api.idempotency import once, part_of
from functions.api.operations import Answer, operation
from functions.api.responses import json_page
from functions.api.schemas.recording_sync import MAX_STARTED, SyncRecordings, SyncStarted
from functions.api.services import Services
from functions.api.validation import parse_body
from functions.errors import KeyTaken, Refused
from functions.json_body import pointer, read_object
from functions.models import MEETING_ID, Claim, MeetingQuery, Ordering
from functions.recordings import request_look
from functions.writing import Intent

RUN_AT_MOST = timedelta(seconds=25)
"""Then the cursor of the answer leads to what is left."""


@operation(
    "syncRecordings",
    "Have Google Meet asked at once what came of a meeting, or of those in a window",
    description=f"Also where all was known or Google had been given up on. At most {MAX_STARTED}"
    " meetings of a window are begun with; what has no room, has not begun or is cancelled is"
    " left out. What comes of it is seen on each meeting, soon.",
    body=SyncRecordings,
    answers={202: Answer("Google Meet is asked of these meetings.", SyncStarted)},
    problems=("meeting_not_found", "nothing_to_look_at"),
)
def start(services: Callable[[], Services]) -> Response:
    body = read_object(request)
    wanted = parse_body(SyncRecordings, body)
    window = wanted.window()
    needed = services()
    if window is None:
        return _start_one(needed, body, wanted.meeting)
    return _start_window(needed, body, window, wanted.cursor)


def _start_one(services: Services, body: dict[str, Any], meeting_id: str) -> Response:
    g.log_fields = {"meeting_id": meeting_id}

    def act(intent: Intent) -> Response:
        request_look(services.writer, services.recording_queue, meeting_id, intent)
        return _started([meeting_id])

    return once(services, body, act, lambda claim: _started([claim.resource]))


def _start_window(
    services: Services, body: dict[str, Any], window: tuple[datetime, datetime], word: str | None
) -> Response:
    bounds = [bound.isoformat() for bound in window]
    bound_to = [request.path.rstrip("/"), auth.caller().email, *bounds]
    query = _begun(window, services.now())
    after = None
    if word is not None:
        values = len(query.order_fields)
        after = cursor.decode(word, bound_to, MEETING_ID, values, pointer("cursor"))

    def run(claim: Claim | None) -> Response:
        give_up_at = services.now() + RUN_AT_MOST
        page = services.store.page(query, MAX_STARTED, after)
        started, following = [], page.next
        for meeting in page.items:
            if _is_started(services, meeting.id, part_of(claim, meeting.id)):
                started.append(meeting.id)
            if services.now() > give_up_at:
                following = query.position(meeting)
                break
        return _started(started, cursor.encode(following, bound_to) if following else None)

    def act(intent: Intent) -> Response:
        if intent.claim is not None:
            services.answers.claim(intent.claim)
        return run(intent.claim)

    return once(services, body, act, run)


def _begun(window: tuple[datetime, datetime], now: datetime) -> MeetingQuery:
    """Return the query for the meetings of the window that have begun, the earliest first."""
    start, end = window
    end = max(start, min(end, now + timedelta(microseconds=1)))
    return MeetingQuery(ordering=Ordering.EARLIEST, scheduled_from=start, scheduled_to=end)


def _is_started(services: Services, meeting_id: str, claim: Claim | None) -> bool:
    intent = Intent(auth.caller().email, claim)
    try:
        request_look(services.writer, services.recording_queue, meeting_id, intent)
    except Refused:
        return False
    except KeyTaken:
        # By this very request, before it was broken off.
        return True
    return True


def _started(meeting_ids: list[str], following: str | None = None) -> Response:
    response = json_page(SyncStarted(started=meeting_ids, cursor=following))
    response.status_code = 202
    return response
