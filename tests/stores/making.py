"""The stores, and what tests put into them."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from google.cloud import firestore

from functions import bootstrap
from functions.bootstrap import Stores
from functions.models import (
    Claim,
    EntryKind,
    JournalEntry,
    Meeting,
    MeetingQuery,
    Position,
    StoredAnswer,
    User,
    UserRole,
    new_id,
    new_user,
)
from functions.ports import MeetingStore
from infra.firestore.database import client
from tests.values import NOW, a_meeting

XOMA = "xoma@clinica.com"
Given = TypeVar("Given")


def firestore_stores(made: firestore.Client) -> Stores:
    return bootstrap.firestore_stores(lambda: made)


@contextmanager
def firestore_client_of(emulator: str) -> Iterator[firestore.Client]:
    """Yield a client of a project of its own, which is empty."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FIRESTORE_EMULATOR_HOST", emulator)
        made = client(f"test-{new_id()[:12]}", "(default)")
        yield made
        made.close()


def cancelled(meeting: Meeting) -> Meeting:
    return meeting.cancelled(NOW, XOMA)


def a_noted_meeting(**changes: Any) -> tuple[Meeting, JournalEntry]:
    """Return a meeting that has counted its first entry, and the entry."""
    return a_meeting(**changes).noting(EntryKind.MEETING_CREATED, NOW, XOMA)


def a_claim(**changes: Any) -> Claim:
    values = {"id": new_id(), "fingerprint": "asked", "expires_at": NOW + timedelta(hours=24)}
    return Claim(**{**values, **changes})


def an_answer(claim: Claim, body: str = "first") -> StoredAnswer:
    return StoredAnswer(status=201, headers={"ETag": '"1"'}, body=body, expires_at=claim.expires_at)


def an_admin(email: str = "admin@clinica.com", active: bool = True) -> User:
    return new_user(email, NOW, role=UserRole.ADMIN, active=active)


def walk(
    store: MeetingStore,
    page_size: int,
    query: MeetingQuery | None = None,
    after: Position | None = None,
) -> list[Meeting]:
    """Return what the pages show, to the last one."""
    query = query or MeetingQuery()
    page = store.page(query, page_size, after)
    meetings = list(page.items)
    while page.next is not None:
        page = store.page(query, page_size, page.next)
        meetings += page.items
    return meetings


def attempt(call: Callable[..., object], *args: Any) -> Exception | None:
    try:
        call(*args)
    except Exception as error:
        return error
    return None


def at_once(call: Callable[[Given], Any], given: list[Given]) -> list[Any]:
    """Return what came of the calls, each from a thread of its own."""
    with ThreadPoolExecutor(len(given)) as pool:
        return list(pool.map(call, given))
