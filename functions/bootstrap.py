"""The only place that joins functions and infra: from the settings to each function's app.

Clients are made when a request first needs them: the server imports this before it forks, and a
gRPC channel does not survive a fork. Imports wait for the same moment, since a cold `health/`
should not pay for Firestore.
"""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from functions.settings import Settings, SettingsError
from infra.structured_logging import configure_logging

if TYPE_CHECKING:
    from flask import Flask
    from google.cloud.firestore import Client

    from functions.api.services import Services
    from functions.bearer import OnlyCaller
    from functions.ports import (
        AllowanceStore,
        AnswerStore,
        Calendar,
        MeetingStore,
        TaskQueue,
        TokenVerifier,
        UserStore,
    )

Made = TypeVar("Made")

SYNC_CALENDAR_DEADLINE_SECONDS = 60
"""Cloud Tasks gives up on an answer then; the function's own timeout is below it."""


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


@dataclass(frozen=True)
class Stores:
    """Everything that is stored, all of it in one place."""

    meetings: "MeetingStore"
    users: "UserStore"
    answers: "AnswerStore"
    allowances: "AllowanceStore"


def embedded_stores() -> Stores:
    from infra.embedded.allowances import EmbeddedAllowanceStore
    from infra.embedded.answers import EmbeddedAnswerStore
    from infra.embedded.database import EmbeddedDatabase
    from infra.embedded.meetings import EmbeddedMeetingStore
    from infra.embedded.users import EmbeddedUserStore

    database = EmbeddedDatabase()
    return Stores(
        meetings=EmbeddedMeetingStore(database),
        users=EmbeddedUserStore(database),
        answers=EmbeddedAnswerStore(database),
        allowances=EmbeddedAllowanceStore(database),
    )


def firestore_stores(client: "Callable[[], Client]") -> Stores:
    from infra.firestore.allowances import FirestoreAllowanceStore
    from infra.firestore.answers import FirestoreAnswerStore
    from infra.firestore.database import Database
    from infra.firestore.meetings import FirestoreMeetingStore
    from infra.firestore.users import FirestoreUserStore

    database = Database(client)
    return Stores(
        meetings=FirestoreMeetingStore(database),
        users=FirestoreUserStore(database),
        answers=FirestoreAnswerStore(database),
        allowances=FirestoreAllowanceStore(database),
    )


class Product:
    """Everything that the settings lead to, each part made once and when it is needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stopping = threading.Event()
        """Set by a server that ends: whoever waits, for a link or a room, goes on at once."""
        self.stores: Once[Stores] = Once(self._stores)
        self.queue: Once[TaskQueue] = Once(self._queue)
        self.calendar: Once[Calendar] = Once(self._calendar)
        self.api: Once[Flask] = Once(self._api)
        self.sync_calendar: Once[Flask] = Once(self._sync_calendar)
        self.sweep: Once[Flask] = Once(self._sweep)

    def _api(self) -> "Flask":
        from functions.api import api_app

        return api_app(Once(self._services))

    def _sync_calendar(self) -> "Flask":
        from functions.sync_calendar import CalendarSynchronizer
        from functions.tasks import sync_calendar_app

        return sync_calendar_app(
            Once(
                lambda: CalendarSynchronizer(
                    self.stores().meetings, self.calendar(), utc_now, self.stopping.wait
                )
            ),
            self._only_caller(self.settings.tasks_invoker_email, self.settings.sync_calendar_url),
        )

    def _sweep(self) -> "Flask":
        from functions.sweep import Sweeper
        from functions.tasks import sweep_app

        return sweep_app(
            Once(lambda: Sweeper(self.stores().meetings, self.queue(), utc_now)),
            self._only_caller(self.settings.scheduler_invoker_email, self.settings.sweep_url),
        )

    def _services(self) -> "Services":
        from functions.api.auth import Authenticator
        from functions.api.rate_limit import RateLimiter
        from functions.api.services import Services
        from functions.api.waiting import LinkWaiter
        from functions.scheduling import MeetingScheduler
        from functions.users import UserDirectory
        from functions.writing import MeetingWriter

        settings, stores, queue = self.settings, self.stores(), self.queue()
        writer = MeetingWriter(stores.meetings, queue, utc_now, self.stopping.wait)
        users = UserDirectory(stores.users, utc_now, settings.first_admin_email)
        limiter = RateLimiter(stores.allowances, settings.rate_limit_per_minute, utc_now)
        return Services(
            store=stores.meetings,
            answers=stores.answers,
            users=users,
            scheduler=MeetingScheduler(writer, settings.livemode),
            writer=writer,
            authenticator=Authenticator(self._verifier(), users, limiter),
            waiter=LinkWaiter(stores.meetings, settings.threads, self.stopping),
            now=utc_now,
            dependencies={"firestore": stores.meetings.ping, "cloud_tasks": queue.ping},
        )

    def _verifier(self) -> "TokenVerifier | None":
        """Return what verifies the tokens of the API's callers."""
        settings = self.settings
        if settings.auth == "off":
            return None
        from infra.oidc import OidcVerifier

        return OidcVerifier(
            settings.oidc_issuers,
            settings.oidc_audiences,
            utc_now,
            trusts_removed_signature=settings.auth == "iam",
        )

    def _only_caller(self, email: str | None, url: str | None) -> "OnlyCaller | None":
        """Return what admits the one account that calls an internal function at this URL."""
        settings = self.settings
        if settings.auth == "off":
            return None
        if email is None or url is None:
            raise SettingsError(["an internal function has no caller: its settings are missing"])
        from functions.bearer import OnlyCaller
        from infra.oidc import OidcVerifier

        # In the cloud the function is closed to all others, and the signature is taken off.
        verifier = OidcVerifier(
            (settings.invoker_issuer,),
            frozenset({url}),
            utc_now,
            trusts_removed_signature=settings.in_cloud,
        )
        return OnlyCaller(verifier, email)

    def _stores(self) -> "Stores":
        settings = self.settings
        if settings.store == "embedded":
            return embedded_stores()
        from infra.firestore.database import client

        return firestore_stores(
            Once(lambda: client(settings.google_cloud_project, settings.firestore_database))
        )

    def _queue(self) -> "TaskQueue":
        from infra.cloud_tasks import CloudTasksQueue, client, queue_path

        settings = self.settings
        return CloudTasksQueue(
            Once(lambda: client(settings.cloud_tasks_emulator_host)),
            queue_path(
                settings.google_cloud_project,
                settings.tasks_location,
                settings.tasks_queue_calendar,
            ),
            settings.sync_calendar_url,
            settings.tasks_invoker_email,
            SYNC_CALENDAR_DEADLINE_SECONDS,
        )

    def _calendar(self) -> "Calendar":
        settings = self.settings
        if settings.workspace_delegate is None:
            from infra.mock_workspace import MockCalendar

            return MockCalendar(settings.mock_link_host, utc_now)
        from infra.credentials import DelegatedCredentials
        from infra.google_calendar import GoogleCalendar

        return GoogleCalendar(
            DelegatedCredentials(
                settings.service_account_email, settings.google_application_credentials
            ),
            settings.workspace_domains,
            settings.workspace_delegate,
            settings.calendar_endpoint,
        )


def _product() -> Product:
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        sys.exit(str(error))
    configure_logging(settings.google_cloud_project, settings.log_level)
    return Product(settings)


product: Once[Product] = Once(_product)
"""The product as the environment sets it; the process ends at the first call if it has faults."""
