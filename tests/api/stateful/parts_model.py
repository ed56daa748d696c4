"""What becomes of the participants and the recordings of meetings."""

from collections.abc import Mapping
from typing import Any

from tests.api.stateful.callers_model import Callers
from tests.api.stateful.meeting import text
from tests.api.stateful.verdicts import (
    NO_MEETING,
    NO_PARTICIPANT,
    NO_RECORDING,
    OVER,
    STALE,
    Verdict,
)


class Parts(Callers):
    def add(self, by: str, meeting_id: str, email: str, kind: str | None, answer: Any) -> Verdict:
        meeting = self.meetings.get(meeting_id)
        if meeting is None:
            return NO_MEETING
        if email in meeting.emails:
            return Verdict(409, "participant_exists")
        if meeting.is_cancelled:
            return OVER
        person = {"id": answer["id"], "email": email, "role": "guest", "kind": kind}
        meeting.people[answer["id"]] = person
        meeting.revise("participant.added", by)
        return Verdict(201, body={**person, "meeting": meeting_id})

    def change_person(
        self,
        by: str,
        meeting_id: str,
        person_id: str,
        patch: Mapping[str, Any] | None,
        match: Mapping[str, Any] | None,
    ) -> Verdict:
        """Change or, where the patch is None, remove a participant."""
        meeting = self.meetings.get(meeting_id)
        if meeting is None:
            return NO_MEETING
        person = meeting.people.get(person_id)
        if person is None:
            return NO_PARTICIPANT
        if match not in (None, person):
            return STALE
        if person["role"] == "organizer":
            return Verdict(409, "organizer_required")
        changed = {**person, **(patch or {})}
        others = [p["email"] for p in meeting.people.values() if p is not person]
        if patch is not None and changed["email"] in others:
            return Verdict(409, "participant_exists")
        if meeting.is_cancelled:
            return OVER
        if patch is None:
            del meeting.people[person_id]
            meeting.revise("participant.removed", by)
            return Verdict(204)
        meeting.people[person_id] = changed
        if changed["email"] != person["email"]:
            meeting.revise("participant.changed", by)
        elif changed != person:
            meeting.note("participant.changed", by)
        return Verdict(200, body={**changed, "meeting": meeting_id})

    def register(self, by: str, meeting_id: str, body: Mapping[str, Any], answer: Any) -> Verdict:
        meeting = self.meetings.get(meeting_id)
        if meeting is None:
            return NO_MEETING
        if any(r["drive_file_id"] == body["drive_file_id"] for r in meeting.recordings.values()):
            return Verdict(409, "recording_exists")
        made = {**body, "id": answer["id"], "created_at": text(self.time), "registered_by": by}
        meeting.recordings[answer["id"]] = made
        meeting.note("recording.registered", by)
        return Verdict(201, body={**made, "available": body["state"] == "AVAILABLE"})

    def change_recording(
        self, by: str, meeting_id: str, recording_id: str, patch: Mapping[str, Any] | None
    ) -> Verdict:
        """Change or, where the patch is None, remove a recording."""
        meeting = self.meetings.get(meeting_id)
        if meeting is None:
            return NO_MEETING
        recording = meeting.recordings.get(recording_id)
        if recording is None:
            return NO_RECORDING
        if patch is None:
            del meeting.recordings[recording_id]
            meeting.note("recording.removed", by)
            return Verdict(204)
        changed = {**recording, **patch}
        meeting.recordings[recording_id] = changed
        if changed != recording:
            meeting.note("recording.changed", by)
        return Verdict(200, body=changed)

    def newest_recording(self, by: str, meeting_id: str) -> Verdict:
        meeting = self.seen(by, meeting_id)
        if meeting is None:
            return NO_MEETING
        if meeting.has_recording:
            newest = max(
                r["created_at"] for r in meeting.recordings.values() if r["state"] == "AVAILABLE"
            )
            return Verdict(200, body={"available": True, "created_at": newest})
        return Verdict(404, "recording_absent" if meeting.is_cancelled else "recording_pending")
