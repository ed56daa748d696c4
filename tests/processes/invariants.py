"""What holds once everything has settled, however it came to that."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from functions.models import CalendarState, Meeting
from tests.workspace_double import WorkspaceDouble


def assert_settled(
    meetings: Iterable[Meeting], double: WorkspaceDouble, accepted: Iterable[str] = ()
) -> None:
    """Nothing lost, nothing doubled.

    Each meeting has one live event that equals it, or none where it is cancelled; there is no
    other event; `accepted` are the meetings that some caller was told of.
    """
    by_id = {meeting.id: meeting for meeting in meetings}
    events: dict[str | None, list[dict[str, Any]]] = {}
    for event in double.events:
        if event["status"] != "cancelled":
            events.setdefault(_private(event).get("meeting_id"), []).append(event)

    assert set(accepted) <= by_id.keys()
    assert events.keys() <= by_id.keys(), "an event without a meeting"
    for meeting in by_id.values():
        _assert_matches(meeting, events.get(meeting.id, []))
    active = [m.external_reference for m in by_id.values() if not m.is_cancelled]
    assert _repeated(reference for reference in active if reference is not None) == []
    invites = [mail for mail in double.mail if mail.kind == "invite"]
    assert _repeated((mail.event_id, mail.recipient) for mail in invites) == []
    assert double.violations == []


def _assert_matches(meeting: Meeting, events: list[dict[str, Any]]) -> None:
    assert meeting.calendar.state is CalendarState.SYNCED, meeting.calendar
    assert meeting.calendar.synced_revision == meeting.revision
    assert meeting.calendar.due_at is None
    assert meeting.calendar.error is None
    if meeting.is_cancelled:
        assert events == []
        return
    [event] = events
    assert event["id"] == meeting.google_event_id == meeting.event_id
    assert event["summary"] == meeting.summary
    assert event.get("description") == meeting.description
    assert _instant(event["start"]) == meeting.scheduled_start
    assert _instant(event["end"]) == meeting.scheduled_end
    assert [a["email"] for a in event["attendees"]] == list(meeting.guest_emails)
    assert event["organizer"]["email"] == meeting.organizer_email
    assert _private(event)["meeting_id"] == meeting.id
    assert _private(event)["revision"] == str(meeting.revision)
    assert meeting.meet_link
    assert event["hangoutLink"] == meeting.meet_link
    assert event["conferenceData"]["conferenceId"] == meeting.meeting_code


def _private(event: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = event.get("extendedProperties", {}).get("private", {})
    return found


def _instant(when: dict[str, str]) -> datetime:
    return datetime.fromisoformat(when["dateTime"])


def _repeated(values: Iterable[Any]) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]
