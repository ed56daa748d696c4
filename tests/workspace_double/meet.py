"""Google Meet v2: spaces and conference records, as the acting user may see them.

Not played: members, transcripts, smart notes, endActiveConference.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.workspace_double import meet_filter
from tests.workspace_double.contract import Demands
from tests.workspace_double.directory import Directory
from tests.workspace_double.errors import ApiError
from tests.workspace_double.gateway import ApiCall, Handler
from tests.workspace_double.held import Attendee, Conference
from tests.workspace_double.pages import Pages
from tests.workspace_double.spaces import Resource, Space, Spaces

# Without a mask every field that the body happens to hold is set: a write says what it changes.
DEMANDS: Demands = {"meet.spaces.patch": {"updateMask": None}}

CREATED = "meetings.space.created"
READONLY = "meetings.space.readonly"
SETTINGS = "meetings.space.settings"

_FILTER: dict[str, meet_filter.Kind] = {
    "space.name": "text",
    "space.meeting_code": "code",
    "start_time": "time",
    "end_time": "time",
}


class Meet:
    """Spaces, and the conferences held in them."""

    def __init__(self, directory: Directory, spaces: Spaces, now: Callable[[], datetime]) -> None:
        self._directory = directory
        self._now = now
        self._pages = Pages()
        self._conferences: dict[str, Conference] = {}
        self.spaces = spaces

    def handlers(self) -> dict[str, Handler]:
        return {
            "meet.spaces.create": self.create_space,
            "meet.spaces.get": self.get_space,
            "meet.spaces.patch": self.patch_space,
            "meet.conferenceRecords.get": self.get_record,
            "meet.conferenceRecords.list": self.list_records,
        }

    def create_space(self, call: ApiCall) -> Resource:
        self._check_caller(call)
        config = call.body.get("config", {})
        self._check_config(call, config)
        return self._shown(self.spaces.add(call.user, is_of_app=True, config=config))

    def get_space(self, call: ApiCall) -> Resource:
        self._check_caller(call)
        name = call.parameters["name"]
        space = self.spaces.find(name) or self.spaces.find_by_code(name.partition("/")[2])
        if space is None or not self._may_see(call, space):
            raise _denied("Space")
        return self._shown(space)

    def patch_space(self, call: ApiCall) -> Resource:
        self._check_caller(call)
        # The alias is refused with the words of a missing permission (facts/google.md §3).
        space = self.spaces.find(call.parameters["name"])
        if space is None or not _is_owner(call, space) or not _may_set(call, space):
            raise _denied("Space")
        self._check_config(call, call.body.get("config", {}))
        space.update(call.body, call.parameters["updateMask"])
        return self._shown(space)

    def get_record(self, call: ApiCall) -> Resource:
        return self.visible(call, call.parameters["name"]).resource(self._now())

    def list_records(self, call: ApiCall) -> Resource:
        self._check_caller(call)
        matches = meet_filter.parse(call.parameters.get("filter", ""), _FILTER)
        found = [
            conference
            for conference in self._conferences.values()
            if conference.is_kept(self._now())
            and self._may_read(call, conference.space, [conference])
            and matches(_values(conference, self._now()))
        ]
        found.sort(key=lambda conference: (conference.started, conference.id), reverse=True)
        records = [conference.resource(self._now()) for conference in found]
        page, token = self._pages.cut(call, records, default=25, maximum=100)
        return {**({"conferenceRecords": page} if page else {}), **token}

    def visible(self, call: ApiCall, name: str) -> Conference:
        """Find a conference for a caller.

        Raises:
            ApiError: the caller may not see it, or there is none (any more).
        """
        self._check_caller(call)
        conference = self._conferences.get(name)
        if conference is None or not conference.is_kept(self._now()):
            raise not_found()
        if not self._may_read(call, conference.space, [conference]):
            raise _denied("ConferenceRecord")
        return conference

    def hold(
        self, code: str, start: datetime, end: datetime | None, attendees: list[Attendee]
    ) -> Conference:
        space = self.spaces.find_by_code(code)
        if space is None:
            raise KeyError(f"no space has the code {code}")
        digest = hashlib.sha256(f"conference {len(self._conferences)}".encode()).hexdigest()
        conference = Conference(digest[:24], space, start, end, attendees)
        self._conferences[conference.name] = conference
        return conference

    @property
    def conferences(self) -> list[Conference]:
        return list(self._conferences.values())

    def _check_caller(self, call: ApiCall) -> None:
        # Meet takes user authentication only (facts/google.md §3): a service account is no user.
        user = self._directory.find(call.user)
        if user is None or user.no_meet:
            raise ApiError(403, "forbidden", "The caller does not have permission")

    def _check_config(self, call: ApiCall, config: Resource) -> None:
        if "_UNSPECIFIED" in str(config):
            raise ApiError(400, "badRequest", "Request contains an invalid argument.")
        user = self._directory.find(call.user)
        recording = config.get("artifactConfig", {}).get("recordingConfig", {})
        # UNVERIFIED: how Google refuses an edition that cannot record.
        if user and user.no_recording and recording.get("autoRecordingGeneration") == "ON":
            raise ApiError(403, "forbidden", "The caller does not have permission")

    def _may_see(self, call: ApiCall, space: Space) -> bool:
        if call.has_scope(SETTINGS) and _is_owner(call, space):
            return True
        held = [c for c in self._conferences.values() if c.space is space]
        return self._may_read(call, space, held)

    def _may_read(self, call: ApiCall, space: Space, held: list[Conference]) -> bool:
        if not call.has_scope(READONLY) and not (call.has_scope(CREATED) and space.is_of_app):
            return False
        return _is_owner(call, space) or any(c.took_part(call.user, self._now()) for c in held)

    def _shown(self, space: Space) -> Resource:
        now = self._now()
        active = [
            conference.name
            for conference in self._conferences.values()
            if conference.space is space and conference.started <= now and not conference.end(now)
        ]
        return space.resource(active[-1] if active else None)


def not_found() -> ApiError:
    return ApiError(404, "notFound", "Requested entity was not found.")


def _denied(kind: str) -> ApiError:
    # Google's words for both; several repositories quote them for Space.
    message = f"Permission denied on resource {kind} (or it might not exist)."
    return ApiError(403, "forbidden", message)


def _is_owner(call: ApiCall, space: Space) -> bool:
    return call.user.lower() == space.owner.lower()


def _may_set(call: ApiCall, space: Space) -> bool:
    # The scopes' descriptions: `created` is for spaces of the app, `settings` for all.
    return call.has_scope(SETTINGS) or space.is_of_app


def _values(conference: Conference, now: datetime) -> dict[str, Any]:
    return {
        "space.name": conference.space.name,
        "space.meeting_code": conference.space.code,
        "start_time": conference.started,
        "end_time": conference.end(now),
    }
