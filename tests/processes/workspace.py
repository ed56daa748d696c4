"""A clinic's Workspace, played by the double, and the settings that lead a process to it."""

import json
from pathlib import Path

from tests.values import ORGANIZER
from tests.workspace_double.double import CALENDAR_EVENTS, WorkspaceDouble

DOMAIN = ORGANIZER.rpartition("@")[2]
DELEGATE = f"frontdesk@{DOMAIN}"

GET = "calendar.events.get"
INSERT = "calendar.events.insert"
PATCH = "calendar.events.patch"
DELETE = "calendar.events.delete"


def open_clinic(double: WorkspaceDouble, key_file: Path) -> dict[str, str]:
    """Give the organizer and the delegate accounts, delegate to a key, and name the settings."""
    key = double.service_account_key()
    double.delegate(key["client_email"], [CALENDAR_EVENTS])
    for email in (ORGANIZER, DELEGATE):
        double.add_user(email)
    key_file.write_text(json.dumps(key))
    return {
        "WORKSPACE_DOMAINS": DOMAIN,
        "WORKSPACE_DELEGATE": DELEGATE,
        "GOOGLE_APPLICATION_CREDENTIALS": str(key_file),
        "CALENDAR_ENDPOINT": double.calendar_endpoint,
    }
