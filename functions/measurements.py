"""What is measured: a log line for each thing that monitoring/metrics.json makes metrics of.

The lines are written whatever LOG_LEVEL is. A label is a word, an empty one where there is none.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from functions.models import DueKind, Meeting

logger = logging.getLogger(__name__)

LINK_TARGET = timedelta(seconds=10)
"""99.9 % of the links are promised within it."""

APIS = {
    "events": "calendar",
    "spaces": "meet",
    "conferenceRecords": "meet",
    "recordings": "meet",
    "participants": "meet",
    "files": "drive",
    "permissions": "drive",
}
"""The API that a method of a delegated call belongs to, by what its name begins with."""

DELEGATION = {"ok": 1} | dict.fromkeys(
    (
        "delegation_missing",
        "delegation_not_used",
        "key_rejected",
        "scope_missing",
        "sharing_scope_missing",
        "signing_account_not_found",
        "signing_api_disabled",
        "signing_forbidden",
        "token_refused",
    ),
    0,
)
"""What an outcome tells of the delegation; all others tell nothing."""


def link_requested(meeting: Meeting) -> None:
    logger.info("link requested", extra={"meeting_id": meeting.id})


def link_ready(meeting: Meeting, now: datetime) -> None:
    waited = now - meeting.created_at
    logger.info(
        "link ready",
        extra={
            "meeting_id": meeting.id,
            "seconds": waited.total_seconds(),
            "in_time": "yes" if waited <= LINK_TARGET else "no",
        },
    )


def meeting_failed(meeting: Meeting, code: str) -> None:
    logger.error("meeting failed", extra={"meeting_id": meeting.id, "code": code})


def recording_state(meeting: Meeting) -> None:
    sync = meeting.recording_sync
    logger.info(
        "recording state",
        extra={"meeting_id": meeting.id, "state": sync.state, "reason": sync.reason or ""},
    )


def records_expiring(meeting: Meeting) -> None:
    """Say that Google deletes the records of a meeting in five days, and not all is known."""
    extra = {"meeting_id": meeting.id, "code": meeting.recording_sync.reason}
    logger.critical("records expiring", extra=extra)


def google_call(method: str, outcome: str, seconds: float) -> None:
    extra: dict[str, object] = {"method": method, "outcome": outcome, "seconds": round(seconds, 6)}
    api = APIS.get(method.partition(".")[0])
    if api is not None:
        extra["api"] = api
    if api is not None and outcome in DELEGATION:
        extra["delegated"] = DELEGATION[outcome]
    logger.info("google call", extra=extra)


def task_retried(function: str) -> None:
    logger.info("task retried", extra={"function": function})


def swept(links_waiting: int | None, oldest_due_seconds: Mapping[DueKind, float]) -> None:
    counted = {} if links_waiting is None else {"links_waiting": links_waiting}
    logger.info("swept", extra=counted)
    for kind, seconds in oldest_due_seconds.items():
        logger.info("due", extra={"kind": kind, "oldest_seconds": seconds})
