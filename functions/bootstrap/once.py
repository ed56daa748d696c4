"""What is made at its first use, and the time."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Once(Generic[Made]):
    """Makes something at the first call, once, however many threads ask."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: list[Made] = []

    def __call__(self) -> Made:
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]


def utc_now() -> datetime:
    return datetime.now(UTC)
