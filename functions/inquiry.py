"""Ask Google Meet and Drive what came of one meeting."""

from collections.abc import Callable, Set
from datetime import datetime
from functools import partial
from typing import TypeVar

from functions.errors import GoneError, PermanentError, RetryableError, UpstreamError
from functions.findings import described, with_conferences, with_recording, with_recordings
from functions.google_calls import GoogleCalls
from functions.hourly_warnings import HourlyWarnings
from functions.models import (
    ConferenceRecord,
    Meeting,
    Recording,
    RecordingReason,
    SettingOutcome,
    SpaceSettings,
)
from functions.models.looks import CLOSES_AFTER, CONFERENCES_LAST_AT_MOST, OPENS_BEFORE
from functions.ports import Drive, Meet

REASONS = {
    "delegation_missing": RecordingReason.SCOPE_MISSING,
    "delegation_not_used": RecordingReason.SCOPE_MISSING,
    "forbidden": RecordingReason.NO_PERMISSION,
}
"""What some codes of Google's failures mean where Meet or Drive is asked."""


ATTENDED_A_LOOK = 5
"""Of so many conferences a look asks who was there: it takes a call for each attendee."""

Told = TypeVar("Told")


def reason_of(error: UpstreamError) -> str:
    """Return the word for a failure that stands on the meeting."""
    return REASONS.get(error.code, error.code)


class Inquiry:
    """One time of asking: what is asked is noted, and what is not answered."""

    def __init__(
        self,
        meet: Meet,
        drive: Drive,
        space_settings: SpaceSettings,
        warnings: HourlyWarnings,
        now: datetime,
    ) -> None:
        self._meet = meet
        self._drive = drive
        self._space_settings = space_settings
        self._warnings = warnings
        self._now = now
        self._is_drive_out = False
        self.google = GoogleCalls()
        self.errors: list[UpstreamError] = []
        """Of what is told of recordings."""

        self.attendance_errors: list[UpstreamError] = []

    def ask(self, meeting: Meeting) -> Meeting:
        """Return the meeting with what Meet and Drive tell of it.

        What is not told of one conference, or one file, leaves the others; its error is kept.

        Raises:
            UpstreamError: Meet does not tell of any conference.
        """
        if meeting.livemode != self._meet.livemode:
            raise PermanentError(
                "livemode_changed", "The meeting was made in the other mode (mock or live)."
            )
        was_over = {c.name for c in meeting.conferences if c.ended_at is not None}
        meeting = self._with_conferences(self._with_prepared_room(self._with_space(meeting)))
        if self._now < meeting.scheduled_end:
            return meeting
        ended = [c.name for c in meeting.conferences if c.ended_at is not None]
        # Of a conference before the meeting was moved there may be a file still to come.
        awaited = [r.conference_record for r in meeting.recordings if r.is_awaited]
        for name in dict.fromkeys([*ended, *awaited]):
            meeting = self._with_recordings(meeting, name)
        for recording in meeting.recordings:
            if recording.is_googles and recording.drive_file_id is not None:
                meeting = with_recording(meeting, self._described(meeting, recording))
        return self._with_attendees(meeting, was_over)

    def _with_space(self, meeting: Meeting) -> Meeting:
        if meeting.space_name is not None:
            return meeting
        space_name = self.google.ask("spaces.get", lambda: self._meet.find_space(meeting))
        return meeting.replace(space_name=space_name)

    def _with_conferences(self, meeting: Meeting) -> Meeting:
        # One that is still ours may have begun a whole conference before the room opens.
        started_from = meeting.scheduled_start - OPENS_BEFORE - CONFERENCES_LAST_AT_MOST
        started_to = meeting.scheduled_end + CLOSES_AFTER
        listed = self.google.ask(
            "conferenceRecords.list",
            lambda: self._meet.list_conferences(meeting, started_from, started_to),
        )
        return with_conferences(meeting, listed, self._now)

    def _with_prepared_room(self, meeting: Meeting) -> Meeting:
        """Return the meeting with its room set up, each setting by itself."""
        wanted = self._space_settings
        if self._now >= meeting.scheduled_end:
            return meeting
        if wanted.access_type is not None and meeting.access_type is None:
            came_of_it = self._applied(meeting, SpaceSettings(access_type=wanted.access_type))
            meeting = meeting.replace(access_type=came_of_it)
        if wanted.auto_recording and meeting.auto_recording is None:
            came_of_it = self._applied(meeting, SpaceSettings(auto_recording=True))
            meeting = meeting.replace(auto_recording=came_of_it)
        return meeting

    def _applied(self, meeting: Meeting, settings: SpaceSettings) -> SettingOutcome | None:
        """Return what became of a setting; None where it is tried again, and no harm either way."""
        try:
            self.google.ask("spaces.patch", lambda: self._meet.apply_settings(meeting, settings))
        except RetryableError:
            raise
        except UpstreamError as error:
            self._warn(error, meeting)
            is_refused = reason_of(error) == RecordingReason.NO_PERMISSION
            return SettingOutcome.REFUSED if is_refused else None
        return SettingOutcome.APPLIED

    def _with_recordings(self, meeting: Meeting, name: str) -> Meeting:
        listed = self._told(
            meeting,
            "recordings.list",
            lambda: self._meet.list_recordings(meeting, name),
            self.errors,
        )
        return meeting if listed is None else with_recordings(meeting, name, listed, self._now)

    def _described(self, meeting: Meeting, recording: Recording) -> Recording:
        """Return the recording as Drive has it, or unchanged where Drive does not answer."""
        file_id = recording.drive_file_id
        if self._is_drive_out or file_id is None:
            return recording
        try:
            file = self.google.ask("files.get", lambda: self._drive.get_file(meeting, file_id))
        except GoneError:
            return described(recording, None, self._now)
        except UpstreamError as error:
            self._note(error, meeting, self.errors)
            is_for_all = reason_of(error) == RecordingReason.SCOPE_MISSING
            self._is_drive_out = is_for_all or isinstance(error, RetryableError)
            return recording
        return described(recording, file, self._now)

    def _with_attendees(self, meeting: Meeting, was_over: Set[str]) -> Meeting:
        """Ask who was there, at the look after the one that saw the conference ended.

        The first look is for the recording: it is what somebody waits for.
        """
        unknown = [c for c in meeting.conferences if c.attendees is None and c.name in was_over]
        known: dict[str, ConferenceRecord] = {}
        for conference in unknown[:ATTENDED_A_LOOK]:
            attendees = self._told(
                meeting,
                "participants.list",
                partial(self._meet.list_attendees, meeting, conference.name),
                self.attendance_errors,
            )
            known[conference.name] = conference.replace(attendees=attendees)
        conferences = tuple(known.get(c.name, c) for c in meeting.conferences)
        return meeting.replace(conferences=conferences)

    def _told(
        self,
        meeting: Meeting,
        method: str,
        call: Callable[[], Told],
        errors: list[UpstreamError],
    ) -> Told | None:
        """Return what Meet tells; None, and the error is noted, where it does not."""
        try:
            return self.google.ask(method, call)
        except GoneError:
            # Meet has forgotten the conference: what it told before is all there is.
            return None
        except UpstreamError as error:
            self._note(error, meeting, errors)
            return None

    def _note(self, error: UpstreamError, meeting: Meeting, errors: list[UpstreamError]) -> None:
        errors.append(error)
        if not isinstance(error, RetryableError):
            self._warn(error, meeting)

    def _warn(self, error: UpstreamError, meeting: Meeting) -> None:
        self._warnings.warn(reason_of(error), error.detail, meeting.id)
