"""What Calendar answers, as the product's own values; and guests as Calendar is told of them."""

import logging
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from functions.models import CalendarEvent, Conference, EventInFull, Notify
from infra.google_errors import MALFORMED

logger = logging.getLogger(__name__)

WRITABLE_ATTENDEE_FIELDS = (
    "email",
    "displayName",
    "optional",
    "resource",
    "responseStatus",
    "comment",
    "additionalGuests",
)
"""https://developers.google.com/workspace/calendar/api/v3/reference/events#attendees"""

MEETING_CODE = re.compile(r"/([a-z]{3}-[a-z]{4}-[a-z]{3})(?:[/?#]|$)")


def calendar_event(resource: Mapping[str, Any]) -> CalendarEvent:
    return CalendarEvent(**_seen(resource))


def event_in_full(resource: Mapping[str, Any], mailbox: str) -> EventInFull:
    """Return a live event of this mailbox's calendar.

    Raises:
        one of MALFORMED: it has not the shape of one.
    """
    private = _private(resource)
    notify = private.get("notify")
    organizer_email = private.get("organizer_email", mailbox).lower()
    start = resource["start"]
    return EventInFull(
        **_seen(resource),
        organizer_email=organizer_email,
        guest_emails=_guests(resource, {organizer_email, mailbox}),
        summary=resource.get("summary", ""),
        description=resource.get("description"),
        scheduled_start=_instant(start),
        scheduled_end=_instant(resource["end"]),
        time_zone=start.get("timeZone", "UTC"),
        external_reference=private.get("external_reference"),
        notify=Notify(notify) if notify in list(Notify) else Notify.ALL,
        created_at=datetime.fromisoformat(resource["created"]).astimezone(UTC),
    )


def readable(items: list[dict[str, Any]], mailbox: str) -> Iterator[EventInFull]:
    """Yield the events; one that cannot be read must not hide the others."""
    for item in items:
        try:
            yield event_in_full(item, mailbox)
        except MALFORMED:
            logger.error("event is unreadable", extra={"event_id": str(item.get("id"))})


def attendees(
    emails: tuple[str, ...], present: tuple[Mapping[str, Any], ...]
) -> list[dict[str, Any]]:
    """Return these guests, each with the answer they gave; rooms and the owner's entry stay."""
    known = {str(entry.get("email", "")).lower(): entry for entry in present}
    kept = [
        entry
        for email, entry in known.items()
        if email not in emails and (entry.get("self") or entry.get("resource"))
    ]
    entries = [*kept, *(known.get(email, {"email": email}) for email in emails)]
    return [
        {field: entry[field] for field in WRITABLE_ATTENDEE_FIELDS if field in entry}
        for entry in entries
    ]


def _seen(resource: Mapping[str, Any]) -> dict[str, Any]:
    data = resource.get("conferenceData") or {}
    link = resource.get("hangoutLink") or next(
        (e.get("uri") for e in data.get("entryPoints", ()) if e.get("entryPointType") == "video"),
        None,
    )
    code = MEETING_CODE.search(link or "")
    private = _private(resource)
    revision = private.get("revision", "")
    return {
        "event_id": resource["id"],
        "etag": resource["etag"],
        "is_cancelled": resource.get("status") == "cancelled",
        "meeting_id": private.get("meeting_id"),
        "revision": int(revision) if revision.isdecimal() else 0,
        "conference": _conference(data, link),
        "conference_request_id": data.get("createRequest", {}).get("requestId"),
        "meet_link": link,
        "meeting_code": data.get("conferenceId") or (code[1] if code else None),
        "attendees": tuple(resource.get("attendees", ())),
    }


def _private(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = resource.get("extendedProperties", {}).get("private", {})
    return found


def _guests(resource: Mapping[str, Any], hosts: set[str]) -> tuple[str, ...]:
    people = [one for one in resource.get("attendees", ()) if not one.get("resource")]
    emails = dict.fromkeys(str(one.get("email", "")).lower() for one in people)
    return tuple(email for email in emails if email and email not in hosts)


def _instant(when: Mapping[str, Any]) -> datetime:
    """Return the moment; a day without a time, which somebody made of it, begins in UTC."""
    found = datetime.fromisoformat(when.get("dateTime") or when["date"])
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _conference(data: Mapping[str, Any], link: str | None) -> Conference:
    if link:
        return Conference.SUCCESS
    status = data.get("createRequest", {}).get("status", {}).get("statusCode")
    # A room without an address is still on its way.
    waiting = {"pending": Conference.PENDING, "success": Conference.PENDING}
    return waiting.get(status, Conference.FAILURE if status else Conference.NONE)
