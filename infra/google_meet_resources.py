"""Google Meet's resources as the product's values, of the shape that Google gives them or none.

Every function raises one of `google_errors.MALFORMED` where a resource has another shape.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from functions.models import Attendee, AttendeeKind, ConferenceRecord, MeetRecording, Session
from infra.google_services import optional_text

ID = "[A-Za-z0-9._~-]+"
SPACE_NAME = re.compile(f"spaces/{ID}")
CONFERENCE_NAME = re.compile(f"conferenceRecords/{ID}")
PARTICIPANT_NAME = re.compile(f"conferenceRecords/{ID}/participants/{ID}")
RECORDING_NAME = re.compile(f"conferenceRecords/{ID}/recordings/{ID}")

KINDS = {
    "signedinUser": AttendeeKind.SIGNED_IN,
    "anonymousUser": AttendeeKind.ANONYMOUS,
    "phoneUser": AttendeeKind.PHONE,
}

Resource = Mapping[str, Any]


def space_name(resource: Resource) -> str:
    return _name(resource, SPACE_NAME)


def conference(resource: Resource) -> ConferenceRecord:
    return ConferenceRecord(
        name=_name(resource, CONFERENCE_NAME),
        started_at=_instant(resource["startTime"]),
        ended_at=_optional_instant(resource, "endTime"),
    )


def recording(resource: Resource) -> MeetRecording:
    destination = resource.get("driveDestination", {})
    return MeetRecording(
        name=_name(resource, RECORDING_NAME),
        is_generated=resource["state"] == "FILE_GENERATED",
        drive_file_id=optional_text(destination, "file"),
        url=optional_text(destination, "exportUri"),
        started_at=_optional_instant(resource, "startTime"),
        ended_at=_optional_instant(resource, "endTime"),
    )


def named_attendee(resource: Resource) -> tuple[str, Attendee]:
    """Return an attendee by the participant's name, with one session from first to last."""
    # Of a kind that is not known yet Meet tells nothing that says who it is.
    kind = next((kind for kind in KINDS if kind in resource), "anonymousUser")
    who = resource.get(kind, {})
    attendee = Attendee(
        display_name=who.get("displayName", ""),
        kind=KINDS[kind],
        user=optional_text(who, "user"),
        sessions=(
            Session(
                joined_at=_instant(resource["earliestStartTime"]),
                left_at=_optional_instant(resource, "latestEndTime"),
            ),
        ),
    )
    return _name(resource, PARTICIPANT_NAME), attendee


def session(resource: Resource) -> Session:
    return Session(
        joined_at=_instant(resource["startTime"]), left_at=_optional_instant(resource, "endTime")
    )


def _name(resource: Resource, pattern: re.Pattern[str]) -> str:
    name: str = resource["name"]
    if not pattern.fullmatch(name):
        raise ValueError("not a name of Meet's")
    return name


def _instant(text: str) -> datetime:
    """Read RFC 3339; of Google's nanoseconds microseconds are left."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("without an offset")
    return instant.astimezone(UTC)


def _optional_instant(resource: Resource, field: str) -> datetime | None:
    return _instant(resource[field]) if field in resource else None
