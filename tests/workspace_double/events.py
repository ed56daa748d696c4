"""An event as Calendar keeps it, and as Calendar shows it."""

import base64
import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tests.workspace_double.conferences import PendingConference, video_uri
from tests.workspace_double.formats import format_instant, parse_date_time

Resource = dict[str, Any]

# Google leaves these out of an answer when they have their default value.
_HIDDEN_DEFAULTS: Resource = {
    "anyoneCanAddSelf": False,
    "guestsCanInviteOthers": True,
    "guestsCanModify": False,
    "guestsCanSeeOtherGuests": True,
    "privateCopy": False,
    "transparency": "opaque",
    "visibility": "default",
}


@dataclass
class StoredEvent:
    """One event of one calendar. `fields` is what clients may write, as last written."""

    id: str
    owner: str
    fields: Resource
    created: datetime
    updated: datetime
    version: int
    sequence: int = 0
    pending_conference: PendingConference | None = None

    @property
    def is_cancelled(self) -> bool:
        return bool(self.fields.get("status") == "cancelled")

    @property
    def etag(self) -> str:
        return f'"{3_500_000_000_000_000 + self.version}"'

    def resource(self, response_time_zone: str | None = None) -> Resource:
        """Show the event, its times with the offset of a time zone (default: the event's)."""
        shown = {
            "kind": "calendar#event",
            "etag": self.etag,
            "id": self.id,
            "status": "confirmed",
            "htmlLink": f"https://www.google.com/calendar/event?eid={self._eid()}",
            "created": format_instant(self.created),
            "updated": format_instant(self.updated),
            "creator": {"email": self.owner, "self": True},
            "organizer": {"email": self.owner, "self": True},
            "iCalUID": f"{self.id}@google.com",
            "sequence": self.sequence,
            "reminders": {"useDefault": True},
            "eventType": "default",
            **copy.deepcopy(self.fields),
        }
        for name, default in _HIDDEN_DEFAULTS.items():
            if shown.get(name) == default:
                del shown[name]
        for name in ("start", "end"):
            shown[name] = _shown_time(shown[name], response_time_zone)
        link = video_uri(shown.get("conferenceData"))
        if link:
            shown["hangoutLink"] = link
        return shown

    def _eid(self) -> str:
        return base64.urlsafe_b64encode(f"{self.id} {self.owner}".encode()).decode().rstrip("=")


def instant_of(event_time: Resource) -> datetime:
    """Tell when an EventDateTime is; an all-day date is its midnight in UTC."""
    if "date" in event_time:
        return datetime.combine(date.fromisoformat(event_time["date"]), time(), UTC)
    parsed = parse_date_time(event_time["dateTime"])
    if parsed is None:
        raise ValueError(f"not a date-time: {event_time}")
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=ZoneInfo(event_time["timeZone"]))


def merged(target: Resource, patch: Resource) -> Resource:
    """Apply a JSON merge patch (RFC 7396): null removes, objects merge, the rest replaces."""
    result = copy.deepcopy(target)
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            old = result.get(name)
            result[name] = merged(old if isinstance(old, dict) else {}, value)
        else:
            result[name] = value
    return result


def _shown_time(event_time: Resource, response_time_zone: str | None) -> Resource:
    if "date" in event_time:
        return event_time
    time_zone = event_time.get("timeZone", "UTC")
    local = instant_of(event_time).astimezone(ZoneInfo(response_time_zone or time_zone))
    text = local.replace(microsecond=0).isoformat()
    return {"dateTime": text.replace("+00:00", "Z"), "timeZone": time_zone}
