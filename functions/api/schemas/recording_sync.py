"""What a caller may send to have Google asked for recordings, and what is answered."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from functions.api.fields import Bound, OneId
from functions.api.schemas.patch import UNSET
from functions.api.schemas.views import Id
from functions.errors import Fault, InvalidRequest
from functions.json_body import pointer

MAX_STARTED = 50
MAX_WINDOW = timedelta(days=31)
BOUNDS = ("scheduled_from", "scheduled_to")


def _describe(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        del field["default"]
    schema |= {
        "example": {
            "scheduled_from": "2030-12-01T00:00:00Z",
            "scheduled_to": "2030-12-02T00:00:00Z",
        },
        "minProperties": 1,
        "dependentRequired": {
            "scheduled_from": ["scheduled_to"],
            "scheduled_to": ["scheduled_from"],
            "cursor": ["scheduled_from"],
        },
        "not": {"required": ["meeting", "scheduled_from"]},
    }


class SyncRecordings(BaseModel):
    """One meeting, or all that start within a window."""

    model_config = ConfigDict(extra="forbid", defer_build=True, json_schema_extra=_describe)

    meeting: OneId = Field(UNSET, description="The meeting's id; alone.")
    scheduled_from: Bound = Field(UNSET, description="Starts then or later.")
    scheduled_to: Bound = Field(UNSET, description="Starts before; 31 days later at most.")
    cursor: str | None = Field(
        UNSET, description="From the answer before, for the same window; null: from its beginning."
    )

    def window(self) -> tuple[datetime, datetime] | None:
        """Return the window, or None for one meeting; raises InvalidRequest where it is neither."""
        sent = self.model_fields_set
        if "meeting" in sent:
            faults = [
                Fault(pointer(name), "ambiguous", "Name one meeting, or a window: not both.")
                for name in sorted(sent - {"meeting"})
            ]
        else:
            message = "Name a meeting, or a window by both of its bounds."
            faults = [Fault(pointer(n), "required", message) for n in BOUNDS if n not in sent]
        if not faults and "meeting" not in sent:
            faults = _faults_of_span(self.scheduled_from, self.scheduled_to)
        if faults:
            raise InvalidRequest(faults)
        return None if "meeting" in sent else (self.scheduled_from, self.scheduled_to)


def _faults_of_span(start: datetime, end: datetime) -> list[Fault]:
    if end < start:
        message = "It must not be before scheduled_from."
        return [Fault(pointer("scheduled_to"), "reversed_times", message)]
    if end - start > MAX_WINDOW:
        message = f"A window can be at most {MAX_WINDOW.days} days long."
        return [Fault(pointer("scheduled_to"), "too_long", message)]
    return []


class SyncStarted(BaseModel):
    """The meetings of which Google Meet is asked now."""

    model_config = ConfigDict(defer_build=True)

    started: list[Id]
    cursor: str | None = Field(
        description="There where the window has more: repeat the request with it."
    )
