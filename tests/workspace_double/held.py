"""What happens in a space: a conference, who was there and what was recorded of it.

All of it may be told ahead: the double's clock says how much of it has happened yet.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from tests.workspace_double.drive_files import DriveFile
from tests.workspace_double.formats import format_precisely
from tests.workspace_double.spaces import Space

Resource = dict[str, Any]
Session = tuple[datetime, datetime | None]
Kind = Literal["signedinUser", "anonymousUser", "phoneUser"]

NEVER = datetime.max.replace(tzinfo=UTC)
# ConferenceRecord.expireTime in the discovery document.
RECORD_LIFE = timedelta(days=30)


@dataclass(frozen=True, eq=False)
class Attendee:
    """Somebody in a conference; without sessions, from its beginning to its end.

    Two that look the same are two participants.
    """

    kind: Kind
    display_name: str
    email: str | None = None
    sessions: tuple[Session, ...] = ()


def signed_in(email: str, *sessions: Session, display_name: str | None = None) -> Attendee:
    name = display_name or email.partition("@")[0].title()
    return Attendee("signedinUser", name, email.lower(), sessions)


def anonymous(display_name: str, *sessions: Session) -> Attendee:
    return Attendee("anonymousUser", display_name, None, sessions)


def phone(number: str, *sessions: Session) -> Attendee:
    """Make somebody who dialed in; Google shows only part of the number."""
    return Attendee("phoneUser", number, None, sessions)


@dataclass
class Recording:
    """One recording; its file is there for Drive from a moment of its own."""

    name: str
    started: datetime
    ended: datetime | None
    ready_at: datetime | None
    file: DriveFile

    def resource(self, now: datetime) -> Resource:
        shown = {"name": self.name, "startTime": format_precisely(self.started)}
        has_ended = self.ended is not None and self.ended <= now
        shown["state"] = "ENDED" if has_ended else "STARTED"
        if has_ended and self.ended:
            shown["endTime"] = format_precisely(self.ended)
        if self.ready_at is None or self.ready_at > now:
            return shown
        destination = {"file": self.file.id, "exportUri": self.file.view_link}
        return {**shown, "state": "FILE_GENERATED", "driveDestination": destination}


@dataclass
class Conference:
    """One call in a space: every time the room fills again is another."""

    id: str
    space: Space
    started: datetime
    ended: datetime | None
    attendees: list[Attendee]
    recordings: list[Recording] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"conferenceRecords/{self.id}"

    def is_kept(self, now: datetime) -> bool:
        """Whether it has begun and its record has not vanished yet."""
        expires = NEVER if self.ended in (None, NEVER) else self.ended + RECORD_LIFE
        return self.started <= now < expires

    def end(self, now: datetime) -> datetime | None:
        return self.ended if self.ended and self.ended <= now else None

    def took_part(self, email: str, now: datetime) -> bool:
        return any(
            attendee.email == email.lower() and self.sessions(attendee, now)
            for attendee in self.attendees
        )

    def sessions(self, attendee: Attendee, now: datetime) -> list[Session]:
        """Tell the sessions so far, first to last; nobody outstays the conference."""
        sessions = []
        for joined, left in attendee.sessions or ((self.started, None),):
            end = min(left or NEVER, self.ended or NEVER)
            if joined <= now:
                sessions.append((joined, end if end <= now else None))
        return sorted(sessions, key=lambda session: session[0])

    def resource(self, now: datetime) -> Resource:
        shown = {
            "name": self.name,
            "startTime": format_precisely(self.started),
            "space": self.space.name,
        }
        end = self.end(now)
        if end:
            shown["endTime"] = format_precisely(end)
            shown["expireTime"] = format_precisely(end + RECORD_LIFE)
        return shown
