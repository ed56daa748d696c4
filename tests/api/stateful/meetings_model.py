"""What becomes of meetings, by what callers ask for and by what Google makes of it."""

from collections.abc import Mapping
from typing import Any

from tests.api.stateful.callers_model import Callers
from tests.api.stateful.meeting import Meeting, is_span, text
from tests.api.stateful.verdicts import INVALID, NO_MEETING, OVER, STALE, Verdict

CONTENT = (
    "organizer_email",
    "summary",
    "description",
    "scheduled_start",
    "scheduled_end",
    "time_zone",
    "notify",
)


class Meetings(Callers):
    def holder(self, reference: str | None) -> Meeting | None:
        holders = (m for m in self.meetings.values() if not m.is_cancelled)
        return next(
            (m for m in holders if reference and m.values["external_reference"] == reference), None
        )

    def create(self, by: str, body: Mapping[str, Any], dry: bool, answer: Any) -> Verdict:
        values = {"description": None, "time_zone": "UTC", **body}
        guests = values.pop("invited_emails")
        emails = [values["organizer_email"], *guests]
        start, end = values["scheduled_start"], values["scheduled_end"]
        if not guests or len(set(emails)) < len(emails):
            return INVALID
        if start < text(self.time) or not is_span(start, end):
            return INVALID
        held = self.holder(values["external_reference"])
        if held is not None:
            is_same = set(held.emails) == set(emails) and all(
                held.values[name] == values[name] for name in CONTENT
            )
            if not is_same:
                return Verdict(409, "reference_taken", {"existing_id": held.id})
            return Verdict(204) if dry else Verdict(200, body=held.view())
        if dry:
            return Verdict(204)
        ids = [participant["id"] for participant in answer["participants"]]
        roles = ["organizer", *["guest" for _ in guests]]
        people = {
            id: {"id": id, "email": email, "role": role, "kind": None}
            for id, email, role in zip(ids, emails, roles, strict=True)
        }
        journal = [("meeting.created", by)]
        made = Meeting(answer["id"], values, people, text(self.time), by, journal)
        self.meetings[made.id] = made
        self.users.setdefault(emails[0], {"role": "external", "active": True})
        return Verdict(202, body=made.view())

    def change(
        self, by: str, meeting_id: str, patch: Mapping[str, Any], match: int | None, dry: bool
    ) -> Verdict:
        meeting = self.meetings.get(meeting_id)
        if meeting is None:
            return NO_MEETING
        if match not in (None, meeting.revision):
            return STALE
        values = {**meeting.values, **patch}
        start = values["scheduled_start"]
        is_moved = start != meeting.values["scheduled_start"]
        if not is_span(start, values["scheduled_end"]) or (is_moved and start < text(self.time)):
            return INVALID
        if meeting.is_cancelled:
            return OVER
        held = self.holder(values["external_reference"])
        if values != meeting.values and held not in (None, meeting):
            return Verdict(409, "reference_taken", {"existing_id": held.id if held else None})
        if dry:
            return Verdict(204)
        if values != meeting.values:
            meeting.values = values
            meeting.revise("meeting.changed", by)
        return Verdict(200, body=meeting.view())

    def cancel(
        self, by: str, meeting_id: str, reason: str | None, match: int | None = None
    ) -> Verdict:
        meeting = self.meetings.get(meeting_id)
        if meeting is None:
            return NO_MEETING
        if match not in (None, meeting.revision):
            return STALE
        if not meeting.is_cancelled:
            meeting.status, meeting.cancelled_by, meeting.cancel_reason = "CANCELLED", by, reason
            meeting.revise("meeting.cancelled", by)
        return Verdict(200, body=meeting.view())

    def retry(self, by: str, meeting_id: str) -> Verdict:
        meeting = self.meetings.get(meeting_id)
        if meeting is None:
            return NO_MEETING
        if meeting.calendar != "FAILED":
            return Verdict(409, "nothing_to_retry")
        meeting.calendar, meeting.attempts = "PENDING", 0
        meeting.note("meeting.retried", by)
        return Verdict(200, body=meeting.view())

    def sync(self, meeting_id: str) -> None:
        """What the mock Workspace makes of it: the beginning of the reference is its script."""
        meeting = self.meetings[meeting_id]
        if meeting.calendar != "PENDING":
            return
        reference = meeting.values["external_reference"] or ""
        is_over = meeting.values["scheduled_end"] <= text(self.time)
        if reference.startswith("sim-fail-forbidden-") or (
            is_over and not meeting.has_link and not meeting.is_cancelled
        ):
            outcome = "FAILED"
            meeting.calendar = "FAILED"
            meeting.attempts += 1
        elif reference.startswith("sim-transient-1-") and meeting.attempts < 1:
            outcome = "POSTPONED"
            meeting.attempts += 1
        else:
            outcome = "SYNCED"
            meeting.calendar = "SYNCED"
            if not meeting.is_cancelled:
                meeting.status, meeting.has_link = "SCHEDULED", True
        meeting.note(f"calendar.{outcome.lower()}", "sync_calendar")
