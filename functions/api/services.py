"""What the views work with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from functions.api.auth import Authenticator
from functions.api.waiting import LinkWaiter
from functions.ports import AnswerStore, MeetingStore, SweepStore, TaskQueue
from functions.scheduling import MeetingScheduler
from functions.users import UserDirectory
from functions.writing import MeetingWriter


@dataclass(frozen=True)
class Services:
    store: MeetingStore
    answers: AnswerStore
    users: UserDirectory
    scheduler: MeetingScheduler
    writer: MeetingWriter
    authenticator: Authenticator
    waiter: LinkWaiter
    recording_queue: TaskQueue
    now: Callable[[], datetime]
    sweeps: SweepStore
    dependencies: Mapping[str, Callable[[], None]]
    """Each dependency's name, and what raises UpstreamError unless it answers."""
