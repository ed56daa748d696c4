"""Real Google clients that talk to the double, for tests without an adapter of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import google_auth_httplib2
import httplib2
from google.auth.credentials import Credentials
from google.oauth2 import service_account
from googleapiclient.discovery import build

from tests.workspace_double.double import CALENDAR_EVENTS, SERVICE_ACCOUNT, WorkspaceDouble


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
    http = google_auth_httplib2.AuthorizedHttp(
        credentials or delegated_credentials(double, user),
        http=httplib2.Http(timeout=timeout_seconds),
    )
    options = {"api_endpoint": api_endpoint or double.calendar_endpoint}
    with build(
        "calendar", "v3", http=http, client_options=options, static_discovery=True
    ) as client:
        yield client
