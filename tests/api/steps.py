"""What the app calls, with a place before and after each call at which a test can act."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import NoReturn

from functions.errors import PermanentError, RetryableError, UpstreamError
from functions.models import (
    Claim,
    JournalEntry,
    Meeting,
    StoredAnswer,
    StoredMeeting,
    StoredUser,
    User,
)
from infra.embedded.answers import EmbeddedAnswerStore
from infra.embedded.users import EmbeddedUserStore
from tests.api.fakes import Queue, Store

AWAY = RetryableError("store_unavailable", "Firestore is not responding.")
REFUSED = PermanentError("store_refused", "Firestore rejects the call.")


class Death(BaseException):
    """The process ends: nothing that catches errors catches this."""


def failing(error: UpstreamError) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def die() -> NoReturn:
    raise Death


class Steps:
    """Remembers the steps that were passed; acts once at each one it is told."""

    def __init__(self) -> None:
        self.passed: list[str] = []
        self._acts: dict[str, list[Callable[[], object]]] = {}

    def on(self, step: str, act: Callable[[], object], skip: int = 0) -> None:
        """Act at the step's next occurrence, after as many others as are skipped."""
        self._acts[step] = [*([int] * skip), act]

    def count(self, call: str) -> int:
        return self.passed.count(f"before {call}")

    @contextmanager
    def around(self, call: str) -> Iterator[None]:
        self._reach(f"before {call}")
        yield
        self._reach(f"after {call}")

    def _reach(self, step: str) -> None:
        self.passed.append(step)
        if acts := self._acts.get(step):
            acts.pop(0)()


class SteppedStore(Store):
    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self._steps = steps

    def create(self, meeting: Meeting, entry: JournalEntry, claim: Claim | None = None) -> None:
        with self._steps.around("create"):
            super().create(meeting, entry, claim)

    def get(self, meeting_id: str) -> StoredMeeting:
        with self._steps.around("get"):
            return super().get(meeting_id)

    def save(
        self,
        stored: StoredMeeting,
        changed: Meeting,
        entry: JournalEntry | None = None,
        claim: Claim | None = None,
    ) -> StoredMeeting:
        with self._steps.around("save"):
            return super().save(stored, changed, entry, claim)


class SteppedUsers(EmbeddedUserStore):
    def __init__(self, steps: Steps, store: Store) -> None:
        super().__init__(store.database)
        self._steps = steps

    def create(self, user: User, claim: Claim | None = None) -> None:
        with self._steps.around("create user"):
            super().create(user, claim)

    def get(self, user_id: str) -> StoredUser:
        with self._steps.around("get user"):
            return super().get(user_id)

    def save(
        self, stored: StoredUser, changed: User | None, claim: Claim | None = None
    ) -> StoredUser | None:
        with self._steps.around("save user"):
            return super().save(stored, changed, claim)


class SteppedAnswers(EmbeddedAnswerStore):
    def __init__(self, steps: Steps, store: Store) -> None:
        super().__init__(store.database)
        self._steps = steps

    def find(self, claim_id: str, now: datetime) -> tuple[Claim, StoredAnswer | None] | None:
        with self._steps.around("find"):
            return super().find(claim_id, now)

    def claim(self, claim: Claim) -> None:
        with self._steps.around("claim"):
            super().claim(claim)

    def keep(self, claim: Claim, answer: StoredAnswer) -> StoredAnswer:
        with self._steps.around("keep"):
            return super().keep(claim, answer)


class SteppedQueue(Queue):
    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self._steps = steps

    def enqueue(self, name: str, payload: Mapping[str, object], *, delay_seconds: int = 0) -> None:
        with self._steps.around("enqueue"):
            super().enqueue(name, payload, delay_seconds=delay_seconds)
