"""The settings that put something else in Google's place: on loopback, and never in the cloud."""

import pytest

from tests.test_settings import LOCAL, OIDC, faults

HOSTS = ("FIRESTORE_EMULATOR_HOST", "CLOUD_TASKS_EMULATOR_HOST")
ENDPOINTS = ("CALENDAR_ENDPOINT", "MEET_ENDPOINT", "DRIVE_ENDPOINT", "STORAGE_ENDPOINT")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "localhost:1") for name in HOSTS),
        *((name, "http://localhost:1") for name in ENDPOINTS),
    ],
)
def test_nothing_stands_in_for_google_in_the_cloud(name: str, value: str) -> None:
    [fault] = faults({**OIDC, "K_SERVICE": "api", name: value})

    assert name in fault


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIRESTORE_EMULATOR_HOST", "firestore.googleapis.com:443"),
        ("CLOUD_TASKS_EMULATOR_HOST", "10.0.0.7:8123"),
        ("CALENDAR_ENDPOINT", "https://www.googleapis.example"),
        ("CALENDAR_ENDPOINT", "http://localhost.evil.example"),
        ("MEET_ENDPOINT", "https://meet.googleapis.example"),
        ("DRIVE_ENDPOINT", "http://127.0.0.1.example"),
        ("STORAGE_ENDPOINT", "https://storage.googleapis.com"),
    ],
)
def test_only_loopback_stands_in_for_google(name: str, value: str) -> None:
    [fault] = faults({**LOCAL, name: value})

    assert name in fault
