"""What this product may set up of a meeting's room, Google's space, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum


class AccessType(StrEnum):
    """Who enters the room without knocking.

    https://developers.google.com/workspace/meet/api/reference/rest/v2/spaces#AccessType
    """

    OPEN = "OPEN"
    TRUSTED = "TRUSTED"
    RESTRICTED = "RESTRICTED"


@dataclass(frozen=True)
class SpaceSettings:
    """What a room is given; the rest of its settings stays as it is."""

    access_type: AccessType | None = None
    auto_recording: bool = False

    @property
    def is_wanted(self) -> bool:
        return self != SpaceSettings()


class SettingOutcome(StrEnum):
    """What became of one setting that is wanted."""

    APPLIED = "APPLIED"
    REFUSED = "REFUSED"
