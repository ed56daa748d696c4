"""Real Google clients that talk to the double, for tests without an adapter of their own."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import google_auth_httplib2
import httplib2
from google.auth.credentials import Credentials
from google.oauth2 import service_account
from googleapiclient.discovery import build

from tests.workspace_double.double import (
    CALENDAR_EVENTS,
    DRIVE_MEET_READONLY,
    MEET_READONLY,
    MEET_SETTINGS,
    SERVICE_ACCOUNT,
    WorkspaceDouble,
)


def delegated_credentials(
    double: WorkspaceDouble, user: str | None, scopes: tuple[str, ...] = (CALENDAR_EVENTS,)
) -> service_account.Credentials:
    """Make key-file credentials of a user, or of the service account itself for None."""
    credentials: service_account.Credentials
    credentials = service_account.Credentials.from_service_account_info(
        double.service_account_key(), scopes=scopes, subject=user
    )
    return credentials


@contextmanager
def calendar_client(
    double: WorkspaceDouble,
    user: str | None = None,
    *,
    credentials: Credentials | None = None,
    api_endpoint: str | None = None,
    timeout_seconds: float = 10,
) -> Iterator[Any]:
    """Delegate the scope and build googleapiclient's Calendar v3 on the double; closes it after."""
    double.delegate(SERVICE_ACCOUNT, [CALENDAR_EVENTS])
    credentials = credentials or delegated_credentials(double, user)
    endpoint = api_endpoint or double.calendar_endpoint
    with _client("calendar", "v3", credentials, endpoint, timeout_seconds) as client:
        yield client


@contextmanager
def meet_client(
    double: WorkspaceDouble,
    user: str | None = None,
    *scopes: str,
    api_endpoint: str | None = None,
    timeout_seconds: float = 10,
) -> Iterator[Any]:
    """Delegate the scopes (default: read and settings) and build Meet v2 on the double."""
    wanted = scopes or (MEET_READONLY, MEET_SETTINGS)
    double.delegate(SERVICE_ACCOUNT, wanted)
    credentials = delegated_credentials(double, user, wanted)
    endpoint = api_endpoint or double.meet_endpoint
    with _client("meet", "v2", credentials, endpoint, timeout_seconds) as client:
        yield client


@contextmanager
def drive_client(
    double: WorkspaceDouble,
    user: str | None = None,
    *scopes: str,
    api_endpoint: str | None = None,
    timeout_seconds: float = 10,
) -> Iterator[Any]:
    """Delegate the scopes (default: to read what Meet made) and build Drive v3 on the double."""
    wanted = scopes or (DRIVE_MEET_READONLY,)
    double.delegate(SERVICE_ACCOUNT, wanted)
    credentials = delegated_credentials(double, user, wanted)
    endpoint = api_endpoint or double.drive_endpoint
    with _client("drive", "v3", credentials, endpoint, timeout_seconds) as client:
        yield client


def _client(
    name: str, version: str, credentials: Credentials, endpoint: str, timeout_seconds: float
) -> AbstractContextManager[Any]:
    http = google_auth_httplib2.AuthorizedHttp(
        credentials, http=httplib2.Http(timeout=timeout_seconds)
    )
    client: AbstractContextManager[Any] = build(
        name,
        version,
        http=http,
        client_options={"api_endpoint": endpoint},
        static_discovery=True,
    )
    return client
