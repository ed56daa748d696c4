"""Whether everything that the product needs is there: each thing is asked by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from functions.errors import PermanentError, UpstreamError
from functions.ports import SweepStore

SWEPT_WITHIN = timedelta(minutes=5)
"""Cloud Scheduler calls `sweep` every minute, and one call may take most of it."""

SWEEP_OVERDUE = (
    "No sweep has gone through in the last five minutes: check in the Google Cloud console under"
    " Cloud Scheduler that the job which calls sweep is there and enabled and what became of its"
    " last run, then the log of the function sweep."
)


class CheckOutcome(StrEnum):
    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Check:
    """What came of one of them; whatever is not ok has a code and a sentence."""

    name: str
    outcome: CheckOutcome
    code: str | None = None
    detail: str | None = None


@dataclass(frozen=True)
class Skip:
    """Why something is not asked."""

    code: str
    detail: str


Question = Callable[[], None] | Skip
"""What raises UpstreamError unless the thing is there."""

MOCK_WORKSPACE = Skip(
    "mock_workspace",
    "No Google Workspace is configured: the mock stands in for it, and no real meeting is made.",
)


def examine(questions: Mapping[str, Question]) -> tuple[Check, ...]:
    """Ask all of them, however many fail."""
    return tuple(_check(name, question) for name, question in questions.items())


def require_sweep(sweeps: SweepStore, now: datetime) -> None:
    """Raise PermanentError unless a sweep went through of late, or whatever the store raises."""
    last_swept_at = sweeps.last_swept_at()
    if last_swept_at is None or now - last_swept_at > SWEPT_WITHIN:
        raise PermanentError("sweep_overdue", SWEEP_OVERDUE)


def _check(name: str, question: Question) -> Check:
    if isinstance(question, Skip):
        return Check(name, CheckOutcome.SKIPPED, question.code, question.detail)
    try:
        question()
    except UpstreamError as error:
        return Check(name, CheckOutcome.FAILED, error.code, error.detail)
    except Exception as error:
        # Its type alone: the text may quote an answer of Google's, with addresses.
        detail = f"It could not be checked ({type(error).__name__}): report it to the maintainers."
        return Check(name, CheckOutcome.FAILED, "internal_error", detail)
    return Check(name, CheckOutcome.OK)
