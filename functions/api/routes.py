"""Every route of the API, in one table.

A view is named, not imported: its module is loaded by its first request, so that a function that
starts cold loads what that request needs and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

JSON = ("application/json", "application/problem+json")
ANY = ()
PREFIX = "/api/v1"


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    view: str
    """The module below `functions.api` and the function in it, which takes the services."""

    media_types: tuple[str, ...] = JSON
    """What it can answer with; a caller who accepts none of it gets 406. Empty: not asked."""

    def load(self) -> Callable[..., Any]:
        module, _, name = self.view.partition(".")
        view: Callable[..., Any] = getattr(import_module(f"functions.api.{module}"), name)
        return view


ROUTES = (
    Route("POST", f"{PREFIX}/meetings/", "meetings.create"),
    Route("GET", f"{PREFIX}/meetings/", "meetings.list_newest"),
    Route("GET", f"{PREFIX}/meetings/<meeting_id>/", "meetings.read"),
    Route("PATCH", f"{PREFIX}/meetings/<meeting_id>/", "meetings.change"),
    Route("DELETE", f"{PREFIX}/meetings/<meeting_id>/", "meetings.cancel"),
    Route("POST", f"{PREFIX}/meetings/<meeting_id>/retry/", "meetings.retry"),
    Route("GET", f"{PREFIX}/health/", "health.health"),
    Route("GET", f"{PREFIX}/ready/", "ready.ready"),
    Route("GET", f"{PREFIX}/schema/", "openapi.schema"),
    Route("GET", f"{PREFIX}/docs/", "pages.docs", ANY),
    Route("GET", f"{PREFIX}/redoc/", "pages.redoc", ANY),
    Route("GET", f"{PREFIX}/assets/<name>", "pages.asset", ANY),
    Route("GET", "/simulated-rooms/<meeting_code>/", "pages.room", ANY),
)
