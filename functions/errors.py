"""The errors that cross from one part to another.

MeetMiddlewareError
├── InvalidRequest          a caller's input has faults
├── MeetingNotFound         no such meeting
├── UserNotFound            no such user
├── ReferenceTaken          another active meeting has this external_reference
├── InvalidTransition       the meeting's status does not allow it
├── Refused                 what is stored does not allow it; the code says why
├── KeyTaken                the Idempotency-Key was used before
├── NothingToRetry          the meeting's calendar has not failed
├── InvalidToken            a caller's token proves nothing
├── RateLimited             a caller asks too often
├── ConcurrentChange        somebody else wrote first: read again
└── UpstreamError           Google did not do what was asked
    ├── RetryableError      the same call may work later
    ├── PermanentError      it will not work until somebody fixes something
    ├── GoneError           the thing asked for is no longer there
    │   └── NotFoundError   it is not there, or cannot be seen for a moment
    ├── DuplicateError      the id is taken
    └── ChangedError        the thing changed since it was read
"""

from dataclasses import dataclass
from datetime import timedelta


class MeetMiddlewareError(Exception):
    """Anything that this product raises on purpose."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a caller's input; `pointer` is a JSON Pointer or a parameter's name."""

    pointer: str
    code: str
    message: str


class InvalidRequest(MeetMiddlewareError):
    """The caller's input has faults."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(", ".join(f"{fault.pointer} {fault.code}" for fault in faults))
        self.faults = faults


class MeetingNotFound(MeetMiddlewareError):
    """There is no meeting with this id."""


class ReferenceTaken(MeetMiddlewareError):
    """Another active meeting has this external_reference."""

    def __init__(self, existing_id: str) -> None:
        super().__init__(existing_id)
        self.existing_id = existing_id


class UserNotFound(MeetMiddlewareError):
    """There is no user with this id."""


class InvalidTransition(MeetMiddlewareError):
    """The meeting's status does not allow this change."""

    def __init__(self, current: str, wanted: str) -> None:
        super().__init__(f"{current} to {wanted}")
        self.current = current


class NothingToRetry(MeetMiddlewareError):
    """The meeting's calendar has not failed."""


class Refused(MeetMiddlewareError):
    """What is stored, or who calls, does not allow it; the code is one of `problems.CATALOGUE`."""

    def __init__(self, code: str, **members: str) -> None:
        super().__init__(code)
        self.code = code
        self.members = members


class KeyTaken(MeetMiddlewareError):
    """The Idempotency-Key was used before; nothing is stored."""


class InvalidToken(MeetMiddlewareError):
    """A caller's ID token proves nothing; the reason is a stable code and holds nothing of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RateLimited(MeetMiddlewareError):
    """The caller has made all the requests of this minute."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds


class ConcurrentChange(MeetMiddlewareError):
    """Somebody else wrote the meeting after it was read."""


class UpstreamError(MeetMiddlewareError):
    """Google did not do what was asked; the code is stable, the detail says what to fix."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class RetryableError(UpstreamError):
    """The same call may work later: soon through the queue, or after `delay` where it is set."""

    def __init__(self, code: str, detail: str, delay: timedelta | None = None) -> None:
        super().__init__(code, detail)
        self.delay = delay


class PermanentError(UpstreamError):
    """It will not work until somebody fixes something."""


class GoneError(UpstreamError):
    """The thing asked for is no longer there."""


class NotFoundError(GoneError):
    """The thing asked for is not there, or cannot be seen for a moment."""


class DuplicateError(UpstreamError):
    """The id is taken."""


class ChangedError(UpstreamError):
    """The thing changed since it was read."""
