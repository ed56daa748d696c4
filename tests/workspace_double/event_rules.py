"""What Calendar accepts in an event, and how it tidies what it accepts."""

import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tests.workspace_double.errors import ApiError
from tests.workspace_double.events import Resource, instant_of
from tests.workspace_double.formats import parse_date_time

_EVENT_ID = re.compile(r"[a-v0-9]{5,1024}")
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
# developers.google.com/workspace/calendar/api/guides/extended-properties: longer keys are
# dropped silently, longer values truncated silently.
_PROPERTY_KEY_LENGTH = 44
_PROPERTY_VALUE_LENGTH = 1024
_MAX_REMINDER_MINUTES = 40320


def check_event_id(event_id: str) -> None:
    if not _EVENT_ID.fullmatch(event_id):
        raise ApiError(400, "invalid", "Invalid resource id value.")


def accept(fields: Resource, owner: str) -> Resource:
    """Check an event's fields and tidy them as Calendar does.

    Raises:
        ApiError: Calendar refuses the event.
    """
    if "recurrence" in fields:
        raise ApiError(501, "notImplemented", "The double does not play recurring events.")
    _check_times(fields)
    _check_reminders(fields.get("reminders", {}))
    if "attendees" in fields:
        fields["attendees"] = [_attendee(a, owner) for a in fields["attendees"]]
    for visibility, properties in fields.get("extendedProperties", {}).items():
        fields["extendedProperties"][visibility] = {
            key: value[:_PROPERTY_VALUE_LENGTH]
            for key, value in properties.items()
            if len(key) <= _PROPERTY_KEY_LENGTH
        }
    return fields


def _check_times(fields: Resource) -> None:
    for name in ("start", "end"):
        _check_time(fields.get(name, {}), name)
    if ("date" in fields["start"]) != ("date" in fields["end"]):
        raise ApiError(400, "invalid", "Invalid start time.")
    if instant_of(fields["start"]) >= instant_of(fields["end"]):
        raise ApiError(
            400, "timeRangeEmpty", "The specified time range is empty.", domain="calendar"
        )


def _check_time(event_time: Resource, name: str) -> None:
    if ("date" in event_time) == ("dateTime" in event_time):
        problem = "Invalid" if "date" in event_time else "Missing"
        reason = "invalid" if "date" in event_time else "required"
        raise ApiError(400, reason, f"{problem} {name} time.")
    if "timeZone" in event_time and not _is_time_zone(event_time["timeZone"]):
        raise ApiError(400, "invalid", f"Invalid time zone definition for {name} time.")
    parsed = parse_date_time(event_time.get("dateTime", ""))
    if parsed and parsed.tzinfo is None and "timeZone" not in event_time:
        raise ApiError(400, "required", f"Missing time zone definition for {name} time.")


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _check_reminders(reminders: Resource) -> None:
    overrides: list[Resource] = reminders.get("overrides", [])
    if overrides and reminders.get("useDefault"):
        raise ApiError(
            400,
            "cannotUseDefaultRemindersAndSpecifyOverride",
            "Cannot specify both default reminders and overrides at the same time.",
            domain="calendar",
        )
    good = all(
        0 <= override.get("minutes", -1) <= _MAX_REMINDER_MINUTES and "method" in override
        for override in overrides
    )
    if len(overrides) > 5 or not good:
        raise ApiError(400, "invalid", "Invalid reminder override.")


def _attendee(attendee: Resource, owner: str) -> dict[str, Any]:
    email = attendee.get("email")
    if not email:
        raise ApiError(400, "required", "Missing attendee email.")
    if not _EMAIL.fullmatch(email):
        raise ApiError(400, "invalid", "Invalid attendee email.")
    given = {name: value for name, value in attendee.items() if value is not None}
    tidy = {"responseStatus": "needsAction", **given}
    if email.lower() == owner.lower():
        tidy |= {"organizer": True, "self": True}
    return tidy
