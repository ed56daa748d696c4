"""Every route of the API, and who may take it, in one table.

A view is named, not imported: its module is loaded by its first request, so that a function that
starts cold loads what that request needs and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from functions.roles import UserRole

JSON = ("application/json", "application/problem+json")
ANY = ()

PREFIX = "/api/v1"
MEETING = f"{PREFIX}/meetings/<meeting_id>"

ANYBODY = None
"""Also without a token."""

EVERY_USER = frozenset(UserRole)
STAFF = frozenset({UserRole.ADMIN, UserRole.SERVICE})
ADMINS = frozenset({UserRole.ADMIN})


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    view: str
    """The module below `functions.api` and the function in it, which takes the services."""

    roles: frozenset[UserRole] | None
    media_types: tuple[str, ...] = JSON
    """What it can answer with; a caller who accepts none of it gets 406. Empty: not asked."""

    def load(self) -> Callable[..., Any]:
        module, _, name = self.view.partition(".")
        view: Callable[..., Any] = getattr(import_module(f"functions.api.{module}"), name)
        return view


ROUTES = (
    Route("POST", f"{PREFIX}/meetings/", "meetings.create", STAFF),
    Route("GET", f"{PREFIX}/meetings/", "meeting_list.read", EVERY_USER),
    Route("POST", f"{PREFIX}/meetings:batchCreate/", "batch.create", STAFF),
    Route("POST", f"{PREFIX}/meetings:batchCancel/", "batch.cancel", STAFF),
    Route("GET", f"{MEETING}/", "meetings.read", EVERY_USER),
    Route("PATCH", f"{MEETING}/", "meetings.change", STAFF),
    Route("DELETE", f"{MEETING}/", "meetings.cancel", STAFF),
    Route("POST", f"{MEETING}/retry/", "meetings.retry", STAFF),
    Route("GET", f"{MEETING}/timeline/", "timeline.read", STAFF),
    Route("GET", f"{MEETING}/attendance/", "attendance.read", STAFF),
    Route("GET", f"{MEETING}/participants/", "participants.list_of_meeting", EVERY_USER),
    Route("POST", f"{MEETING}/participants/", "participants.add", STAFF),
    Route("GET", f"{MEETING}/participants/<participant_id>/", "participants.read", EVERY_USER),
    Route("PATCH", f"{MEETING}/participants/<participant_id>/", "participants.change", STAFF),
    Route("DELETE", f"{MEETING}/participants/<participant_id>/", "participants.remove", STAFF),
    Route("GET", f"{PREFIX}/participants/", "participants.list_all", EVERY_USER),
    Route("GET", f"{MEETING}/recording/", "recordings.newest", EVERY_USER),
    Route("GET", f"{MEETING}/recordings/", "recordings.list_of_meeting", EVERY_USER),
    Route("POST", f"{MEETING}/recordings/", "recordings.register", STAFF),
    Route("GET", f"{MEETING}/recordings/<recording_id>/", "recordings.read", EVERY_USER),
    Route("PATCH", f"{MEETING}/recordings/<recording_id>/", "recordings.change", STAFF),
    Route("DELETE", f"{MEETING}/recordings/<recording_id>/", "recordings.remove", STAFF),
    Route("GET", f"{PREFIX}/recordings/", "recordings.list_all", EVERY_USER),
    Route("POST", f"{PREFIX}/recordings/sync/", "recording_sync.start", STAFF),
    Route("GET", f"{PREFIX}/users/", "users.list_all", ADMINS),
    Route("POST", f"{PREFIX}/users/", "users.create", ADMINS),
    Route("GET", f"{PREFIX}/users/me/", "users.me", EVERY_USER),
    Route("GET", f"{PREFIX}/users/<user_id>/", "users.read", ADMINS),
    Route("PATCH", f"{PREFIX}/users/<user_id>/", "users.change", ADMINS),
    Route("DELETE", f"{PREFIX}/users/<user_id>/", "users.remove", ADMINS),
    Route("GET", f"{PREFIX}/doctor/", "doctor.examine_all", ADMINS),
    Route("GET", f"{PREFIX}/health/", "health.health", ANYBODY),
    Route("GET", f"{PREFIX}/ready/", "ready.ready", ANYBODY),
    Route("GET", f"{PREFIX}/schema/", "openapi.schema", ANYBODY),
    Route("GET", f"{PREFIX}/docs/", "pages.docs", ANYBODY, ANY),
    Route("GET", f"{PREFIX}/redoc/", "pages.redoc", ANYBODY, ANY),
    Route("GET", f"{PREFIX}/assets/<name>", "pages.asset", ANYBODY, ANY),
    Route("GET", "/simulated-rooms/<meeting_code>/", "pages.room", ANYBODY, ANY),
)
