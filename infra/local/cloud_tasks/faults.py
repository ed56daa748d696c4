"""Faults on demand: what the stand-in does wrong next, counted down as it happens."""

import dataclasses
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

import grpc


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """How many of the next calls or tasks each fault strikes; in JSON the fields are the same."""

    refuse_creates: int = 0
    """CreateTask calls that fail with `refuse_status` and store nothing."""
    refuse_status: str = "UNAVAILABLE"
    lose_answers: int = 0
    """CreateTask calls that store the task, and then fail with `lose_status`."""
    lose_status: str = "UNAVAILABLE"
    deliver_twice: int = 0
    """Tasks whose first attempt is sent twice at the same time."""
    deliver_late: int = 0
    """Tasks whose first attempt comes `late_seconds` after its time."""
    late_seconds: float = 0.0
    deliver_reversed: int = 0
    """Tasks held until that many are due; then sent last first, one at a time."""

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.name.endswith("_status"):
                if value == "OK" or value not in grpc.StatusCode.__members__:
                    raise ValueError(f"{field.name} must be a gRPC error status, found {value!r}")
            elif field.name == "late_seconds":
                if not isinstance(value, (int, float)) or not 0 <= value < math.inf:
                    raise ValueError(
                        f"late_seconds must be a number of seconds, 0 or more, found {value!r}"
                    )
            elif not isinstance(value, int) or isinstance(value, bool) or value < 0:
                raise ValueError(f"{field.name} must be a count of 0 or more, found {value!r}")


NAMES = tuple(field.name for field in dataclasses.fields(FaultPlan))


class Faults:
    """The faults still to come. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plan = FaultPlan()
        self.on_change: Callable[[], None] = lambda: None
        """Called after `inject`, `replace` or `clear`, for whoever holds tasks back."""

    @property
    def plan(self) -> FaultPlan:
        return self._plan

    def inject(self, /, **faults: object) -> None:
        """Set these fields of the plan, see `FaultPlan`, and leave the others.

        Raises:
            ValueError: a field is unknown or its value is impossible; the message names it.
        """
        with self._lock:
            self._plan = _planned(self._plan, faults)
        self.on_change()

    def replace(self, /, **faults: object) -> None:
        """Make these fields the whole plan; raises as `inject` does."""
        with self._lock:
            self._plan = _planned(FaultPlan(), faults)
        self.on_change()

    def clear(self) -> None:
        """Drop every fault; tasks held back are sent."""
        self.replace()

    def take(self, fault: str) -> FaultPlan | None:
        """Return the plan, and count the fault down, if it strikes now; otherwise None."""
        # Read without the lock first: every task comes by here, and it is mostly 0.
        if not getattr(self._plan, fault):
            return None
        with self._lock:
            plan = self._plan
            left: int = getattr(plan, fault)
            if not left:
                return None
            self._plan = _planned(plan, {fault: left - 1})
            return plan


def _planned(plan: FaultPlan, faults: dict[str, object]) -> FaultPlan:
    unknown = sorted(faults.keys() - set(NAMES))
    if unknown:
        raise ValueError(
            f"unknown fault {', '.join(unknown)}; the known ones are {', '.join(NAMES)}"
        )
    return FaultPlan(**(dataclasses.asdict(plan) | faults))
