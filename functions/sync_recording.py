"""Make the record of one meeting match Google Meet's: did it take place, and what was recorded.

One worker at a time is the rule and two at once are harmless: everything is found by Google's own
names, and what one of them saves first makes the other begin again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from functions import measurements
from functions.errors import ConcurrentChange, RetryableError, UpstreamError
from functions.evidence import Problem, judged, unanswered
from functions.findings import with_recording
from functions.hourly_warnings import HourlyWarnings
from functions.inquiry import Inquiry, reason_of
from functions.look_entries import entry_of
from functions.models import (
    EntryKind,
    Meeting,
    Recording,
    RecordingSyncState,
    SpaceSettings,
    StoredMeeting,
)
from functions.ports import Drive, FollowUp, Meet, MeetingStore
from functions.tracing import current_request_id

ROUNDS = 6
"""How often a look that lost a race reads again before it leaves the rest to the queue."""

FOLLOW_UPS_AT_MOST = timedelta(seconds=30)
"""Nothing more is begun with a recording then: the task has a deadline."""


@dataclass(frozen=True)
class RecordingSynchronizer:
    store: MeetingStore
    meet: Meet
    drive: Drive
    warnings: HourlyWarnings
    now: Callable[[], datetime]
    follow_ups: tuple[FollowUp, ...] = ()
    space_settings: SpaceSettings = SpaceSettings()
    """What every room is given before its meeting."""

    def sync(self, meeting_id: str) -> Meeting:
        """Look at the meeting unless all is known of it, and record what was found; idempotent.

        A failure that is no matter of waiting a little is an outcome.

        Raises:
            MeetingNotFound: there is no such meeting.
            RetryableError: try again soon.
        """
        for _ in range(ROUNDS):
            stored = self.store.get(meeting_id)
            if stored.meeting.recording_sync.due_at is None or stored.meeting.meeting_code is None:
                return stored.meeting
            try:
                return _Look(self, stored).run()
            except ConcurrentChange:
                continue
        raise RetryableError("contended", "The meeting changes faster than it can be looked at.")


class _Look:
    """One look at the meeting as it was read; `stored` follows what the look itself saves."""

    def __init__(self, synchronizer: RecordingSynchronizer, stored: StoredMeeting) -> None:
        self._synchronizer = synchronizer
        self._now = synchronizer.now()
        self._stored = stored
        self._errors: list[UpstreamError] = []
        self._lesser_errors: list[UpstreamError] = []
        """Of what no recording depends on."""

        self._is_out_of_time = False
        self._inquiry = Inquiry(
            synchronizer.meet,
            synchronizer.drive,
            synchronizer.space_settings,
            synchronizer.warnings,
            self._now,
        )

    def run(self) -> Meeting:
        try:
            meeting = self._inquiry.ask(self._stored.meeting)
        except UpstreamError as error:
            problem = _problem(error)
            if problem.is_permanent:
                self._warn(error)
            self._save(unanswered(self._stored.meeting, self._now, problem))
            _raise_if_soon([error])
            return self._stored.meeting
        self._errors = self._inquiry.errors
        self._lesser_errors = self._inquiry.attendance_errors
        self._save(self._judged(meeting))
        self._follow_up()
        _raise_if_soon([*self._errors, *self._lesser_errors])
        if self._is_out_of_time:
            raise RetryableError("out_of_time", "The rest is done by the next attempt.")
        return self._stored.meeting

    def _judged(self, meeting: Meeting) -> Meeting:
        wanted = self._synchronizer.space_settings
        is_all_done = (
            not (self._errors or self._lesser_errors)
            and (wanted.access_type is None or meeting.access_type is not None)
            and (not wanted.auto_recording or meeting.auto_recording is not None)
            and all(
                follow_up.is_done(recording)
                for follow_up in self._synchronizer.follow_ups
                for recording in _found(meeting)
            )
        )
        problem = next(map(_problem, self._errors), None)
        if problem is None and self._lesser_errors:
            problem = Problem(reason_of(self._lesser_errors[0]), is_permanent=False)
        before = self._stored.meeting.recording_sync
        is_left = not is_all_done and before.state is RecordingSyncState.AVAILABLE
        if problem is None and is_left and before.reason is not None:
            # What hindered it at the look before stands until it is done.
            problem = Problem(before.reason, is_permanent=False)
        return judged(meeting, self._now, problem, is_all_done)

    def _follow_up(self) -> None:
        """Do what is to be done with each recording, one after the other, each saved by itself."""
        for follow_up in self._synchronizer.follow_ups:
            for recording in _found(self._stored.meeting):
                try:
                    self._advance(follow_up, recording)
                except UpstreamError as error:
                    # Tried again at the next look, in case somebody mends it.
                    self._lesser_errors.append(error)
                    if _problem(error).is_permanent:
                        self._warn(error)
        self._save(self._judged(self._stored.meeting))

    def _advance(self, follow_up: FollowUp, recording: Recording) -> None:
        while not follow_up.is_done(recording):
            if self._synchronizer.now() > self._now + FOLLOW_UPS_AT_MOST:
                self._is_out_of_time = True
                return
            part = partial(follow_up.advance, self._stored.meeting, recording)
            recording = self._inquiry.google.ask(follow_up.method, part)
            self._save(self._judged(with_recording(self._stored.meeting, recording)))

    def _warn(self, error: UpstreamError) -> None:
        self._synchronizer.warnings.warn(reason_of(error), error.detail, self._stored.meeting.id)

    def _save(self, meeting: Meeting) -> None:
        """Save the meeting with what the journal tells of it; what is the same is not saved."""
        if meeting == self._stored.meeting:
            return
        before = self._stored.meeting
        told = entry_of(before, meeting)
        entry = None
        if told is not None:
            kind, details = told
            meeting, entry = meeting.replace(updated_at=self._now).noting(
                kind,
                self._now,
                "sync_recording",
                details=details,
                google_calls=tuple(self._inquiry.google.made),
                request_id=current_request_id(),
            )
            self._inquiry.google.made.clear()
        self._stored = self._synchronizer.store.save(self._stored, meeting, entry)
        if _outcome(meeting) != _outcome(before):
            measurements.recording_state(meeting)
        if entry is not None and entry.kind is EntryKind.RECORDINGS_EXPIRING:
            measurements.records_expiring(meeting)


def _outcome(meeting: Meeting) -> tuple[str, str | None]:
    return meeting.recording_sync.state, meeting.recording_sync.reason


def _problem(error: UpstreamError) -> Problem:
    return Problem(reason_of(error), is_permanent=not isinstance(error, RetryableError))


def _raise_if_soon(errors: list[UpstreamError]) -> None:
    """Raise the first error, if any, for which the queue shall try again soon."""
    for error in errors:
        if isinstance(error, RetryableError) and error.delay is None:
            raise error


def _found(meeting: Meeting) -> list[Recording]:
    """Return the recordings that can be watched and that Meet told of: no other's file is ours."""
    return [r for r in meeting.recordings if r.available and r.is_googles]
