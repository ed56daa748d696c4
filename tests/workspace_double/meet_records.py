"""What hangs on a conference record: participants, their sessions, recordings."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.workspace_double import meet_filter
from tests.workspace_double.directory import user_id
from tests.workspace_double.formats import format_precisely, parse_date_time
from tests.workspace_double.gateway import ApiCall, Handler
from tests.workspace_double.held import Attendee, Conference
from tests.workspace_double.meet import Meet, not_found
from tests.workspace_double.pages import Pages

Resource = dict[str, Any]

_PREFIX = "meet.conferenceRecords"
_SESSIONS = f"{_PREFIX}.participants.participantSessions"
# Said in the descriptions of both methods: totalSize comes only when `fields` names it.
DEFAULT_FIELDS = {
    f"{_PREFIX}.participants.list": "participants,nextPageToken",
    f"{_SESSIONS}.list": "participantSessions,nextPageToken",
}


class MeetRecords:
    """Lists and single resources below the records that a caller may see."""

    def __init__(self, meet: Meet, now: Callable[[], datetime]) -> None:
        self._meet = meet
        self._now = now
        self._pages = Pages()

    def handlers(self) -> dict[str, Handler]:
        return {
            f"{_PREFIX}.participants.get": self.get_participant,
            f"{_PREFIX}.participants.list": self.list_participants,
            f"{_SESSIONS}.get": self.get_session,
            f"{_SESSIONS}.list": self.list_sessions,
            f"{_PREFIX}.recordings.get": self.get_recording,
            f"{_PREFIX}.recordings.list": self.list_recordings,
        }

    def get_participant(self, call: ApiCall) -> Resource:
        return _named(self._participants(call, "name"), call.parameters["name"])

    def list_participants(self, call: ApiCall) -> Resource:
        matches = meet_filter.parse(
            call.parameters.get("filter", ""),
            {"earliest_start_time": "time", "latest_end_time": "time"},
        )
        found = [
            participant
            for participant in self._participants(call, "parent")
            if matches(
                {
                    "earliest_start_time": _instant(participant, "earliestStartTime"),
                    "latest_end_time": _instant(participant, "latestEndTime"),
                }
            )
        ]
        page, token = self._pages.cut(call, found, default=100, maximum=250)
        listed = {"participants": page} if page else {}
        return {**listed, **token, "totalSize": len(found)}

    def get_session(self, call: ApiCall) -> Resource:
        return _named(self._sessions(call, "name"), call.parameters["name"])

    def list_sessions(self, call: ApiCall) -> Resource:
        matches = meet_filter.parse(
            call.parameters.get("filter", ""), {"start_time": "time", "end_time": "time"}
        )
        found = [
            session
            for session in self._sessions(call, "parent")
            if matches(
                {
                    "start_time": _instant(session, "startTime"),
                    "end_time": _instant(session, "endTime"),
                }
            )
        ]
        page, token = self._pages.cut(call, found, default=100, maximum=250)
        return {**({"participantSessions": page} if page else {}), **token}

    def get_recording(self, call: ApiCall) -> Resource:
        return _named(self._recordings(call, "name"), call.parameters["name"])

    def list_recordings(self, call: ApiCall) -> Resource:
        found = self._recordings(call, "parent")
        page, token = self._pages.cut(call, found, default=10, maximum=100)
        return {**({"recordings": page} if page else {}), **token}

    def _conference(self, call: ApiCall, parameter: str) -> Conference:
        parts = call.parameters[parameter].split("/")
        return self._meet.visible(call, "/".join(parts[:2]))

    def _participants(self, call: ApiCall, parameter: str) -> list[Resource]:
        conference = self._conference(call, parameter)
        return [
            self._participant(conference, attendee)
            for attendee in _present(conference, self._now())
        ]

    def _participant(self, conference: Conference, attendee: Attendee) -> Resource:
        sessions = conference.sessions(attendee, self._now())
        who = {"displayName": attendee.display_name}
        if attendee.email:
            who["user"] = f"users/{user_id(attendee.email)}"
        shown: Resource = {
            "name": _participant_name(conference, attendee),
            attendee.kind: who,
            "earliestStartTime": format_precisely(sessions[0][0]),
        }
        ends = [end for _, end in sessions if end]
        if len(ends) == len(sessions):
            shown["latestEndTime"] = format_precisely(max(ends))
        return shown

    def _sessions(self, call: ApiCall, parameter: str) -> list[Resource]:
        conference = self._conference(call, parameter)
        owner = "/".join(call.parameters[parameter].split("/")[:4])
        for attendee in _present(conference, self._now()):
            if _participant_name(conference, attendee) == owner:
                sessions = conference.sessions(attendee, self._now())
                shown = [_session(owner, n, *session) for n, session in enumerate(sessions)]
                return shown[::-1]
        raise not_found()

    def _recordings(self, call: ApiCall, parameter: str) -> list[Resource]:
        recordings = self._conference(call, parameter).recordings
        begun = [recording for recording in recordings if recording.started <= self._now()]
        begun.sort(key=lambda recording: (recording.started, recording.name))
        return [recording.resource(self._now()) for recording in begun]


def _present(conference: Conference, now: datetime) -> list[Attendee]:
    """Tell who has come so far, the last to come first."""
    present = [a for a in conference.attendees if conference.sessions(a, now)]
    return sorted(present, key=lambda a: conference.sessions(a, now)[0][0], reverse=True)


def _participant_name(conference: Conference, attendee: Attendee) -> str:
    number = conference.attendees.index(attendee)
    digest = hashlib.sha256(f"{conference.id} {number}".encode()).hexdigest()
    return f"{conference.name}/participants/{int(digest[:16], 16)}"


def _session(participant: str, number: int, joined: datetime, left: datetime | None) -> Resource:
    shown = {
        "name": f"{participant}/participantSessions/{number + 1}",
        "startTime": format_precisely(joined),
    }
    return {**shown, "endTime": format_precisely(left)} if left else shown


def _named(resources: list[Resource], name: str) -> Resource:
    for resource in resources:
        if resource["name"] == name:
            return resource
    raise not_found()


def _instant(resource: Resource, name: str) -> datetime | None:
    return parse_date_time(resource[name]) if name in resource else None
