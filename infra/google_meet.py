"""Google Meet: the room of a meeting, the conferences in it, who was there and what was recorded.

Nothing is tried twice here: the queue repeats what failed.
"""

import re
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from functions.errors import GoneError
from functions.models import (
    Attendee,
    ConferenceRecord,
    Meeting,
    MeetRecording,
    Session,
    SpaceSettings,
)
from infra.google_connections import Mailboxes
from infra.google_errors import SPACE_FORBIDDEN, UNREADABLE
from infra.google_meet_resources import (
    ID,
    conference,
    named_attendee,
    recording,
    session,
    space_name,
)
from infra.google_services import GoogleService, optional_text

READ_SCOPES = frozenset({"https://www.googleapis.com/auth/meetings.space.readonly"})
SETTINGS_SCOPES = frozenset({"https://www.googleapis.com/auth/meetings.space.settings"})
"""https://developers.google.com/workspace/meet/api/guides/authenticate-authorize"""

SERVICE_PATH = "/"
"""The version is in the paths of its methods."""

PAGE_SIZE = 100
ATTENDEES_PAGE_SIZE = 250
"""The largest that Google gives, of conferences and recordings, and of attendees and sessions."""

MAX_SESSION_LISTS = 50
"""For how many attendees of a conference Meet is asked for each of their sessions."""

MEETING_CODE = re.compile(ID)

Item = TypeVar("Item")


class GoogleMeet:
    """Meet v2 as the meeting's owner.

    Made without reading or sending anything; safe for any number of threads.
    """

    livemode = True

    def __init__(self, mailboxes: Mailboxes, endpoint: str | None = None) -> None:
        self._mailboxes = mailboxes
        self._service = GoogleService("meet", "v2", SERVICE_PATH, endpoint)

    def find_space(self, meeting: Meeting) -> str:
        code = meeting.meeting_code or ""
        if not MEETING_CODE.fullmatch(code):
            # The code of another provider's room is no part of a resource's name.
            raise SPACE_FORBIDDEN.error()
        request = self._service("spaces").get(name=f"spaces/{code}", fields="name")
        with _room_or_forbidden():
            return self._mailboxes.read(request, meeting, READ_SCOPES, space_name)

    def apply_settings(self, meeting: Meeting, settings: SpaceSettings) -> None:
        config = _config(settings)
        # By its name: the alias by which it can be read, its code, is refused here.
        request = self._service("spaces").patch(
            name=meeting.space_name,
            updateMask=",".join(config),
            body={"config": dict(ChainMap(*config.values()))},
            fields="name",
        )
        with _room_or_forbidden():
            self._mailboxes.read(request, meeting, SETTINGS_SCOPES, space_name)

    def list_conferences(
        self, meeting: Meeting, started_from: datetime, started_to: datetime
    ) -> tuple[ConferenceRecord, ...]:
        with _room_or_forbidden():
            found = self._list(
                meeting,
                self._service("conferenceRecords").list,
                "conferenceRecords",
                conference,
                filter=f'space.name = "{meeting.space_name}"'
                f' AND start_time>="{_timestamp(started_from)}"'
                f' AND start_time<="{_timestamp(started_to)}"',
                pageSize=PAGE_SIZE,
            )
        return tuple(sorted(found, key=lambda record: (record.started_at, record.name)))

    def list_recordings(
        self, meeting: Meeting, conference_record: str
    ) -> tuple[MeetRecording, ...]:
        # Meet orders these by their start, and everything else from the newest to the oldest.
        found = self._list(
            meeting,
            self._service("conferenceRecords", "recordings").list,
            "recordings",
            recording,
            parent=conference_record,
            pageSize=PAGE_SIZE,
        )
        return tuple(found)

    def list_attendees(self, meeting: Meeting, conference_record: str) -> tuple[Attendee, ...]:
        """Return who was in a conference, in the order of their coming, with their sessions.

        After the first MAX_SESSION_LISTS each has a single session, from their first coming to
        their last leaving: every other one costs a call.
        """
        found = self._list(
            meeting,
            self._service("conferenceRecords", "participants").list,
            "participants",
            named_attendee,
            parent=conference_record,
            pageSize=ATTENDEES_PAGE_SIZE,
        )
        found.sort(key=lambda named: (named[1].sessions[0].joined_at, named[0]))
        asked = [
            attendee.replace(sessions=self._sessions(meeting, name) or attendee.sessions)
            for name, attendee in found[:MAX_SESSION_LISTS]
        ]
        return (*asked, *(attendee for _, attendee in found[MAX_SESSION_LISTS:]))

    def _sessions(self, meeting: Meeting, participant: str) -> tuple[Session, ...]:
        found = self._list(
            meeting,
            self._service("conferenceRecords", "participants", "participantSessions").list,
            "participantSessions",
            session,
            parent=participant,
            pageSize=ATTENDEES_PAGE_SIZE,
        )
        return tuple(sorted(found, key=lambda stay: stay.joined_at))

    def _list(
        self,
        meeting: Meeting,
        method: Callable[..., Any],
        field: str,
        parse: Callable[[Mapping[str, Any]], Item],
        **parameters: Any,
    ) -> list[Item]:
        fields = (field, "nextPageToken")

        def page_of(answer: Mapping[str, Any]) -> tuple[list[Item], str | None]:
            # An empty list is an answer with nothing in it, for which no other may pass.
            if not answer.keys() <= set(fields):
                raise ValueError(field)
            items = [parse(resource) for resource in answer.get(field, [])]
            return items, optional_text(answer, "nextPageToken")

        found: list[Item] = []
        tokens: list[str] = []
        while True:
            request = method(
                **parameters, pageToken=tokens[-1] if tokens else None, fields=",".join(fields)
            )
            items, token = self._mailboxes.read(request, meeting, READ_SCOPES, page_of)
            found += items
            if not token:
                return found
            if token in tokens:
                raise UNREADABLE.error()
            tokens.append(token)


@contextmanager
def _room_or_forbidden() -> Iterator[None]:
    try:
        yield
    except GoneError as error:
        raise SPACE_FORBIDDEN.error() from error


def _timestamp(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _config(settings: SpaceSettings) -> dict[str, dict[str, Any]]:
    """Return the part of a room's `config` that each path of an update mask sets.

    https://developers.google.com/workspace/meet/api/reference/rest/v2/spaces#SpaceConfig
    """
    parts: dict[str, dict[str, Any]] = {}
    if settings.access_type is not None:
        parts["config.accessType"] = {"accessType": settings.access_type}
    if settings.auto_recording:
        path = "config.artifactConfig.recordingConfig.autoRecordingGeneration"
        recording_config = {"autoRecordingGeneration": "ON"}
        parts[path] = {"artifactConfig": {"recordingConfig": recording_config}}
    return parts
