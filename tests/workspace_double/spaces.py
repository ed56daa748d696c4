"""Meet's spaces: the rooms that Calendar makes, and those that an app makes by itself."""

import copy
import hashlib
from dataclasses import dataclass, field
from typing import Any

from tests.workspace_double.errors import ApiError

Resource = dict[str, Any]

# What a space has until somebody sets it (the discovery document, SpaceConfig).
_DEFAULTS: Resource = {
    "accessType": "TRUSTED",
    "entryPointAccess": "ALL",
    "moderation": "OFF",
    "artifactConfig": {
        "recordingConfig": {"autoRecordingGeneration": "OFF"},
        "transcriptionConfig": {"autoTranscriptionGeneration": "OFF"},
        "smartNotesConfig": {"autoSmartNotesGeneration": "OFF"},
    },
}


@dataclass
class Space:
    """One room; `config` is what was set of it. The app's own ones the `created` scope covers."""

    id: str
    code: str
    owner: str
    is_of_app: bool
    config: Resource = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"spaces/{self.id}"

    def resource(self, active_conference: str | None) -> Resource:
        shown: Resource = {
            "name": self.name,
            "meetingUri": f"https://meet.google.com/{self.code}",
            "meetingCode": self.code,
            "config": _over(_DEFAULTS, self.config),
        }
        if active_conference:
            shown["activeConference"] = {"conferenceRecord": active_conference}
        return shown

    def update(self, body: Resource, mask: str) -> None:
        """Set the paths of an update mask; a path that the body lacks goes back to its default."""
        changed = copy.deepcopy(self.config)
        for path in ["config"] if mask == "*" else mask.split(","):
            first, *names = path.split(".")
            if first != "config":
                raise ApiError(400, "badRequest", f"Invalid update_mask path: {path}")
            changed = _set(changed, names, _get(body, [first, *names]))
        self.config = changed


class Spaces:
    """All spaces, by name and by meeting code."""

    def __init__(self) -> None:
        self._spaces: list[Space] = []

    def add(self, owner: str, *, is_of_app: bool = False, config: Resource | None = None) -> Space:
        digest = hashlib.sha256(f"space {len(self._spaces)}".encode()).digest()
        letters = "".join(chr(ord("a") + byte % 26) for byte in digest[:10])
        space = Space(
            id=digest[10:16].hex().swapcase(),
            code=f"{letters[:3]}-{letters[3:7]}-{letters[7:]}",
            owner=owner,
            is_of_app=is_of_app,
            config=copy.deepcopy(config or {}),
        )
        self._spaces.append(space)
        return space

    def find(self, name: str) -> Space | None:
        """Find by `spaces/{space}`, which is case-sensitive and no alias."""
        return next((space for space in self._spaces if space.name == name), None)

    def find_by_code(self, code: str) -> Space | None:
        return next((space for space in self._spaces if space.code == code.lower()), None)


def _over(defaults: Resource, config: Resource) -> Resource:
    shown = copy.deepcopy(defaults)
    for name, value in config.items():
        below = shown.get(name)
        if isinstance(below, dict) and isinstance(value, dict):
            shown[name] = _over(below, value)
        else:
            shown[name] = value
    return shown


def _get(body: Resource, names: list[str]) -> Any:
    value: Any = body
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _set(config: Resource, names: list[str], value: Any) -> Resource:
    if not names:
        return copy.deepcopy(value or {})
    name, *rest = names
    if rest:
        return {**config, name: _set(config.get(name, {}), rest, value)}
    others = {n: v for n, v in config.items() if n != name}
    return others if value is None else {**others, name: copy.deepcopy(value)}
