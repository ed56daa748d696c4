"""Requests with an Idempotency-Key: one for every route that changes anything."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from functions.api.routes import ROUTES
from functions.sync_calendar import CalendarSynchronizer
from infra.mock_workspace import MockCalendar
from tests.api.caller import (
    BATCH_CANCEL,
    BATCH_CREATE,
    LINKS,
    MEETINGS,
    SYNC,
    USERS,
    Api,
    a_body,
    content,
)
from tests.api.contract import Contract
from tests.api.steps import SteppedAnswers, SteppedQueue, SteppedStore, SteppedUsers, Steps
from tests.values import a_meeting, put

KEY = "0b5c3a1e-7d4f-4c58-9f1e-6a2d8c9b0e11"

WRITES = {route.view: route for route in ROUTES if route.method != "GET"}


@dataclass(frozen=True)
class Asked:
    """A request, what it is answered with, and another body that could go the same way."""

    method: str
    path: str
    status: int
    body: Any = None
    other_body: Any = None

    def with_body(self, body: Any) -> "Asked":
        return Asked(self.method, self.path, self.status, body)


class KeyedApi(Api):
    """The same, with steps; answers are what came over the wire."""

    def __init__(self, contract: Contract) -> None:
        super().__init__(contract)
        self.contract = contract
        self.steps = Steps()
        self.store = SteppedStore(self.steps)
        self.users = SteppedUsers(self.steps, self.store)
        self.answers = SteppedAnswers(self.steps, self.store)
        self.queue = SteppedQueue(self.steps)
        self.recording_queue = SteppedQueue(self.steps)
        self.synchronizer = CalendarSynchronizer(
            self.store.kept,
            MockCalendar(LINKS, lambda: self.time),
            lambda: self.time,
            lambda _: None,
        )
        self.numbers = itertools.count(1)

    def ask(self, asked: Asked, key: str | None = KEY, **headers: str) -> TestResponse:
        headers = {"Prefer": "respond-async", **headers}
        if key is not None:
            headers["Idempotency-Key"] = key
        if self.email is not None:
            headers["Authorization"] = f"Bearer {self.email}"
        sent = {} if asked.body is None else content(asked.body)
        response = self.app.test_client().open(
            asked.path, method=asked.method, headers=headers, **sent
        )
        self.contract.check(response)
        return response

    def prepare(self, view: str) -> Asked:
        """Store what a request to this route needs; returns the request."""
        asked = CASES[view](self)
        self.steps.passed.clear()
        return asked

    def steps_of(self, asked: Asked) -> list[tuple[str, int]]:
        """Make the request, undisturbed; returns its steps, each with how often it came before."""
        self.ask(asked)
        passed = list(self.steps.passed)
        return [(step, passed[:index].count(step)) for index, step in enumerate(passed)]

    def everything(self) -> tuple[object, ...]:
        """All that is stored or handed over, to be compared with the same later."""
        kept = self.store.database
        journals = {meeting_id: tuple(entries) for meeting_id, entries in kept.journals.items()}
        stored = (kept.meetings, kept.references, kept.users, kept.claims, kept.answers)
        tasks = (tuple(queue.names) for queue in (self.queue, self.recording_queue))
        return (*(dict(each) for each in stored), journals, *tasks)

    def effects(self) -> list[object]:
        """What was done, without the ids that differ each time."""
        kept = self.store.database
        meetings = [
            (
                meeting.status.value,
                meeting.revision,
                meeting.summary,
                [(p.email, p.kind) for p in meeting.participants],
                [(r.drive_file_id, r.duration_seconds) for r in meeting.recordings],
                [entry.kind.value for entry in kept.journals[meeting.id]],
            )
            for meeting in (stored.meeting for stored in kept.meetings.values())
        ]
        users = [(s.user.email, s.user.role.value, s.user.active) for s in kept.users.values()]
        return [sorted(meetings), sorted(users), len(kept.references)]


def is_replayed(response: TestResponse) -> bool:
    return response.headers.get("Idempotency-Replayed") == "true"


def on_the_wire(response: TestResponse) -> tuple[object, ...]:
    """What a caller sees of an answer, to the byte."""
    names = ("Content-Type", "ETag", "Location", "Retry-After")
    return (response.status, response.data, *(response.headers.get(name) for name in names))


def _create(_: KeyedApi) -> Asked:
    return Asked("POST", MEETINGS, 202, a_body(), a_body(summary="Another"))


def _batch_create(_: KeyedApi) -> Asked:
    meetings = [a_body(external_reference=reference) for reference in ("one", "two")]
    return Asked("POST", BATCH_CREATE, 200, {"meetings": meetings}, {"meetings": meetings[:1]})


def _batch_cancel(api: KeyedApi) -> Asked:
    ids = [api.make(), api.make()]
    return Asked("POST", BATCH_CANCEL, 200, {"ids": ids}, {"ids": ids, "reason": "Ill."})


def _change(api: KeyedApi) -> Asked:
    path = f"{MEETINGS}{api.make()}/"
    return Asked("PATCH", path, 200, {"summary": "Moved"}, {"summary": "Other"})


def _cancel(api: KeyedApi) -> Asked:
    return Asked("DELETE", f"{MEETINGS}{api.make()}/", 200, None, {"reason": "Ill."})


def _retry(api: KeyedApi) -> Asked:
    meeting_id = api.make(external_reference=f"sim-fail-api_disabled-{next(api.numbers)}")
    api.sync(meeting_id)
    return Asked("POST", f"{MEETINGS}{meeting_id}/retry/", 200)


def _add(api: KeyedApi) -> Asked:
    path = f"{MEETINGS}{api.make()}/participants/"
    return Asked("POST", path, 201, {"email": "new@correo.com"}, {"email": "other@correo.com"})


def _change_participant(api: KeyedApi) -> Asked:
    return Asked("PATCH", _guest(api), 200, {"email": "new@correo.com"}, {"kind": "staff"})


def _remove_participant(api: KeyedApi) -> Asked:
    return Asked("DELETE", _guest(api), 204)


def _register(api: KeyedApi) -> Asked:
    path = f"{MEETINGS}{api.make()}/recordings/"
    return Asked(
        "POST", path, 201, {"drive_file_id": "1A2b3C4d5E"}, {"drive_file_id": "9Z8y7X6w5V"}
    )


def _change_recording(api: KeyedApi) -> Asked:
    return Asked("PATCH", _recording(api), 200, {"duration_seconds": 5}, {"duration_seconds": 6})


def _remove_recording(api: KeyedApi) -> Asked:
    return Asked("DELETE", _recording(api), 204)


def _sync_recordings(api: KeyedApi) -> Asked:
    one, other = _held(api), _held(api)
    return Asked("POST", SYNC, 202, {"meeting": one}, {"meeting": other})


def _create_user(_: KeyedApi) -> Asked:
    body = {"email": "xoma@clinica.com", "role": "service"}
    return Asked("POST", USERS, 201, body, {**body, "role": "admin"})


def _change_user(api: KeyedApi) -> Asked:
    return Asked("PATCH", _user(api), 200, {"role": "admin"}, {"active": False})


def _remove_user(api: KeyedApi) -> Asked:
    return Asked("DELETE", _user(api), 204)


def _guest(api: KeyedApi) -> str:
    meeting = api.store.kept.get(api.make()).meeting
    return f"{MEETINGS}{meeting.id}/participants/{meeting.participants[1].id}/"


def _recording(api: KeyedApi) -> str:
    asked = _register(api)
    recording = api.ask(asked, None).get_json()
    return f"{asked.path}{recording['id']}/"


def _held(api: KeyedApi) -> str:
    """Store a meeting that has begun, in its room."""
    meeting = a_meeting(
        livemode=False, scheduled_start=api.time, meeting_code=f"abc-defg-{next(api.numbers):03}"
    )
    put(api.store.kept, meeting)
    return meeting.id


def _user(api: KeyedApi) -> str:
    body = {"email": f"user{next(api.numbers)}@clinica.com", "role": "service"}
    user = api.ask(Asked("POST", USERS, 201, body), None).get_json()
    return f"{USERS}{user['id']}/"


CASES: dict[str, Callable[[KeyedApi], Asked]] = {
    "meetings.create": _create,
    "batch.create": _batch_create,
    "batch.cancel": _batch_cancel,
    "meetings.change": _change,
    "meetings.cancel": _cancel,
    "meetings.retry": _retry,
    "participants.add": _add,
    "participants.change": _change_participant,
    "participants.remove": _remove_participant,
    "recordings.register": _register,
    "recordings.change": _change_recording,
    "recordings.remove": _remove_recording,
    "recording_sync.start": _sync_recordings,
    "users.create": _create_user,
    "users.change": _change_user,
    "users.remove": _remove_user,
}
