"""What goes wrong on purpose, and what a test does at that very moment."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from tests.workspace_double.errors import ApiError, OAuthError
from tests.workspace_double.messages import HttpAnswer

T = TypeVar("T")
Moment = Literal["before", "after"]

_MESSAGES = {
    "rateLimitExceeded": "Rate Limit Exceeded",
    "userRateLimitExceeded": "User Rate Limit Exceeded",
    "quotaExceeded": "Calendar usage limits exceeded.",
    "RATE_LIMIT_EXCEEDED": "Quota exceeded for quota metric 'Read requests'.",
    "backendError": "Backend Error",
    "authError": "Invalid Credentials",
}

_HTML = b"<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title><p>That's an error.</html>"


@dataclass
class Fault:
    """One thing that goes wrong, for the next `times` calls that match.

    Before the write, and instead of it: `status` (with `reason`), `html`, `reset`.
    After the write: `lose_answer`, `malformed` (half of it), `corrupt` (as long, but other).
    Delays: `delay_seconds` before the write, `delay_answer_seconds` between the write and the
    answer.
    """

    method: str | None = None
    user: str | None = None
    times: int = 1
    skip: int = 0
    status: int | None = None
    reason: str = "backendError"
    message: str | None = None
    retry_after: int | None = None
    html: bool = False
    reset: bool = False
    lose_answer: bool = False
    malformed: bool = False
    corrupt: bool = False
    delay_seconds: float = 0
    delay_answer_seconds: float = 0

    def __post_init__(self) -> None:
        if self.html and self.status is None:
            self.status = 502

    def refusal(self, method_id: str, *, is_oauth: bool = False) -> HttpAnswer | None:
        """Write the answer that stands instead of the call, if the fault is one.

        Meet names an upper-case `reason` in `details`, and no other.
        """
        if self.status is None:
            return None
        if self.html:
            return HttpAnswer(self.status, _HTML, {"Content-Type": "text/html; charset=UTF-8"})
        message = self.message or _MESSAGES.get(self.reason, self.reason)
        if is_oauth:
            return OAuthError(self.status, self.reason, message).answer()
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        domain = "usageLimits" if "Exceeded" in self.reason else "global"
        error = ApiError(self.status, self.reason, message, domain=domain, headers=headers)
        return error.answer(method_id)


class Faults:
    """The faults still to come, in the order they were added. `method` None means any."""

    def __init__(self) -> None:
        self._pending: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, **fields: Any) -> Fault:
        """Script a fault; the fields are those of `Fault`."""
        fault = Fault(**fields)
        with self._lock:
            self._pending.append(fault)
        return fault

    def take(self, method_id: str, user: str) -> Fault | None:
        """Use up one turn of the first fault that matches."""
        with self._lock:
            for fault in self._pending:
                if fault.method in (None, method_id) and fault.user in (None, user):
                    return self._use(fault)
        return None

    def _use(self, fault: Fault) -> Fault | None:
        if fault.skip > 0:
            fault.skip -= 1
            return None
        fault.times -= 1
        if fault.times <= 0:
            self._pending.remove(fault)
        return fault

    @property
    def pending(self) -> list[Fault]:
        with self._lock:
            return list(self._pending)

    def clear(self) -> None:
        with self._lock:
            self._pending.clear()


@dataclass
class _Hook(Generic[T]):
    method: str
    moment: Moment
    call: Callable[[T], object]
    times: int


class Hooks(Generic[T]):
    """Test code that runs inside a call: before its write, or between write and answer."""

    def __init__(self) -> None:
        self._hooks: list[_Hook[T]] = []
        self._lock = threading.Lock()

    def add(self, method: str, call: Callable[[T], object], moment: Moment, times: int) -> None:
        with self._lock:
            self._hooks.append(_Hook(method, moment, call, times))

    def run(self, method_id: str, moment: Moment, argument: T) -> None:
        """Run every hook that is due, outside the lock: a hook may call the double again."""
        with self._lock:
            due = [h for h in self._hooks if h.method == method_id and h.moment == moment]
            for hook in due:
                hook.times -= 1
            self._hooks = [hook for hook in self._hooks if hook.times > 0]
        for hook in due:
            hook.call(argument)
