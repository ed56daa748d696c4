"""`events.list`: filters, order, pages and sync tokens."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tests.workspace_double.errors import ApiError
from tests.workspace_double.events import StoredEvent, instant_of
from tests.workspace_double.formats import parse_date_time

_NOT_PLAYED = ("q", "eventTypes")
# The discovery document, parameter syncToken.
_NOT_WITH_SYNC_TOKEN = (
    "iCalUID orderBy privateExtendedProperty q sharedExtendedProperty timeMin timeMax updatedMin"
).split()
_DEFAULT_PAGE, _MAX_PAGE = 250, 2500


def page(
    events: Iterable[StoredEvent], parameters: Mapping[str, Any], state: str
) -> tuple[list[StoredEvent], dict[str, str]]:
    """Choose the events of one page, and the token that leads on.

    `state` is `version.epoch` of the calendar now; a sync token carries one.

    Raises:
        ApiError: the parameters do not go together, or a token is not valid (any more).
    """
    for name in _NOT_PLAYED:
        if name in parameters:
            raise ApiError(501, "notImplemented", f"The double does not play {name}.")
    since = _sync_version(parameters, state)
    chosen = [event for event in events if _matches(event, parameters, since)]
    chosen.sort(key=_order(parameters))
    start = _page_start(parameters)
    stop = start + min(parameters.get("maxResults", _DEFAULT_PAGE), _MAX_PAGE)
    if stop < len(chosen):
        return chosen[start:stop], {"nextPageToken": f"page-{stop}"}
    return chosen[start:stop], {"nextSyncToken": f"sync-{state}"}


def _sync_version(parameters: Mapping[str, Any], state: str) -> int | None:
    if "syncToken" not in parameters:
        return None
    for name in _NOT_WITH_SYNC_TOKEN:
        if name in parameters:
            raise ApiError(400, "invalid", f"Sync token cannot be used with {name}.")
    match = re.fullmatch(r"sync-(\d+)\.(\d+)", parameters["syncToken"])
    if not match or match[2] != state.partition(".")[2]:
        raise ApiError(
            410,
            "fullSyncRequired",
            "Sync token is no longer valid, a full sync is required.",
            domain="calendar",
        )
    return int(match[1])


def _page_start(parameters: Mapping[str, Any]) -> int:
    match = re.fullmatch(r"page-(\d+)", parameters.get("pageToken", "page-0"))
    if not match:
        raise ApiError(400, "invalid", "Invalid page token value.")
    return int(match[1])


def _matches(event: StoredEvent, parameters: Mapping[str, Any], since: int | None) -> bool:
    if since is not None:
        return event.version > since
    if event.is_cancelled and not (parameters.get("showDeleted") or "updatedMin" in parameters):
        return False
    if parameters.get("iCalUID", f"{event.id}@google.com") != f"{event.id}@google.com":
        return False
    return _is_within(event, parameters) and _has_properties(event, parameters)


def _is_within(event: StoredEvent, parameters: Mapping[str, Any]) -> bool:
    bounds: dict[str, datetime | None] = {
        name: parse_date_time(parameters[name])
        for name in ("timeMin", "timeMax", "updatedMin")
        if name in parameters
    }
    start, end = instant_of(event.fields["start"]), instant_of(event.fields["end"])
    after, before, updated = (bounds.get(n) for n in ("timeMin", "timeMax", "updatedMin"))
    return (
        (after is None or end > after)
        and (before is None or start < before)
        and (updated is None or event.updated >= updated)
    )


def _has_properties(event: StoredEvent, parameters: Mapping[str, Any]) -> bool:
    kept = event.fields.get("extendedProperties", {})
    for visibility in ("private", "shared"):
        for wanted in parameters.get(f"{visibility}ExtendedProperty", []):
            key, _, value = wanted.partition("=")
            if kept.get(visibility, {}).get(key) != value:
                return False
    return True


def _order(parameters: Mapping[str, Any]) -> Any:
    order = parameters.get("orderBy")
    if order == "startTime":
        if not parameters.get("singleEvents"):
            raise ApiError(400, "invalid", "The requested ordering is not available.")
        return lambda event: (instant_of(event.fields["start"]), event.id)
    if order == "updated":
        return lambda event: (event.updated, event.id)
    return lambda event: event.id
