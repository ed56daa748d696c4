"""A clinic's Workspace on the double: a meeting whose room is there, and the adapters on it."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from functions.models import Meeting
from infra.credentials import DelegatedCredentials
from infra.google_connections import Mailboxes
from infra.google_drive import GoogleDrive
from infra.google_meet import GoogleMeet
from tests.infra.appointment import DELEGATE, DOMAINS, NOON, meeting
from tests.workspace_double import Attendee, Conference, Recording, WorkspaceDouble
from tests.workspace_double.double import DRIVE_MEET_READONLY, MEET_READONLY, SERVICE_ACCOUNT
from tests.workspace_double.spaces import Space

ANA = "ana@clinic.example"
EVA = "eva@clinic.example"


def at(minutes: float) -> datetime:
    """Return a moment so many minutes after noon, when the appointment begins."""
    return NOON + timedelta(minutes=minutes)


@dataclass
class Clock:
    instant: datetime

    def __call__(self) -> datetime:
        return self.instant


class Clinic:
    """Ana's clinic; the scopes to read Meet and Drive are granted, that for settings is not."""

    def __init__(self, double: WorkspaceDouble, clock: Clock, folder: Path) -> None:
        self.double = double
        self.clock = clock
        self._key_file = folder / "key.json"
        self._key_file.write_text(json.dumps(double.service_account_key()))
        for email in (ANA, EVA, DELEGATE):
            double.add_user(email)
        double.delegate(SERVICE_ACCOUNT, [MEET_READONLY, DRIVE_MEET_READONLY])
        self.space = self.new_space(ANA)

    def new_space(self, owner: str) -> Space:
        return self.double.meet.spaces.add(owner)

    def meeting(self, organizer: str = ANA, **changes: Any) -> Meeting:
        room = {"meeting_code": self.space.code, "space_name": self.space.name}
        return meeting(organizer, **{**room, **changes})

    @contextmanager
    def adapters(self, timeout_seconds: float = 10) -> Iterator[tuple[GoogleMeet, GoogleDrive]]:
        credentials = DelegatedCredentials(key_file=str(self._key_file))
        with closing(Mailboxes(credentials, DOMAINS, DELEGATE, timeout_seconds)) as mailboxes:
            yield (
                GoogleMeet(mailboxes, self.double.meet_endpoint),
                GoogleDrive(mailboxes, self.double.drive_endpoint),
            )

    def hold(
        self, start: float, end: float | None, *attendees: Attendee, space: Space | None = None
    ) -> Conference:
        """Hold a conference between these minutes; with nobody named, the owner is there."""
        return self.double.hold_conference(
            (space or self.space).code,
            at(start),
            None if end is None else at(end),
            attendees or None,
        )

    def record(self, conference: Conference, start: float, end: float, **fates: Any) -> Recording:
        return self.double.record(conference, at(start), at(end), **fates)


@contextmanager
def clinic_at(instant: datetime, folder: Path) -> Iterator[Clinic]:
    clock = Clock(instant)
    with WorkspaceDouble(now=clock) as double:
        yield Clinic(double, clock, folder)
        assert double.violations == []
