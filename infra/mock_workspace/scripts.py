"""What the beginning of a meeting's external_reference has the mock Workspace do."""

import re
from enum import StrEnum
from typing import NamedTuple

from functions.errors import PermanentError, RetryableError, UpstreamError
from functions.models import Meeting
from infra.google_errors import CALENDAR_NOT_FOUND, TABLE

PREFIX = "sim-"
UNKNOWN = "The external_reference begins with sim- and no known script: see docs/mock-workspace.md."

FAILURES = {
    row.code: row
    for row in (*TABLE, CALENDAR_NOT_FOUND)
    if row.raises in (PermanentError, RetryableError)
}
"""What a script can have Google fail with, by code."""


class Script(StrEnum):
    """What happens instead of, or besides, an appointment in which all goes well."""

    FAIL = "fail"
    TRANSIENT = "transient"
    LINK_AFTER = "link-after"
    LINK_NEVER = "link-never"
    ROOM_FAILS = "room-fails"
    NOT_HELD = "not-held"
    ALONE = "alone"
    SHORT = "short"
    EARLY = "early"
    RUNS_LONG = "runs-long"
    REJOINED = "rejoined"
    NOT_RECORDED = "not-recorded"
    RECORDED_TWICE = "recorded-twice"
    RECORDED_LATE = "recorded-late"
    NEVER_READY = "never-ready"
    RECORDING_DELETED = "recording-deleted"
    MEET_FAIL = "meet-fail"
    DRIVE_FAIL = "drive-fail"


NUMBER = r"(?P<number>\d{1,7})-"
CODE = r"(?P<code>[a-z_]+)-"
ARGUMENTS = {
    Script.FAIL: CODE,
    Script.TRANSIENT: NUMBER,
    Script.LINK_AFTER: NUMBER,
    Script.EARLY: NUMBER,
    Script.RUNS_LONG: NUMBER,
    Script.RECORDED_LATE: NUMBER,
    Script.RECORDING_DELETED: NUMBER,
    Script.MEET_FAIL: CODE,
    Script.DRIVE_FAIL: CODE,
}
PATTERNS = {
    script: re.compile(f"{PREFIX}{script}-{ARGUMENTS.get(script, '')}", re.ASCII)
    for script in Script
}


class Play(NamedTuple):
    """A script with what it says; no script: all goes well."""

    script: Script | None = None
    number: int = 0
    """Seconds, or attempts."""

    failure: UpstreamError | None = None

    def check(self, script: Script) -> None:
        """Raise the failure that this script has, if it is the one that is played."""
        if self.script is script and self.failure is not None:
            raise self.failure


def play_of(meeting: Meeting) -> Play:
    """Return what happens with the meeting.

    Raises:
        PermanentError: its external_reference begins as a script does, and is none.
    """
    reference = meeting.external_reference or ""
    if not reference.startswith(PREFIX):
        return Play()
    for script, pattern in PATTERNS.items():
        match = pattern.match(reference)
        if match is None:
            continue
        arguments = match.groupdict()
        code = arguments.get("code")
        if code is None:
            return Play(script, int(arguments.get("number") or 0))
        if code in FAILURES:
            return Play(script, failure=FAILURES[code].error())
    raise PermanentError("unknown_simulation", UNKNOWN)
