"""A clinic that has everything: a Workspace, a bucket, queues, and the settings that say so."""

import json
from contextlib import ExitStack
from pathlib import Path

from google.cloud.tasks_v2 import Queue

from functions.bootstrap import Product
from functions.bootstrap.doctor import diagnosis, of_workspace
from functions.doctor import Check, examine
from functions.settings import Settings
from infra.cloud_tasks import queue_path
from infra.credentials import DelegatedCredentials
from infra.local.cloud_tasks import CloudTasksStandIn
from tests.cloud_storage_double import CloudStorageDouble
from tests.workspace_double import WorkspaceDouble
from tests.workspace_double.double import (
    CALENDAR_EVENTS,
    DRIVE,
    DRIVE_MEET_READONLY,
    MEET_READONLY,
    MEET_SETTINGS,
    SERVICE_ACCOUNT,
)
from tests.workspace_double.gateway import ApiCall

ANA = "ana@clinic.example"
DELEGATE = "frontdesk@clinic.example"
WATCHER = "archive@clinic.example"
BUCKET = "clinic-recordings"
SCOPES = {
    scope.removeprefix("https://www.googleapis.com/"): scope
    for scope in (CALENDAR_EVENTS, MEET_READONLY, MEET_SETTINGS, DRIVE_MEET_READONLY, DRIVE)
}
"""By the names of their checks."""

ALWAYS = {"auth/calendar.events", "auth/meetings.space.readonly", "auth/drive.meet.readonly"}
ON_REQUEST = {
    "AUTO_RECORDING": "on",
    "RECORDING_SHARE_WITH": WATCHER,
    "RECORDING_BUCKET": BUCKET,
}
QUEUES = {"cloud_tasks": "sync-calendar", "cloud_tasks_recording": "sync-recording"}


class Clinic:
    """Everything is granted; a test takes away what it is about."""

    def __init__(self, started: ExitStack, folder: Path) -> None:
        self.workspace = started.enter_context(WorkspaceDouble())
        self.storage = started.enter_context(CloudStorageDouble())
        self.tasks = started.enter_context(CloudTasksStandIn("http://127.0.0.1/cloud-tasks"))
        self.storage.gateway.handlers["storage.buckets.testIamPermissions"] = self._granted
        self.bucket = self.storage.buckets.add(BUCKET)
        self.workspace.delegate(SERVICE_ACCOUNT, SCOPES.values())
        for email in (ANA, DELEGATE):
            self.workspace.add_user(email)
        self.key_file = folder / "workspace.json"
        self.key_file.write_text(json.dumps(self.workspace.service_account_key()))
        self.storage_key_file = folder / "storage.json"
        self.storage_key_file.write_text(json.dumps(self.storage.service_account_key()))
        self.environ = {
            "GOOGLE_CLOUD_PROJECT": "clinic",
            "AUTH": "off",
            "CLOUD_TASKS_EMULATOR_HOST": self.tasks.address,
            "SYNC_CALENDAR_URL": "http://127.0.0.1:9/",
            "SYNC_RECORDING_URL": "http://127.0.0.1:9/",
            "WORKSPACE_DOMAINS": "clinic.example",
            "WORKSPACE_DELEGATE": DELEGATE,
            "GOOGLE_APPLICATION_CREDENTIALS": str(self.key_file),
            "STORAGE_ENDPOINT": self.storage.url,
        }

    def make_queue(self, name: str) -> None:
        project = self.environ["GOOGLE_CLOUD_PROJECT"]
        self.tasks.create_queue(Queue(name=queue_path(project, "europe-west1", name)))

    def examine_workspace(
        self,
        organizer: str | None = ANA,
        credentials: DelegatedCredentials | None = None,
    ) -> dict[str, Check]:
        """Return what came of the checks of the Workspace and the bucket, by their names."""
        product = Product(Settings.from_env(self.environ))
        used = credentials or DelegatedCredentials(key_file=str(self.key_file))
        return by_name(examine(of_workspace(product, used, organizer)))

    def examine(self, **settings: str) -> dict[str, Check]:
        return by_name(diagnosis({**self.environ, **settings}, ANA))

    def faulty(self, **settings: str) -> tuple[Check, ...]:
        """Return the checks where the settings are wrong: each fault is one of the same name."""
        return diagnosis({**self.environ, **settings}, ANA)

    def _granted(self, call: ApiCall) -> dict[str, list[str]]:
        granted = self.storage.buckets.find(call.parameters["bucket"]).granted
        asked = call.parameters["permissions"]
        return {"permissions": [one for one in asked if one.rpartition(".")[2] in granted]}


def by_name(checks: tuple[Check, ...]) -> dict[str, Check]:
    found = {check.name: check for check in checks}
    assert len(found) == len(checks)
    return found


def outcomes(checks: dict[str, Check], outcome: str) -> set[str]:
    return {name for name, check in checks.items() if check.outcome == outcome}
