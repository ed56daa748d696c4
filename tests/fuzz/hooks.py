"""What schemathesis is told beside the document: values that make sense, rules no schema says."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import RejectedPositiveData

from tests.fuzz.known import EMAILS, Known

BEGIN = datetime(2031, 1, 1, tzinfo=UTC)
RULES = frozenset(
    {
        "control_character",
        "empty",  # of spaces or marks alone
        "in_the_past",
        "invalid_cursor",
        "invalid_email",
        "invalid_time",
        "invisible_character",
        "organizer_invited",
        "out_of_sight",
        "repeated_email",
        "reversed_times",
        "too_long",  # of a meeting
        "unknown_time_zone",
    }
)
"""The faults that a request can have though it fits the document."""

LINE_BREAK = re.compile(r"\n|%0a", re.IGNORECASE)
known = Known()

schemathesis.openapi.format(
    "date-time",
    st.integers(0, 48 * 12).map(lambda step: (BEGIN + timedelta(minutes=5 * step)).isoformat()),
)
schemathesis.openapi.format(
    "email",
    st.sampled_from([*EMAILS.values(), "doctor@clinica.com", "paciente@correo.com"])
    | st.from_regex(r"[a-z0-9]{1,9}@[a-z]{1,9}\.com", fullmatch=True),
)
schemathesis.openapi.format("iana-time-zone", st.sampled_from(sorted(available_timezones())))


@schemathesis.hook
def after_call(_: HookContext, case: Case[Any], response: Response) -> None:
    if response.content and response.status_code in (200, 201, 202):
        known.learn(response.json())


@schemathesis.hook
def before_call(_: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Lead what fits the document to what is there; what comes of links knows its way itself."""
    for name, value in (case.path_parameters or {}).items():
        # The runtime's own route takes no line break, and answers a 404 of its own.
        case.path_parameters[name] = LINE_BREAK.sub("", str(value))
    meta = case.meta
    if meta is not None and meta.phase.name is not TestPhase.STATEFUL:
        if meta.generation.mode.is_positive and case.path_parameters:
            known.lead(case.path_parameters)


@schemathesis.hook
def filter_failure(_: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
    """Drop what is none: the request fits the document, and breaks rules that it cannot say."""
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 400:
        return True
    faults = response.json().get("errors", [])
    return not faults or not {fault["code"] for fault in faults} <= RULES
