"""Many meetings in one request: each is made or cancelled by itself, and has its own result.

An Idempotency-Key is claimed for the whole before anything is done, and for each item in the
commit that does it: a request that was broken off goes on where it was.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response, current_app, request

from functions.api import auth
from functions.api.idempotency import once, part_of
from functions.api.meetings import new_meeting, view
from functions.api.operations import Answer, operation
from functions.api.responses import json_page
from functions.api.schemas.batch import BatchCancel, BatchCreate, BatchResult, BatchResults
from functions.api.services import Services
from functions.api.validation import parse_body
from functions.errors import KeyTaken, RetryableError
from functions.json_body import pointer, read_object
from functions.models import Claim, Meeting
from functions.writing import Intent

Item = Callable[[Intent], tuple[int, Meeting]]

RUN_AT_MOST = timedelta(seconds=25)
"""Then what is left gets 503, to be repeated: a slow store has 50 chances to be slow."""


@operation(
    "createMeetings",
    "Create up to 50 meetings; waits for no link",
    body=BatchCreate,
    answers={200: Answer("A result for each: 202 made, 200 there already.", BatchResults)},
)
def create(services: Callable[[], Services]) -> Response:
    body = read_object(request)
    wanted = parse_body(BatchCreate, body)
    needed = services()

    def item(index: int, member: Any) -> Item:
        def make(intent: Intent) -> tuple[int, Meeting]:
            new = new_meeting(member, needed, pointer("meetings", index))
            created = needed.scheduler.create(new, intent)
            return 202 if created.is_new else 200, created.meeting

        return make

    items = [item(index, member) for index, member in enumerate(wanted.meetings)]
    return _each(needed, body, items, 202)


@operation(
    "cancelMeetings",
    "Cancel up to 50 meetings",
    body=BatchCancel,
    answers={200: Answer("A result for each.", BatchResults)},
)
def cancel(services: Callable[[], Services]) -> Response:
    body = read_object(request)
    wanted = parse_body(BatchCancel, body)
    needed = services()

    def item(meeting_id: str) -> Item:
        return lambda intent: (200, needed.scheduler.cancel(meeting_id, intent, wanted.reason))

    return _each(needed, body, [item(meeting_id) for meeting_id in wanted.ids], 200)


def _each(
    services: Services, body: dict[str, Any], items: list[Item], done_status: int
) -> Response:
    def run(claim: Claim | None, is_again: bool) -> Response:
        results = []
        give_up_at = services.now() + RUN_AT_MOST
        for index, act in enumerate(items):
            if services.now() > give_up_at:
                act = _too_late
            results.append(_one(services, act, part_of(claim, index), is_again, done_status))
        return json_page(BatchResults(results=results))

    def act(intent: Intent) -> Response:
        if intent.claim is not None:
            services.answers.claim(intent.claim)
        return run(intent.claim, is_again=False)

    return once(services, body, act, lambda claim: run(claim, is_again=True), is_final=_is_final)


def _one(
    services: Services, act: Item, claim: Claim | None, is_again: bool, done_status: int
) -> BatchResult:
    try:
        done = services.answers.find(claim.id, services.now()) if claim and is_again else None
        if done is None:
            status, meeting = act(Intent(auth.caller().email, claim))
        else:
            status = done_status if done[0].is_new else 200
            meeting = services.store.get(done[0].resource).meeting
    except KeyTaken:
        return _one(services, act, claim, True, done_status)
    except Exception as error:
        # Also of what nobody foresaw: one of them must not hide what came of the others.
        problem: Any = current_app.handle_user_exception(error)
        return BatchResult(status=problem.status_code, problem=problem.get_json())
    return BatchResult(status=status, meeting=view(meeting))


def _too_late(_: Intent) -> tuple[int, Meeting]:
    raise RetryableError("out_of_time", "The batch took too long: repeat it for what is left.")


def _is_final(response: Response) -> bool:
    """Return whether the request is done: what may work at once, or soon, may be repeated."""
    return not any(
        result["status"] >= 500 or (result["problem"] or {}).get("code") == "concurrent_change"
        for result in response.get_json()["results"]
    )
