"""What may be set from outside: read from the environment once, and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from functions.environment import Environment, is_loopback_url, is_url

CLOUD_VARIABLES = ("K_SERVICE", "K_REVISION", "K_CONFIGURATION")
"""https://cloud.google.com/run/docs/container-contract#services-env-vars"""

MAX_SHARE_DAYS = 364
"""Drive takes a year at most, by its own clock.

https://developers.google.com/workspace/drive/api/reference/rest/v3/permissions#Permission
"""

LIVE_MODE = "live mode: set it, or unset every WORKSPACE_* and credential setting for the mock"


class SettingsError(Exception):
    """The environment has faults; the message names every one and what to set."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("Invalid settings:\n" + "\n".join(f"  - {f}" for f in faults))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings; each field is the environment variable of the same name in capitals."""

    google_cloud_project: str
    auth: Literal["off", "local", "oidc", "iam"]
    sync_calendar_url: str
    sync_recording_url: str
    sweep_url: str | None = None
    oidc_issuers: tuple[str, ...] = ()
    oidc_audiences: frozenset[str] = frozenset()
    first_admin_email: str | None = None
    rate_limit_per_minute: int | None = None
    store: Literal["firestore", "embedded"] = "firestore"
    firestore_database: str = "(default)"
    firestore_emulator_host: str | None = None
    tasks_location: str = "europe-west1"
    tasks_queue_calendar: str = "sync-calendar"
    tasks_queue_recording: str = "sync-recording"
    tasks_invoker_email: str | None = None
    scheduler_invoker_email: str | None = None
    invoker_issuer: str = "https://accounts.google.com"
    cloud_tasks_emulator_host: str | None = None
    workspace_domains: frozenset[str] = frozenset()
    workspace_delegate: str | None = None
    service_account_email: str | None = None
    google_application_credentials: str | None = None
    calendar_endpoint: str | None = None
    meet_endpoint: str | None = None
    drive_endpoint: str | None = None
    storage_endpoint: str | None = None
    auto_recording: Literal["off", "on"] = "off"
    space_access_type: Literal["default", "open", "trusted", "restricted"] = "default"
    recording_share_with: tuple[str, ...] = ()
    recording_share_days: int | None = None
    recording_bucket: str | None = None
    mock_link_host: str = "http://localhost:8080/simulated-rooms"
    threads: int = (os.cpu_count() or 1) * 4
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    otlp_traces_endpoint: str | None = None
    prometheus: Literal["off", "on"] = "off"
    sentry_dsn: str | None = None
    in_cloud: bool = False
    """Whether Google's environment is seen; like the next, it is not a variable of ours."""

    revision: str | None = None
    """Which deployment this is, as Cloud Run says."""

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
        env = Environment(environ)
        settings = _read(env)
        _check_together(env, settings)
        if env.faults:
            raise SettingsError(env.faults)
        return settings


def _read(env: Environment) -> Settings:
    in_cloud = any(env.text(name) for name in CLOUD_VARIABLES)
    return Settings(
        google_cloud_project=env.required(
            "GOOGLE_CLOUD_PROJECT", "the id of the Google Cloud project"
        ),
        auth=env.choice("AUTH", ("off", "local", "iam", "oidc"), None),
        sync_calendar_url=env.url("SYNC_CALENDAR_URL", "the URL of sync_calendar"),
        sync_recording_url=env.url("SYNC_RECORDING_URL", "the URL of sync_recording"),
        sweep_url=env.optional_url("SWEEP_URL"),
        oidc_issuers=env.urls("OIDC_ISSUERS"),
        oidc_audiences=frozenset(env.words("OIDC_AUDIENCES")),
        first_admin_email=env.email("FIRST_ADMIN_EMAIL"),
        rate_limit_per_minute=env.number("RATE_LIMIT_PER_MINUTE", None, 1, 10**9),
        store=env.choice("STORE", ("firestore", "embedded"), "firestore"),
        firestore_database=env.text("FIRESTORE_DATABASE") or Settings.firestore_database,
        firestore_emulator_host=env.loopback_host("FIRESTORE_EMULATOR_HOST"),
        tasks_location=env.text("TASKS_LOCATION") or Settings.tasks_location,
        tasks_queue_calendar=env.text("TASKS_QUEUE_CALENDAR") or Settings.tasks_queue_calendar,
        tasks_queue_recording=env.text("TASKS_QUEUE_RECORDING") or Settings.tasks_queue_recording,
        tasks_invoker_email=env.email("TASKS_INVOKER_EMAIL"),
        scheduler_invoker_email=env.email("SCHEDULER_INVOKER_EMAIL"),
        invoker_issuer=env.optional_url("INVOKER_ISSUER") or Settings.invoker_issuer,
        cloud_tasks_emulator_host=env.loopback_host("CLOUD_TASKS_EMULATOR_HOST"),
        workspace_domains=env.domains("WORKSPACE_DOMAINS"),
        workspace_delegate=env.email("WORKSPACE_DELEGATE"),
        service_account_email=env.email("SERVICE_ACCOUNT_EMAIL"),
        google_application_credentials=env.file("GOOGLE_APPLICATION_CREDENTIALS"),
        calendar_endpoint=env.loopback_url("CALENDAR_ENDPOINT"),
        meet_endpoint=env.loopback_url("MEET_ENDPOINT"),
        drive_endpoint=env.loopback_url("DRIVE_ENDPOINT"),
        storage_endpoint=env.loopback_url("STORAGE_ENDPOINT"),
        auto_recording=env.choice("AUTO_RECORDING", ("off", "on"), "off"),
        space_access_type=env.choice(
            "SPACE_ACCESS_TYPE", ("default", "open", "trusted", "restricted"), "default"
        ),
        recording_share_with=env.emails("RECORDING_SHARE_WITH"),
        recording_share_days=env.number("RECORDING_SHARE_DAYS", None, 1, MAX_SHARE_DAYS),
        recording_bucket=env.bucket("RECORDING_BUCKET"),
        mock_link_host=_mock_link_host(env),
        threads=env.number("THREADS", Settings.threads, 1, 1000),
        log_level=env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
        otlp_traces_endpoint=env.optional_url("OTLP_TRACES_ENDPOINT"),
        prometheus=env.choice("PROMETHEUS", ("off", "on"), "off"),
        sentry_dsn=env.optional_url("SENTRY_DSN", is_secret=True),
        in_cloud=in_cloud,
        revision=env.text("K_REVISION"),
    )


def _check_together(env: Environment, settings: Settings) -> None:
    if settings.in_cloud:
        _check_cloud(env, settings)
    _check_auth(env, settings)
    needs_invoker = settings.auth == "off" and not settings.cloud_tasks_emulator_host
    if needs_invoker and not settings.tasks_invoker_email:
        env.fault(
            "TASKS_INVOKER_EMAIL is missing: the service account whose token Cloud Tasks"
            " sends, or set CLOUD_TASKS_EMULATOR_HOST"
        )
    live = {
        "WORKSPACE_DOMAINS": bool(env.text("WORKSPACE_DOMAINS")),
        "WORKSPACE_DELEGATE": bool(env.text("WORKSPACE_DELEGATE")),
        "SERVICE_ACCOUNT_EMAIL or GOOGLE_APPLICATION_CREDENTIALS": bool(
            env.text("SERVICE_ACCOUNT_EMAIL") or env.text("GOOGLE_APPLICATION_CREDENTIALS")
        ),
    }
    if any(live.values()):
        for name in (name for name, is_set in live.items() if not is_set):
            env.fault(f"{name} is missing for {LIVE_MODE}")
    for name in ("RECORDING_SHARE_WITH", "RECORDING_BUCKET"):
        if env.text(name) and not settings.livemode:
            env.fault(f"{name} needs real recordings: it is for live mode only")
    if settings.recording_share_days is not None and not settings.recording_share_with:
        env.fault("RECORDING_SHARE_DAYS needs RECORDING_SHARE_WITH: who gets the recordings")
    delegate, domains = settings.workspace_delegate, settings.workspace_domains
    if delegate and domains and delegate.rpartition("@")[2] not in domains:
        env.fault("WORKSPACE_DELEGATE must be a mailbox of one of WORKSPACE_DOMAINS")


def _check_auth(env: Environment, settings: Settings) -> None:
    if settings.auth == "off":
        return
    for name, is_set, meaning in (
        ("OIDC_ISSUERS", settings.oidc_issuers, "who issues the callers' tokens"),
        ("OIDC_AUDIENCES", settings.oidc_audiences, "what the tokens are made out to"),
        (
            "TASKS_INVOKER_EMAIL",
            settings.tasks_invoker_email,
            "who calls sync_calendar and sync_recording",
        ),
        ("SCHEDULER_INVOKER_EMAIL", settings.scheduler_invoker_email, "who calls sweep"),
        ("SWEEP_URL", settings.sweep_url, "the URL of sweep"),
    ):
        if not is_set:
            env.fault(f"{name} is missing: {meaning}")
    if settings.auth == "iam" and not settings.in_cloud:
        env.fault(
            "AUTH=iam trusts Google's front end to have checked the token: on Google Cloud only"
        )
    if settings.auth == "local" and not all(map(is_loopback_url, settings.oidc_issuers)):
        env.fault("AUTH=local takes tokens of an issuer on loopback alone: see OIDC_ISSUERS")


def _check_cloud(env: Environment, settings: Settings) -> None:
    if settings.auth in ("off", "local"):
        env.fault(f"AUTH={settings.auth} lets anybody in: it is for local use only")
    if settings.store == "embedded":
        env.fault("STORE=embedded loses every meeting at the end: it is for local use only")
    if settings.prometheus == "on":
        env.fault("PROMETHEUS=on shows anybody the metrics: Google Cloud takes them from the log")
    for name in (
        "FIRESTORE_EMULATOR_HOST",
        "CLOUD_TASKS_EMULATOR_HOST",
        "CALENDAR_ENDPOINT",
        "MEET_ENDPOINT",
        "DRIVE_ENDPOINT",
        "STORAGE_ENDPOINT",
    ):
        if env.text(name):
            env.fault(f"{name} is for local use only: unset it")


def _mock_link_host(env: Environment) -> str:
    value = env.text("MOCK_LINK_HOST") or Settings.mock_link_host
    if not is_url(value, {"http", "https"}):
        env.fault(f"MOCK_LINK_HOST is {value!r}: set it to where simulated rooms are shown")
    return value.rstrip("/")
