"""What the views work with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from functions.api.waiting import LinkWaiter
from functions.ports import MeetingStore
from functions.scheduling import MeetingScheduler


@dataclass(frozen=True)
class Services:
    store: MeetingStore
    scheduler: MeetingScheduler
    waiter: LinkWaiter
    now: Callable[[], datetime]
    dependencies: Mapping[str, Callable[[], None]]
    """Each dependency's name, and what raises UpstreamError unless it answers."""
