"""Google on loopback and a calendar on it, as most of these tests need them."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from infra.credentials import DelegatedCredentials
from infra.google_calendar import GoogleCalendar
from tests.infra.loopback_google import LoopbackGoogle, loopback_google

DELEGATE = "meetings@clinic.example"


@pytest.fixture
def google() -> Iterator[LoopbackGoogle]:
    with loopback_google() as google:
        yield google


@pytest.fixture
def calendar(google: LoopbackGoogle, tmp_path: Path) -> Iterator[GoogleCalendar]:
    with closing(calendar_on(google, tmp_path)) as calendar:
        yield calendar


def calendar_on(
    google: LoopbackGoogle, folder: Path, endpoint: str | None = None, timeout_seconds: float = 10
) -> GoogleCalendar:
    credentials = DelegatedCredentials(
        key_file=google.key_file(folder), timeout_seconds=timeout_seconds
    )
    return GoogleCalendar(
        credentials,
        frozenset({"clinic.example", "hospital.example"}),
        DELEGATE,
        endpoint or google.url,
        timeout_seconds,
    )


@pytest.fixture
def no_credentials_in_sight(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
