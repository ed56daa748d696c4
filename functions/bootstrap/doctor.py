"""`make doctor`: whether everything that the product needs is there, a line for each thing.

It asks with the rights of whoever runs it.
"""

import argparse
import logging
import os
import re
import sys
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from functions.bootstrap import Product
from functions.doctor import (
    MOCK_WORKSPACE,
    Check,
    CheckOutcome,
    Question,
    Skip,
    examine,
    require_sweep,
)
from functions.environment import EMAIL
from functions.settings import Settings, SettingsError

if TYPE_CHECKING:
    from infra.credentials import DelegatedCredentials

BAD_SETTINGS = Skip("invalid_settings", "It is looked at once the settings have no fault.")
OTHER_PROCESS = Skip(
    "embedded_store",
    "STORE=embedded keeps everything in another process's memory: ask that one, at `doctor/`.",
)
DELEGATE = Skip(
    "delegate_checked",
    "No organizer of WORKSPACE_DOMAINS is named: the scopes are checked for WORKSPACE_DELEGATE,"
    " who owns the events of all others.",
)
NO_SPACE_SETTINGS = Skip("not_wanted", "AUTO_RECORDING and SPACE_ACCESS_TYPE are not set.")
NO_SHARING = Skip("not_wanted", "RECORDING_SHARE_WITH is not set.")
NO_BUCKET = Skip("not_wanted", "RECORDING_BUCKET is not set.")

VALUE = re.compile(r"(['\"]).*\1")
"""What a fault quotes of the environment: it may be an address, or a secret in the wrong place."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m functions.bootstrap.doctor", description=__doc__)
    parser.add_argument("--organizer", metavar="EMAIL", help="for whom the scopes are checked")
    options, unknown = parser.parse_known_args(arguments)
    if unknown or not EMAIL.fullmatch(options.organizer or "any@clinic.example"):
        # Not argparse's own words, which repeat what was given.
        parser.error("give one email address, after --organizer")
    # Nor a library's log, which may quote an answer of Google's.
    logging.getLogger().addHandler(logging.NullHandler())
    checks = diagnosis(os.environ, options.organizer)
    for check in checks:
        reason = f"  {check.code}: {check.detail}" if check.code else ""
        print(f"{check.outcome:<8}{check.name}{reason}", flush=True)
    return int(any(check.outcome is CheckOutcome.FAILED for check in checks))


def diagnosis(environ: Mapping[str, str], organizer: str | None) -> tuple[Check, ...]:
    """Return what came of each check; every fault of the settings is one of its own."""
    # AUTH=iam is for Google Cloud alone, so these settings are read as they are there.
    place = {"K_SERVICE": "doctor"} if environ.get("AUTH") == "iam" else {}
    try:
        settings = Settings.from_env({**environ, **place})
    except SettingsError as error:
        names = ("firestore", "cloud_tasks", "cloud_tasks_recording", "scheduler")
        others = (*names, "delegated_scopes", "recording_bucket")
        return (*_faults(error), *examine(dict.fromkeys(others, BAD_SETTINGS)))
    product = Product(settings)
    questions: dict[str, Question] = {"settings": lambda: None, **_in_the_cloud(product)}
    if not settings.livemode:
        return examine({**questions, "delegated_scopes": MOCK_WORKSPACE})
    from infra.credentials import DelegatedCredentials

    credentials = DelegatedCredentials(
        settings.service_account_email, settings.google_application_credentials
    )
    return examine({**questions, **of_workspace(product, credentials, organizer)})


def of_workspace(
    product: Product, credentials: "DelegatedCredentials", organizer: str | None
) -> dict[str, Question]:
    """Return what is asked of Google Workspace, and of the bucket that gets recordings."""
    from infra import google_calendar, google_drive, google_meet, recording_sharing
    from infra.bucket_access import require_bucket
    from infra.delegated_scopes import require_scope
    from infra.google_connections import Mailboxes

    settings = product.settings
    questions: dict[str, Question] = {}
    mailboxes = Mailboxes(
        credentials, settings.workspace_domains, settings.workspace_delegate or ""
    )
    wanted = (organizer or "").lower()
    subject = mailboxes.owner_of(wanted)
    if subject != wanted:
        questions["organizer"] = DELEGATE
    sets_rooms_up = product.workspace().space_settings().is_wanted
    for scopes, not_wanted in (
        (google_calendar.SCOPES, None),
        (google_meet.READ_SCOPES, None),
        (google_meet.SETTINGS_SCOPES, None if sets_rooms_up else NO_SPACE_SETTINGS),
        (google_drive.SCOPES, None),
        (recording_sharing.SCOPES, None if settings.recording_share_with else NO_SHARING),
    ):
        for scope in scopes:
            name = scope.removeprefix("https://www.googleapis.com/")
            questions[name] = not_wanted or partial(require_scope, credentials, subject, scope)
    bucket, endpoint = settings.recording_bucket, settings.storage_endpoint
    questions["recording_bucket"] = (
        partial(require_bucket, bucket, endpoint) if bucket is not None else NO_BUCKET
    )
    return questions


def _in_the_cloud(product: Product) -> dict[str, Question]:
    questions: dict[str, Question] = {
        **product.dependencies(),
        "scheduler": lambda: require_sweep(product.stores().sweeps, product.now()),
    }
    if product.settings.store == "embedded":
        questions |= dict.fromkeys(("firestore", "scheduler"), OTHER_PROCESS)
    return questions


def _faults(error: SettingsError) -> tuple[Check, ...]:
    faults = (line.removeprefix("  - ") for line in str(error).splitlines()[1:])
    return tuple(
        Check("settings", CheckOutcome.FAILED, "invalid_settings", VALUE.sub("(withheld)", fault))
        for fault in faults
    )


if __name__ == "__main__":
    sys.exit(main())
