"""One of each resource that has an ETag, and a change of it by somebody else."""

from dataclasses import dataclass
from typing import Any

from tests.api.accounts import EVA, create_user
from tests.api.caller import MEETINGS, USERS, Answer, Api, content
from tests.api.parts import films, one, register
from tests.values import GUEST

KINDS = ("meeting", "participant", "recording", "user")
CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "meeting": ({"summary": "Theirs"}, {"description": "Ours"}),
    "participant": ({"kind": "staff"}, {"kind": "companion"}),
    "recording": ({"duration_seconds": 5}, {"size_bytes": 6}),
    "user": ({"role": "service"}, {"active": False}),
}


@dataclass(frozen=True)
class Resource:
    api: Api
    path: str
    theirs: dict[str, Any]
    ours: dict[str, Any]

    def get(self, **headers: str) -> Answer:
        return self.api.get(self.path, headers=dashed(headers))

    def tag(self) -> str:
        return self.get().headers["ETag"]

    def patch(self, body: dict[str, Any], **headers: str) -> Answer:
        return self.api.send("PATCH", self.path, **content(body), headers=dashed(headers))

    def delete(self, **headers: str) -> Answer:
        return self.api.send("DELETE", self.path, headers=dashed(headers))

    def change_by_another(self) -> None:
        assert self.patch(self.theirs).status == 200


def dashed(headers: dict[str, str]) -> dict[str, str]:
    """Return headers by their names as HTTP has them."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


def make(api: Api, kind: str) -> Resource:
    meeting_id = api.make()
    theirs, ours = CHANGES[kind]
    if kind == "meeting":
        return Resource(api, f"{MEETINGS}{meeting_id}/", theirs, ours)
    if kind == "participant":
        return Resource(api, one(api, meeting_id, GUEST), theirs, ours)
    if kind == "recording":
        made = register(api, meeting_id).json
        return Resource(api, f"{films(meeting_id)}{made['id']}/", theirs, ours)
    user = create_user(api, EVA, "external").json
    return Resource(api, f"{USERS}{user['id']}/", theirs, ours)
