"""Google Meet as the mock Workspace has it."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from functions.errors import GoneError
from functions.models import (
    Attendee,
    AttendeeKind,
    ConferenceRecord,
    Meeting,
    MeetRecording,
    Session,
    SpaceSettings,
)
from functions.models.looks import RECORDS_KEPT_FOR
from infra.mock_workspace.appointment import (
    SimulatedConference,
    SimulatedRecording,
    conferences_of,
)
from infra.mock_workspace.scripts import Script, play_of


class MockMeet:
    livemode = False

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def find_space(self, meeting: Meeting) -> str:
        play_of(meeting).check(Script.MEET_FAIL)
        return f"spaces/{hashlib.sha256((meeting.meeting_code or '').encode()).hexdigest()[:16]}"

    def apply_settings(self, meeting: Meeting, settings: SpaceSettings) -> None:
        play_of(meeting).check(Script.MEET_FAIL)

    def list_conferences(
        self, meeting: Meeting, started_from: datetime, started_to: datetime
    ) -> tuple[ConferenceRecord, ...]:
        return tuple(
            ConferenceRecord(
                name=conference.name,
                started_at=conference.started_at,
                ended_at=self._if_past(conference.ended_at),
            )
            for conference in self._kept(meeting)
            if started_from <= conference.started_at <= started_to
        )

    def list_recordings(
        self, meeting: Meeting, conference_record: str
    ) -> tuple[MeetRecording, ...]:
        conference = self._conference(meeting, conference_record)
        now = self._now()
        return tuple(
            self._recording(meeting, recording)
            for recording in conference.recordings
            if recording.started_at <= now
        )

    def list_attendees(self, meeting: Meeting, conference_record: str) -> tuple[Attendee, ...]:
        conference = self._conference(meeting, conference_record)
        organizer = Attendee(
            display_name="Organizer",
            kind=AttendeeKind.SIGNED_IN,
            user=_user(meeting.organizer_email),
            sessions=(self._session(conference, conference.ended_at),),
        )
        if conference.guest_left_at is None:
            return (organizer,)
        guest = Attendee(
            display_name="Guest 1",
            kind=AttendeeKind.ANONYMOUS,
            sessions=(self._session(conference, conference.guest_left_at),),
        )
        return (organizer, guest)

    def _kept(self, meeting: Meeting) -> tuple[SimulatedConference, ...]:
        """Return the conferences that have begun and that Google still tells of."""
        play_of(meeting).check(Script.MEET_FAIL)
        now = self._now()
        return tuple(
            conference
            for conference in conferences_of(meeting)
            if conference.started_at <= now < conference.ended_at + RECORDS_KEPT_FOR
        )

    def _conference(self, meeting: Meeting, name: str) -> SimulatedConference:
        for conference in self._kept(meeting):
            if conference.name == name:
                return conference
        raise GoneError("deleted", "Google has deleted the conference record.")

    def _recording(self, meeting: Meeting, recording: SimulatedRecording) -> MeetRecording:
        is_generated = recording.ready_at is not None and recording.ready_at <= self._now()
        return MeetRecording(
            name=recording.name,
            is_generated=is_generated,
            drive_file_id=recording.drive_file_id if is_generated else None,
            # The room's page: it says that nothing here is real.
            url=f"{meeting.meet_link}#{recording.drive_file_id}" if is_generated else None,
            started_at=recording.started_at,
            ended_at=self._if_past(recording.ended_at),
        )

    def _session(self, conference: SimulatedConference, left_at: datetime) -> Session:
        return Session(joined_at=conference.started_at, left_at=self._if_past(left_at))

    def _if_past(self, instant: datetime) -> datetime | None:
        return instant if instant <= self._now() else None


def _user(email: str) -> str:
    """Return the same number for the same account, as Google does."""
    return f"users/{int(hashlib.sha256(email.encode()).hexdigest()[:16], 16):021d}"
