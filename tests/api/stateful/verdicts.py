"""What an answer must be, and the verdicts that every operation can come to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

EVERYBODY = frozenset({"admin", "service", "external"})
STAFF = frozenset({"admin", "service"})
ADMINS = frozenset({"admin"})


@dataclass(frozen=True)
class Verdict:
    """The status that an answer must have, the problem's code, and members of its body."""

    status: int
    code: str | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    replays: Any = None
    is_replay: bool = False


Act = Callable[[Any], Verdict]
"""Decides about a request, and does it; takes the answer, from which it learns new ids alone."""

FORBIDDEN = Verdict(403, "forbidden")
UNKNOWN_CALLER = Verdict(403, "unknown_caller")
NO_MEETING = Verdict(404, "meeting_not_found")
NO_PARTICIPANT = Verdict(404, "participant_not_found")
NO_RECORDING = Verdict(404, "recording_not_found")
NO_USER = Verdict(404, "user_not_found")
INVALID = Verdict(400, "invalid_request")
OVER = Verdict(409, "invalid_transition")
STALE = Verdict(412, "precondition_failed")
LAST_ADMIN = Verdict(409, "last_admin")
