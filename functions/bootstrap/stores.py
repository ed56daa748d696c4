"""Where everything is kept: Firestore, or the memory of one process."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from google.cloud.firestore import Client

    from functions.ports import AllowanceStore, AnswerStore, MeetingStore, SweepStore, UserStore


@dataclass(frozen=True)
class Stores:
    """Everything that is stored, all of it in one place."""

    meetings: "MeetingStore"
    users: "UserStore"
    answers: "AnswerStore"
    allowances: "AllowanceStore"
    sweeps: "SweepStore"


def embedded_stores() -> Stores:
    from infra.embedded.allowances import EmbeddedAllowanceStore
    from infra.embedded.answers import EmbeddedAnswerStore
    from infra.embedded.database import EmbeddedDatabase
    from infra.embedded.meetings import EmbeddedMeetingStore
    from infra.embedded.sweeps import EmbeddedSweepStore
    from infra.embedded.users import EmbeddedUserStore

    database = EmbeddedDatabase()
    return Stores(
        meetings=EmbeddedMeetingStore(database),
        users=EmbeddedUserStore(database),
        answers=EmbeddedAnswerStore(database),
        allowances=EmbeddedAllowanceStore(database),
        sweeps=EmbeddedSweepStore(database),
    )


def firestore_stores(client: "Callable[[], Client]") -> Stores:
    from infra.firestore.allowances import FirestoreAllowanceStore
    from infra.firestore.answers import FirestoreAnswerStore
    from infra.firestore.database import Database
    from infra.firestore.meetings import FirestoreMeetingStore
    from infra.firestore.sweeps import FirestoreSweepStore
    from infra.firestore.users import FirestoreUserStore

    database = Database(client)
    return Stores(
        meetings=FirestoreMeetingStore(database),
        users=FirestoreUserStore(database),
        answers=FirestoreAnswerStore(database),
        allowances=FirestoreAllowanceStore(database),
        sweeps=FirestoreSweepStore(database),
    )
