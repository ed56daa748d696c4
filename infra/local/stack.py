"""The local stack: every function through functions-framework on one port, and what they need.

One process, so that the embedded store is the same for all of them and ends with them.
"""

import logging
import os
import threading
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from functions.bootstrap import product
from functions.settings import SettingsError
from infra.local import local_issuer, simulated_clock
from infra.local.end_signal import EndSignal
from infra.local.firestore_emulator import EmulatorMissing, FirestoreEmulator
from infra.local.http_server import HttpServer
from infra.local.welcome import welcome

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from infra.local.cloud_tasks import CloudTasksStandIn

logger = logging.getLogger(__name__)

MAIN = Path(__file__).parents[2] / "main.py"
INTERNAL_FUNCTIONS = ("sync_calendar", "sync_recording", "sweep")
CLOUD_TASKS_PATH = "/cloud-tasks"
SWEEP_EVERY_SECONDS = 10.0
"""More often than Cloud Scheduler can: who tries it out waits for the recording."""

SWEEP_TIMEOUT_SECONDS = 60.0
GRACE_SECONDS = 3.5
"""For all that is in flight at the end; with the rest of the way out it stays below 5 s."""


class LocalStack:
    """Made with the port that it serves; what `run` starts it also ends."""

    def __init__(
        self,
        server: HttpServer,
        emulate_firestore: bool,
        sweep_every_seconds: float = SWEEP_EVERY_SECONDS,
    ) -> None:
        self._server = server
        self._emulate_firestore = emulate_firestore
        self._sweep_every_seconds = sweep_every_seconds
        self._stand_in: CloudTasksStandIn | None = None
        self._ending = threading.Event()
        self._gives_up_at = 0.0

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT; raises EmulatorMissing, SettingsError, KeyUnusable."""
        with ExitStack() as started:
            started.callback(self._server.close)
            end_signal = started.enter_context(EndSignal())
            if self._emulate_firestore and "FIRESTORE_EMULATOR_HOST" not in os.environ:
                emulator = started.enter_context(FirestoreEmulator())
                os.environ["FIRESTORE_EMULATOR_HOST"] = emulator.address
            self._set_defaults()
            mounts = self._issuer() | self._start_cloud_tasks(started)
            # Last of these: it is the first to need the settings, which are whole only now.
            self._serve(started, mounts | self._simulate_clock())
            print(welcome(product().settings, self._server.url), flush=True)
            end_signal.wait()
            self._ending.set()
            self._gives_up_at = time.monotonic() + GRACE_SECONDS

    def _set_defaults(self) -> None:
        embedded = "FIRESTORE_EMULATOR_HOST" not in os.environ
        if embedded and os.environ.get("STORE") == "firestore":
            raise EmulatorMissing(
                "STORE=firestore needs an emulator here: set FIRESTORE_EMULATOR_HOST, or run"
                " make run FIRESTORE=emulator"
            )
        for name, value in {
            "GOOGLE_CLOUD_PROJECT": "local",
            "AUTH": "off",
            "PROMETHEUS": "on",
            "STORE": "embedded" if embedded else "firestore",
            "SYNC_CALENDAR_URL": f"{self._server.url}/sync_calendar/",
            "SYNC_RECORDING_URL": f"{self._server.url}/sync_recording/",
            "THREADS": "64",
            "MOCK_LINK_HOST": f"{self._server.url}/simulated-rooms",
        }.items():
            os.environ.setdefault(name, value)
        if os.environ["AUTH"] != "off":
            self._set_defaults_of_auth()

    def _set_defaults_of_auth(self) -> None:
        if "CLOUD_TASKS_EMULATOR_HOST" in os.environ:
            raise SettingsError(
                [
                    "CLOUD_TASKS_EMULATOR_HOST is for AUTH=off here: otherwise the stack's own"
                    " stand-in signs what it sends"
                ]
            )
        defaults = {
            "SWEEP_URL": f"{self._server.url}/sweep/",
            "TASKS_INVOKER_EMAIL": "cloud-tasks@local.iam.gserviceaccount.com",
            "SCHEDULER_INVOKER_EMAIL": "cloud-scheduler@local.iam.gserviceaccount.com",
            "INVOKER_ISSUER": f"{self._server.url}{CLOUD_TASKS_PATH}",
        }
        if os.environ["AUTH"] == "local":
            defaults |= {
                "OIDC_ISSUERS": f"{self._server.url}{local_issuer.PATH}",
                "OIDC_AUDIENCES": self._server.url,
                "FIRST_ADMIN_EMAIL": local_issuer.FIRST_ADMIN_EMAIL,
            }
        for name, value in defaults.items():
            os.environ.setdefault(name, value)

    def _simulate_clock(self) -> "dict[str, WSGIApplication]":
        """Let the product's clock be moved; returns where. With Google its own time counts."""
        if product().settings.livemode:
            return {}
        clock = simulated_clock.SimulatedClock(product().now)
        product().now = clock
        return {simulated_clock.PATH: simulated_clock.clock_app(clock, self._sweep)}

    def _issuer(self) -> "dict[str, WSGIApplication]":
        """Return where the issuer of AUTH=local is to be served, if there is one."""
        if os.environ["AUTH"] != "local":
            return {}
        from infra.local.json_app import JsonApp
        from infra.local.oidc_issuer import issuer_routes

        issuer = local_issuer.local_issuer(self._server.url)
        return {local_issuer.PATH: JsonApp(issuer_routes(issuer))}

    def _start_cloud_tasks(self, started: ExitStack) -> "dict[str, WSGIApplication]":
        """Start the stand-in unless one is there already; returns where it is to be served."""
        if "CLOUD_TASKS_EMULATOR_HOST" in os.environ:
            return {}
        from infra.local.cloud_tasks import CloudTasksStandIn

        stand_in = CloudTasksStandIn(issuer=f"{self._server.url}{CLOUD_TASKS_PATH}")
        stand_in.start()
        self._stand_in = stand_in
        started.callback(lambda: stand_in.stop(grace_seconds=self._grace_left()))
        os.environ["CLOUD_TASKS_EMULATOR_HOST"] = stand_in.address
        return {CLOUD_TASKS_PATH: stand_in.wsgi_app}

    def _serve(self, started: ExitStack, mounts: "dict[str, WSGIApplication]") -> None:
        from functions_framework import create_app
        from werkzeug.middleware.dispatcher import DispatcherMiddleware

        _create_queues()
        functions = {f"/{name}": create_app(name, str(MAIN)) for name in INTERNAL_FUNCTIONS}
        api = create_app("api", str(MAIN))
        self._server.start(DispatcherMiddleware(api, mounts | functions))
        started.callback(lambda: self._server.wait_answered(self._grace_left()))
        started.callback(product().stopping.set)
        started.callback(self._server.stop_accepting)
        threading.Thread(target=self._tick, daemon=True).start()

    def _grace_left(self) -> float:
        return max(0.0, self._gives_up_at - time.monotonic())

    def _tick(self) -> None:
        """Call the sweep again and again, as Cloud Scheduler does."""
        while not self._ending.wait(self._sweep_every_seconds):
            self._sweep()

    def _sweep(self) -> None:
        request = urllib.request.Request(
            f"{self._server.url}/sweep/", b"{}", self._scheduler_headers(), method="POST"
        )
        try:
            urllib.request.urlopen(request, timeout=SWEEP_TIMEOUT_SECONDS).close()
        except OSError:
            logger.warning("the sweep failed")

    def _scheduler_headers(self) -> dict[str, str]:
        settings = product().settings
        email, url = settings.scheduler_invoker_email, settings.sweep_url
        if settings.auth == "off" or self._stand_in is None or email is None or url is None:
            return {}
        return {"Authorization": f"Bearer {self._stand_in.issuer.mint(email, url)}"}


def _create_queues() -> None:
    """Make the queues that Terraform makes in the cloud, in whichever stand-in there is."""
    from google.api_core import exceptions
    from google.cloud.tasks_v2 import Queue, RetryConfig
    from google.protobuf.duration_pb2 import Duration

    from infra.cloud_tasks import client, queue_path

    settings = product().settings
    retry = RetryConfig(
        max_attempts=100, min_backoff=Duration(seconds=1), max_backoff=Duration(seconds=60)
    )
    with client(settings.cloud_tasks_emulator_host) as tasks:
        for queue in (settings.tasks_queue_calendar, settings.tasks_queue_recording):
            name = queue_path(settings.google_cloud_project, settings.tasks_location, queue)
            try:
                tasks.create_queue(
                    parent=name.partition("/queues/")[0],
                    queue=Queue(name=name, retry_config=retry),
                    timeout=5,
                )
            except exceptions.AlreadyExists:
                continue
            except exceptions.GoogleAPICallError as error:
                logger.warning("a queue was not made", extra={"code": type(error).__name__})
