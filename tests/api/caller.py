"""The `api` function as a caller sees it, on an embedded store and a queue that a test holds."""

import json
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.datastructures import Headers

from functions.api import api_app
from functions.api.auth import Authenticator
from functions.api.rate_limit import RateLimiter
from functions.api.services import Services
from functions.api.waiting import LinkWaiter
from functions.bootstrap import Once
from functions.errors import RetryableError
from functions.models import Meeting, MeetingQuery, StoredUser, UserRole, new_user
from functions.ports import SweepStore
from functions.scheduling import MeetingScheduler
from functions.sync_calendar import CalendarSynchronizer
from functions.users import UserDirectory
from functions.writing import MeetingWriter
from infra.embedded.allowances import EmbeddedAllowanceStore
from infra.embedded.answers import EmbeddedAnswerStore
from infra.embedded.sweeps import EmbeddedSweepStore
from infra.embedded.users import EmbeddedUserStore
from infra.mock_workspace import MockCalendar
from tests.api.contract import Contract
from tests.api.fakes import Queue, Store, Tokens
from tests.values import NOW, a_request

MEETINGS, USERS = "/api/v1/meetings/", "/api/v1/users/"
PARTICIPANTS, RECORDINGS = "/api/v1/participants/", "/api/v1/recordings/"
SYNC = f"{RECORDINGS}sync/"
BATCH_CREATE, BATCH_CANCEL = "/api/v1/meetings:batchCreate/", "/api/v1/meetings:batchCancel/"
LINKS = "https://rooms.example"
START, END = "2030-01-02T15:00:00Z", "2030-01-02T16:00:00Z"


def a_body(**changes: Any) -> dict[str, Any]:
    """Return the requirements' own request, a day after the clock of these tests."""
    return a_request(**{"scheduled_start": START, "scheduled_end": END, **changes})


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Headers
    json: Any


class Api:
    """Sends requests to the app, and holds every answer against the app's own document.

    Everybody is the local administrator, until `identify` makes tokens needed.
    """

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self.time = NOW
        self.store = Store()
        self.answers = EmbeddedAnswerStore(self.store.database)
        self.users = EmbeddedUserStore(self.store.database)
        self.sweeps: SweepStore = EmbeddedSweepStore(self.store.database)
        self.queue = Queue()
        self.recording_queue = Queue()
        self.stopping = threading.Event()
        self.email: str | None = None
        """Who sends the requests, once callers are identified."""

        self.rate_limit: int | None = None
        self.verifier: Tokens | None = None
        self.app = api_app(Once(self._services))
        self.synchronizer = CalendarSynchronizer(
            self.store.kept,
            MockCalendar(LINKS, lambda: self.time),
            lambda: self.time,
            lambda _: None,
        )

    def identify(self, role: UserRole, email: str) -> None:
        """Let a user of this role send all requests from now on; before the first one."""
        self.verifier = Tokens()
        user = new_user(email, self.time, role=role)
        self.store.database.users[user.id] = StoredUser(user, 1)
        self.email = email

    def send(self, method: str, path: str, **request: Any) -> Answer:
        headers = Headers(request.pop("headers", None))
        if self.email is not None:
            headers.setdefault("Authorization", f"Bearer {self.email}")
        response = self.app.test_client().open(path, method=method, headers=headers, **request)
        self._contract.check(response)
        return Answer(response.status_code, response.headers, response.get_json(silent=True))

    def get(self, path: str, **request: Any) -> Answer:
        return self.send("GET", path, **request)

    def post(self, body: Any, prefer: str = "respond-async", **request: Any) -> Answer:
        headers = {"Prefer": prefer, **request.pop("headers", {})}
        return self.send("POST", MEETINGS, **(content(body) | request), headers=headers)

    def patch(self, meeting_id: str, body: Any, **request: Any) -> Answer:
        return self.send("PATCH", f"{MEETINGS}{meeting_id}/", **(content(body) | request))

    def delete(self, meeting_id: str, **request: Any) -> Answer:
        return self.send("DELETE", f"{MEETINGS}{meeting_id}/", **request)

    def make(self, **changes: Any) -> str:
        """Make a meeting without a reference of its own; returns its id."""
        answer = self.post(a_body(**{"external_reference": None, **changes}))
        assert answer.status == 202
        return str(answer.json["id"])

    def refused(self, body: Any) -> list[tuple[str, str]]:
        """Ask for a meeting with this body, check that nothing comes of it; returns its faults."""
        found = faults(self.post(body))
        assert self.store.asked == []
        assert self.queue.names == []
        return found

    def sync(self, meeting_id: str) -> None:
        """Do what the task does, once."""
        with suppress(RetryableError):
            self.synchronizer.sync(meeting_id)

    def stored(self) -> tuple[Meeting, ...]:
        return self.store.kept.page(MeetingQuery(), 1000, None).items

    def now(self) -> datetime:
        return self.time

    def _services(self) -> Services:
        writer = MeetingWriter(self.store, self.queue, self.now, lambda _: None)
        users = UserDirectory(self.users, self.now)
        limiter = RateLimiter(
            EmbeddedAllowanceStore(self.store.database), self.rate_limit, self.now
        )
        return Services(
            store=self.store,
            answers=self.answers,
            users=users,
            scheduler=MeetingScheduler(writer, livemode=False),
            writer=writer,
            authenticator=Authenticator(self.verifier, users, limiter),
            waiter=LinkWaiter(self.store, 8, self.stopping),
            recording_queue=self.recording_queue,
            now=self.now,
            sweeps=self.sweeps,
            dependencies={
                "firestore": self.store.ping,
                "cloud_tasks": self.queue.ping,
                "cloud_tasks_recording": self.recording_queue.ping,
            },
        )


def content(body: Any) -> dict[str, Any]:
    """Return a body as the test client takes it: text as it stands, anything else as JSON."""
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return {"data": data, "content_type": "application/json"}


def faults(answer: Answer) -> list[tuple[str, str]]:
    """Return what a 400 says is wrong."""
    assert answer.status == 400
    assert answer.json["code"] == "invalid_request"
    assert all(fault["message"] for fault in answer.json["errors"])
    return [(fault["pointer"], fault["code"]) for fault in answer.json["errors"]]
