"""What may be set from outside: read from the environment once, and nowhere else."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
CLOUD_VARIABLES = ("K_SERVICE", "K_REVISION", "K_CONFIGURATION")
"""https://cloud.google.com/run/docs/container-contract#services-env-vars"""

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
Choice = TypeVar("Choice", bound=str)
LIVE_MODE = "live mode: set it, or unset every WORKSPACE_* and credential setting for the mock"


class SettingsError(Exception):
    """The environment has faults; the message names every one and what to set."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("Invalid settings:\n" + "\n".join(f"  - {f}" for f in faults))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings; each field is the environment variable of the same name in capitals."""

    google_cloud_project: str
    auth: Literal["off"]
    sync_calendar_url: str
    store: Literal["firestore", "embedded"] = "firestore"
    firestore_database: str = "(default)"
    firestore_emulator_host: str | None = None
    tasks_location: str = "europe-west1"
    tasks_queue_calendar: str = "sync-calendar"
    tasks_invoker_email: str | None = None
    cloud_tasks_emulator_host: str | None = None
    workspace_domains: frozenset[str] = frozenset()
    workspace_delegate: str | None = None
    service_account_email: str | None = None
    google_application_credentials: str | None = None
    calendar_endpoint: str | None = None
    mock_link_host: str = "http://localhost:8080/simulated-rooms"
    threads: int = (os.cpu_count() or 1) * 4
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    in_cloud: bool = False
    """Whether Google's environment is seen; it is not a variable of ours."""

    @property
    def livemode(self) -> bool:
        """Whether meetings are made at Google; decided here, at start-up, and never later."""
        return self.workspace_delegate is not None

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings.

        Raises:
            SettingsError: something is missing, wrong or half configured; names all of it.
        """
        return _Reader(environ).settings()


class _Reader:
    """Reads one variable after the other and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._faults: list[str] = []

    def settings(self) -> Settings:
        in_cloud = any(self._text(name) for name in CLOUD_VARIABLES)
        settings = Settings(
            google_cloud_project=self._required(
                "GOOGLE_CLOUD_PROJECT", "the id of the Google Cloud project"
            ),
            auth=self._choice("AUTH", ("off",), None),
            sync_calendar_url=self._url("SYNC_CALENDAR_URL", "the URL of sync_calendar"),
            store=self._choice("STORE", ("firestore", "embedded"), "firestore"),
            firestore_database=self._text("FIRESTORE_DATABASE") or Settings.firestore_database,
            firestore_emulator_host=self._loopback_host("FIRESTORE_EMULATOR_HOST"),
            tasks_location=self._text("TASKS_LOCATION") or Settings.tasks_location,
            tasks_queue_calendar=(
                self._text("TASKS_QUEUE_CALENDAR") or Settings.tasks_queue_calendar
            ),
            tasks_invoker_email=self._email("TASKS_INVOKER_EMAIL"),
            cloud_tasks_emulator_host=self._loopback_host("CLOUD_TASKS_EMULATOR_HOST"),
            workspace_domains=self._domains("WORKSPACE_DOMAINS"),
            workspace_delegate=self._email("WORKSPACE_DELEGATE"),
            service_account_email=self._email("SERVICE_ACCOUNT_EMAIL"),
            google_application_credentials=self._file("GOOGLE_APPLICATION_CREDENTIALS"),
            calendar_endpoint=self._loopback_url("CALENDAR_ENDPOINT"),
            mock_link_host=self._mock_link_host(),
            threads=self._number("THREADS", Settings.threads, 1, 1000),
            log_level=self._choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
            in_cloud=in_cloud,
        )
        self._check_together(settings)
        if self._faults:
            raise SettingsError(self._faults)
        return settings

    def _check_together(self, settings: Settings) -> None:
        if settings.in_cloud:
            self._check_cloud(settings)
        if not settings.cloud_tasks_emulator_host and not settings.tasks_invoker_email:
            self._fault(
                "TASKS_INVOKER_EMAIL is missing: the service account whose token Cloud Tasks"
                " sends, or set CLOUD_TASKS_EMULATOR_HOST"
            )
        live = {
            "WORKSPACE_DOMAINS": bool(self._text("WORKSPACE_DOMAINS")),
            "WORKSPACE_DELEGATE": bool(self._text("WORKSPACE_DELEGATE")),
            "SERVICE_ACCOUNT_EMAIL or GOOGLE_APPLICATION_CREDENTIALS": bool(
                self._text("SERVICE_ACCOUNT_EMAIL") or self._text("GOOGLE_APPLICATION_CREDENTIALS")
            ),
        }
        if any(live.values()):
            for name in (name for name, is_set in live.items() if not is_set):
                self._fault(f"{name} is missing for {LIVE_MODE}")
        delegate, domains = settings.workspace_delegate, settings.workspace_domains
        if delegate and domains and delegate.rpartition("@")[2] not in domains:
            self._fault("WORKSPACE_DELEGATE must be a mailbox of one of WORKSPACE_DOMAINS")

    def _check_cloud(self, settings: Settings) -> None:
        if settings.auth == "off":
            self._fault("AUTH=off disables authentication: it is for local use only")
        if settings.store == "embedded":
            self._fault("STORE=embedded loses every meeting at the end: it is for local use only")
        for name in (
            "FIRESTORE_EMULATOR_HOST",
            "CLOUD_TASKS_EMULATOR_HOST",
            "CALENDAR_ENDPOINT",
        ):
            if self._text(name):
                self._fault(f"{name} is for local use only: unset it")

    def _fault(self, text: str) -> None:
        self._faults.append(text)

    def _text(self, name: str) -> str | None:
        return self._environ.get(name, "").strip() or None

    def _required(self, name: str, meaning: str) -> str:
        value = self._text(name)
        if value is None:
            self._fault(f"{name} is missing: {meaning}")
        return value or ""

    def _choice(self, name: str, choices: tuple[Choice, ...], default: Choice | None) -> Choice:
        value = self._text(name) or default
        for choice in choices:
            if value == choice:
                return choice
        found = "is missing" if value is None else f"is {value!r}"
        self._fault(f"{name} {found}: set it to {' or '.join(choices)}")
        return choices[0]

    def _number(self, name: str, default: int, least: int, most: int) -> int:
        value = self._text(name)
        if value is None:
            return default
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            self._fault(f"{name} is {value!r}: set it to a whole number from {least} to {most}")
            return default
        return int(value)

    def _email(self, name: str) -> str | None:
        value = self._text(name)
        if value and not EMAIL.fullmatch(value):
            self._fault(f"{name} is not an email address")
        return value and value.lower()

    def _domains(self, name: str) -> frozenset[str]:
        domains = {part.strip().lower() for part in (self._text(name) or "").split(",")} - {""}
        for domain in sorted(domains):
            if not DOMAIN.fullmatch(domain):
                self._fault(f"{name} has {domain!r}: set it to domains, separated by commas")
        return frozenset(domains)

    def _file(self, name: str) -> str | None:
        value = self._text(name)
        if value and not Path(value).is_file():
            self._fault(f"{name} must be the path of a readable service account key file")
        return value

    def _url(self, name: str, meaning: str) -> str:
        value = self._required(name, meaning)
        if value and not _is_url(value, {"https"}) and not _is_loopback_url(value):
            self._fault(f"{name} is {value!r}: set it to an https URL, or an http one on loopback")
        return value

    def _loopback_url(self, name: str) -> str | None:
        value = self._text(name)
        if value and not _is_loopback_url(value):
            self._fault(f"{name} is {value!r}: only a URL on loopback may stand in for Google")
        return value

    def _loopback_host(self, name: str) -> str | None:
        value = self._text(name)
        if value and not _is_loopback_url(f"http://{value}"):
            self._fault(f"{name} is {value!r}: only HOST:PORT on loopback may stand in for Google")
        return value

    def _mock_link_host(self) -> str:
        value = self._text("MOCK_LINK_HOST") or Settings.mock_link_host
        if not _is_url(value, {"http", "https"}):
            self._fault(f"MOCK_LINK_HOST is {value!r}: set it to where simulated rooms are shown")
        return value.rstrip("/")


def _is_url(value: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_loopback_url(value: str) -> bool:
    return _is_url(value, {"http", "https"}) and urlsplit(value).hostname in LOOPBACK_HOSTS
