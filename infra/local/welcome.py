"""What a person sees when the local stack is ready."""

import json
import shlex
from datetime import UTC, datetime, timedelta

from functions.settings import Settings
from infra.local import simulated_clock


def welcome(settings: Settings, url: str) -> str:
    """Return what it runs on, a curl line to paste, and last that it is ready."""
    firestore = {
        "embedded": "embedded, in this process's memory",
        "firestore": f"emulator at {settings.firestore_emulator_host}",
    }[settings.store]
    workspace = "live" if settings.livemode else "mock, every meeting is simulated"
    clock = "real" if settings.livemode else f"to be moved at {url}{simulated_clock.PATH}/"
    auth = {"local": f"local, a token: {_make_token(url)}"}.get(settings.auth, settings.auth)
    return "\n".join(
        (
            f"Firestore    {firestore}",
            f"Cloud Tasks  stand-in at {settings.cloud_tasks_emulator_host}",
            f"Workspace    {workspace}",
            f"Clock        {clock}",
            f"AUTH         {auth}",
            f"Swagger UI   {url}/api/v1/docs/",
            "Make a meeting:",
            f"  {_curl(url)}{_authorization(settings, url)}",
            f"ready: {url}",
        )
    )


def _curl(url: str) -> str:
    """Return the requirements' own request, its times moved to tomorrow."""
    start = (datetime.now(UTC) + timedelta(days=1)).replace(hour=15, minute=0, second=0)
    body = {
        "organizer_email": "doctor@clinica.com",
        "invited_emails": ["paciente@correo.com"],
        "scheduled_start": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "scheduled_end": f"{start + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
        "external_reference": "xoma_appointment_1234",
    }
    return shlex.join(
        [
            *("curl", "-i", f"{url}/api/v1/meetings/"),
            *("-H", "Content-Type: application/json", "-d", json.dumps(body)),
        ]
    )


def _authorization(settings: Settings, url: str) -> str:
    """Return what the line needs for AUTH; the shell fills it in."""
    token = {"off": "", "local": f"$({_make_token(url)})"}.get(settings.auth, "$TOKEN")
    return token and f' -H "Authorization: Bearer {token}"'


def _make_token(url: str) -> str:
    port = url.rpartition(":")[2]
    elsewhere = "" if port == "8080" else f" PORT={port}"
    return f"make -s token ROLE=service EMAIL=xoma@clinica.com{elsewhere}"
