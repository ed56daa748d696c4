"""The only place that joins functions and infra: from the settings to each function's app.

Clients are made when a request first needs them: the server imports this before it forks, and a
gRPC channel does not survive a fork. Imports wait for the same moment, since a cold `health/`
should not pay for Firestore.
"""

import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from functions.settings import Settings, SettingsError
from infra.structured_logging import configure_logging

if TYPE_CHECKING:
    from flask import Flask

    from functions.api.services import Services
    from functions.ports import Calendar, MeetingStore, TaskQueue

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


class Product:
    """Everything that the settings lead to, each part made once and when it is needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stopping = threading.Event()
        """Set by a server that ends: whoever waits, for a link or a room, goes on at once."""
        self.store: Once[MeetingStore] = Once(self._store)
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
                    self.store(), self.calendar(), utc_now, self.stopping.wait
                )
            )
        )

    def _sweep(self) -> "Flask":
        from functions.sweep import Sweeper
        from functions.tasks import sweep_app

        return sweep_app(Once(lambda: Sweeper(self.store(), self.queue(), utc_now)))

    def _services(self) -> "Services":
        from functions.api.services import Services
        from functions.api.waiting import LinkWaiter
        from functions.scheduling import MeetingScheduler

        store, queue = self.store(), self.queue()
        return Services(
            store=store,
            scheduler=MeetingScheduler(store, queue, utc_now, self.settings.livemode),
            waiter=LinkWaiter(store, self.settings.threads, self.stopping),
            now=utc_now,
            dependencies={"firestore": store.ping, "cloud_tasks": queue.ping},
        )

    def _store(self) -> "MeetingStore":
        settings = self.settings
        if settings.store == "embedded":
            from infra.embedded_store import EmbeddedMeetingStore

            return EmbeddedMeetingStore()
        from infra.firestore import FirestoreMeetingStore, client

        return FirestoreMeetingStore(
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
