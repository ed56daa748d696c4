"""`make reconcile`: compare what is stored with the organizers' calendars; repair on request.

A line of JSON for each thing that is wrong, with ids and never an address or a link; lines with a
`severity` are the log's. It exits with 0 where nothing is wrong any more, with 1 where something
is, and with 2 where it could not do its work. docs/operators.md says what to do.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.bootstrap import Product
from functions.errors import UpstreamError
from functions.mismatches import Finding, Mismatch
from functions.reconciling import Reconciler, Unread, Window
from functions.repairs import REPAIRED, Repairer
from functions.settings import Settings, SettingsError
from infra.structured_logging import configure_logging

BEGINS_BEFORE = timedelta(days=31)
"""Google keeps the records of conferences for 30 days: of older meetings nothing would come."""

SERVES_NOBODY = {
    "AUTH": "off",
    "SYNC_CALENDAR_URL": "http://localhost/",
    "SYNC_RECORDING_URL": "http://localhost/",
    "CLOUD_TASKS_EMULATOR_HOST": "localhost:1",
}
"""What a function must be told, and this command never uses: it is not called, and calls none."""


def main() -> int:
    options = _parser().parse_args()
    try:
        settings = Settings.from_env({**os.environ, **SERVES_NOBODY})
        if not settings.livemode or settings.store == "embedded":
            raise SettingsError(
                ["WORKSPACE_* and Firestore are needed: the mock keeps nothing to compare with"]
            )
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    configure_logging(settings.google_cloud_project, settings.log_level)
    outcomes: Counter[str] = Counter()
    try:
        for line in _lines(Product(settings), options):
            outcomes[f"{line['found']} {line['outcome']}"] += 1
            print(json.dumps(line), flush=True)
    except UpstreamError as error:
        print(json.dumps({"found": "store_unreadable", "outcome": error.code}))
        return 2
    print(json.dumps({"summary": dict(sorted(outcomes.items()))}))
    return int(any(not outcome.endswith(f" {REPAIRED.code}") for outcome in outcomes))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("make reconcile", description=__doc__)
    parser.add_argument(
        "--organizer",
        action="append",
        default=[],
        metavar="EMAIL",
        help="whose meetings, repeatable (those of all who are known)",
    )
    parser.add_argument(
        "--repair",
        type=Mismatch,
        choices=list(Mismatch),
        help="repair what is wrong in this way, and report the rest (nothing is repaired)",
    )
    parser.add_argument(
        "--from",
        dest="begins_at",
        type=_instant,
        default=datetime.now(UTC) - BEGINS_BEFORE,
        metavar="TIME",
        help=f"meetings from then on, RFC 3339 with an offset ({BEGINS_BEFORE.days} days ago)",
    )
    parser.add_argument(
        "--to",
        dest="ends_at",
        type=_instant,
        metavar="TIME",
        help="meetings that begin before (all)",
    )
    return parser


def _instant(text: str) -> datetime:
    with suppress(ValueError):
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            return instant
    raise argparse.ArgumentTypeError("give it as 2030-12-01T15:00:00Z")


def _lines(product: Product, options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    stores, workspace = product.stores(), product.workspace()
    reconciler = Reconciler(
        stores.meetings, stores.users, workspace.google_calendar(), product.now, time.sleep
    )
    repairer = Repairer(reconciler)
    window = Window(options.begins_at, options.ends_at)
    organizers = {email.strip().lower() for email in options.organizer}
    delegate = product.settings.workspace_delegate
    if not organizers and delegate is not None:
        # In the delegate's mailbox are also those whom the backup does not know.
        organizers = {*reconciler.organizers(window), delegate}
    for found in reconciler.find(organizers, window, only_theirs=bool(options.organizer)):
        if isinstance(found, Unread):
            yield _unread(found)
            continue
        line = _found(found)
        if found.mismatch is options.repair:
            outcome = repairer.repair(found)
            line["outcome"] = outcome.code
            if outcome.existing_id is not None:
                line["existing_id"] = outcome.existing_id
        yield line


def _unread(unread: Unread) -> dict[str, Any]:
    which = {"user_id": unread.user_id}
    if unread.meeting_id is not None:
        which["meeting_id"] = unread.meeting_id
    return {"found": "unread", **which, "outcome": unread.code}


def _found(finding: Finding) -> dict[str, Any]:
    return {
        "found": finding.mismatch,
        "meeting_id": finding.meeting_id,
        "google_event_id": finding.event_id,
        "stored_revision": finding.stored_revision,
        "event_revision": finding.event.revision if finding.event else None,
        "outcome": "reported",
    }


if __name__ == "__main__":
    sys.exit(main())
