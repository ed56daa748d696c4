"""Google on loopback and the double of a Workspace, with the adapters on them."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from infra.credentials import DelegatedCredentials
from infra.google_calendar import GoogleCalendar
from infra.google_connections import Mailboxes
from infra.google_drive import GoogleDrive
from infra.google_meet import GoogleMeet
from tests.infra.appointment import DELEGATE, DOMAINS
from tests.infra.clinic import Clinic, at, clinic_at
from tests.infra.loopback_google import LoopbackGoogle, loopback_google


@pytest.fixture
def google() -> Iterator[LoopbackGoogle]:
    with loopback_google() as google:
        yield google


@pytest.fixture
def mailboxes(google: LoopbackGoogle, tmp_path: Path) -> Iterator[Mailboxes]:
    with closing(mailboxes_on(google, tmp_path)) as mailboxes:
        yield mailboxes


@pytest.fixture
def calendar(google: LoopbackGoogle, mailboxes: Mailboxes) -> GoogleCalendar:
    return GoogleCalendar(mailboxes, google.url)


def mailboxes_on(google: LoopbackGoogle, folder: Path, timeout_seconds: float = 10) -> Mailboxes:
    credentials = DelegatedCredentials(
        key_file=google.key_file(folder), timeout_seconds=timeout_seconds
    )
    return Mailboxes(credentials, DOMAINS, DELEGATE, timeout_seconds)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    """A clinic three hours after the appointment's end."""
    with clinic_at(at(240), tmp_path) as clinic:
        yield clinic


@pytest.fixture
def adapters(clinic: Clinic) -> Iterator[tuple[GoogleMeet, GoogleDrive]]:
    with clinic.adapters() as adapters:
        yield adapters


@pytest.fixture
def meet(adapters: tuple[GoogleMeet, GoogleDrive]) -> GoogleMeet:
    return adapters[0]


@pytest.fixture
def drive(adapters: tuple[GoogleMeet, GoogleDrive]) -> GoogleDrive:
    return adapters[1]


@pytest.fixture
def no_credentials_in_sight(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
