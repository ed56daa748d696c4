"""The only place that joins functions and infra: from the settings to each function's app.

Clients are made when a request first needs them: the server imports this before it forks, and a
gRPC channel does not survive a fork. Imports wait for the same moment, since a cold `health/`
should not pay for Firestore.
"""

import sys
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from functions.bootstrap import observing
from functions.bootstrap.once import Once, utc_now
from functions.bootstrap.stores import Stores, embedded_stores, firestore_stores
from functions.bootstrap.workspace import Workspace
from functions.settings import Settings, SettingsError
from infra.structured_logging import configure_logging

if TYPE_CHECKING:
    from flask import Flask
    from google.cloud.tasks_v2 import CloudTasksClient

    from functions.api.services import Services
    from functions.bearer import OnlyCaller
    from functions.ports import TaskQueue, TokenVerifier
    from infra.prometheus import Metrics

__all__ = ["Once", "Product", "Stores", "embedded_stores", "firestore_stores", "product"]

SYNC_CALENDAR_DEADLINE_SECONDS = 60
SYNC_RECORDING_DEADLINE_SECONDS = 180
"""Cloud Tasks gives up on an answer then; the function's own timeout is below it."""


class Product:
    """Everything that the settings lead to, each part made once and when it is needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.now: Callable[[], datetime] = utc_now
        """What time it is for meetings; tokens go by the real time."""

        self.stopping = threading.Event()
        """Set by a server that ends: whoever waits, for a link or a room, goes on at once."""

        self.stores: Once[Stores] = Once(self._stores)
        self.calendar_queue: Once[TaskQueue] = Once(self._calendar_queue)
        self.recording_queue: Once[TaskQueue] = Once(self._recording_queue)
        self.workspace: Once[Workspace] = Once(lambda: Workspace(settings, self.now))
        self.tasks_client: Once[CloudTasksClient] = Once(self._tasks_client)
        self.metrics: Once[Metrics] = Once(observing.metrics)
        self.api: Once[Flask] = Once(lambda: self._observed(self._api()))
        self.sync_calendar: Once[Flask] = Once(lambda: self._observed(self._sync_calendar()))
        self.sync_recording: Once[Flask] = Once(lambda: self._observed(self._sync_recording()))
        self.sweep: Once[Flask] = Once(lambda: self._observed(self._sweep()))

    def _observed(self, app: "Flask") -> "Flask":
        if self.settings.prometheus == "on":
            observing.show_metrics(app, self.metrics())
        return app

    def _api(self) -> "Flask":
        from functions.api import api_app

        return api_app(Once(self._services))

    def _sync_calendar(self) -> "Flask":
        from functions.sync_calendar import CalendarSynchronizer
        from functions.tasks import sync_calendar_app

        return sync_calendar_app(
            Once(
                lambda: CalendarSynchronizer(
                    self.stores().meetings,
                    self.workspace().calendar(),
                    self.now,
                    self.stopping.wait,
                    self.workspace().space_settings().is_wanted,
                )
            ),
            self._only_caller(self.settings.tasks_invoker_email, self.settings.sync_calendar_url),
        )

    def _sync_recording(self) -> "Flask":
        from functions.hourly_warnings import HourlyWarnings
        from functions.sync_recording import RecordingSynchronizer
        from functions.tasks import sync_recording_app

        return sync_recording_app(
            Once(
                lambda: RecordingSynchronizer(
                    self.stores().meetings,
                    self.workspace().meet(),
                    self.workspace().drive(),
                    HourlyWarnings(self.stores().allowances, self.now),
                    self.now,
                    self.workspace().follow_ups(),
                    self.workspace().space_settings(),
                )
            ),
            self._only_caller(self.settings.tasks_invoker_email, self.settings.sync_recording_url),
        )

    def _sweep(self) -> "Flask":
        from functions.sweep import Sweeper
        from functions.tasks import sweep_app

        return sweep_app(
            Once(
                lambda: Sweeper(
                    self.stores().meetings, self.calendar_queue(), self.recording_queue(), self.now
                )
            ),
            lambda: self.stores().sweeps,
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

        settings, stores, queue = self.settings, self.stores(), self.calendar_queue()
        recording_queue = self.recording_queue()
        writer = MeetingWriter(stores.meetings, queue, self.now, self.stopping.wait)
        users = UserDirectory(stores.users, self.now, settings.first_admin_email)
        limiter = RateLimiter(stores.allowances, settings.rate_limit_per_minute, self.now)
        return Services(
            store=stores.meetings,
            answers=stores.answers,
            users=users,
            scheduler=MeetingScheduler(writer, settings.livemode),
            writer=writer,
            authenticator=Authenticator(self._verifier(), users, limiter),
            waiter=LinkWaiter(stores.meetings, settings.threads, self.stopping),
            recording_queue=recording_queue,
            now=self.now,
            sweeps=stores.sweeps,
            dependencies=self.dependencies(),
        )

    def dependencies(self) -> Mapping[str, Callable[[], None]]:
        """Return each dependency's name, and what raises UpstreamError unless it answers."""
        return {
            "firestore": self.stores().meetings.ping,
            "cloud_tasks": self.calendar_queue().ping,
            "cloud_tasks_recording": self.recording_queue().ping,
        }

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

    def _calendar_queue(self) -> "TaskQueue":
        return self._queue(
            self.settings.tasks_queue_calendar,
            self.settings.sync_calendar_url,
            SYNC_CALENDAR_DEADLINE_SECONDS,
        )

    def _recording_queue(self) -> "TaskQueue":
        return self._queue(
            self.settings.tasks_queue_recording,
            self.settings.sync_recording_url,
            SYNC_RECORDING_DEADLINE_SECONDS,
        )

    def _queue(self, name: str, worker_url: str, deadline_seconds: int) -> "TaskQueue":
        from infra.cloud_tasks import CloudTasksQueue, queue_path

        settings = self.settings
        return CloudTasksQueue(
            self.tasks_client,
            queue_path(settings.google_cloud_project, settings.tasks_location, name),
            worker_url,
            settings.tasks_invoker_email,
            deadline_seconds,
        )

    def _tasks_client(self) -> "CloudTasksClient":
        from infra.cloud_tasks import client

        return client(self.settings.cloud_tasks_emulator_host)


def _product() -> Product:
    try:
        settings = Settings.from_env()
        configure_logging(settings.google_cloud_project, settings.log_level)
        observing.send_traces(settings)
        observing.send_errors(settings)
    except SettingsError as error:
        sys.exit(str(error))
    return Product(settings)


product: Once[Product] = Once(_product)
"""The product as the environment sets it; the process ends at the first call if it has faults."""
