"""Meetings whose time has come, and requests to have Google Meet asked of them."""

from datetime import datetime, timedelta
from typing import Any

from functions.models import Meeting
from tests.api.caller import SYNC, Answer, Api, content
from tests.values import NOW, a_meeting, put

BEGAN = NOW - timedelta(hours=3)


def hold(api: Api, start: datetime = BEGAN, **changes: Any) -> str:
    """Store a meeting of an hour that has a room; returns its id."""
    meeting = a_meeting(
        **{
            "livemode": False,
            "scheduled_start": start,
            "scheduled_end": start + timedelta(hours=1),
            "meeting_code": "abc-defg-hij",
            "journal_length": 1,
            **changes,
        }
    )
    put(api.store.kept, meeting)
    return meeting.id


def kept(api: Api, meeting_id: str) -> Meeting:
    return api.store.kept.get(meeting_id).meeting


def is_due(api: Api, meeting_id: str) -> bool:
    """Return whether a look was asked for, which is due now."""
    return kept(api, meeting_id).recording_sync.due_at == api.time


def sync(api: Api, **body: Any) -> Answer:
    return api.send("POST", SYNC, **content(body))


def a_window(start: datetime = BEGAN, lasts: timedelta = timedelta(days=1)) -> dict[str, str]:
    return {
        "scheduled_from": start.isoformat(),
        "scheduled_to": (start + lasts).isoformat(),
    }


def begun_with(api: Api, window: dict[str, str]) -> list[list[str]]:
    """Ask until there is no cursor; returns the ids of each answer."""
    answers: list[list[str]] = []
    more: dict[str, str] = {}
    while True:
        answer = sync(api, **window, **more)
        assert answer.status == 202
        answers.append(answer.json["started"])
        if answer.json["cursor"] is None:
            return answers
        more = {"cursor": answer.json["cursor"]}
