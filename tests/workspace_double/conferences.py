"""Google Meet rooms as Calendar makes them: asked for in a write, made now or later."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from tests.workspace_double.errors import ApiError

ConferenceData = dict[str, Any]
Outcome = Literal["success", "failure", "pending"]

_SOLUTION = {
    "key": {"type": "hangoutsMeet"},
    "name": "Google Meet",
    "iconUri": "https://fonts.gstatic.com/s/i/productlogos/meet_2020q4/v6/web-512dp/logo.png",
}


@dataclass
class PendingConference:
    """A room not made yet; `polls` reads still see it pending (None: for ever)."""

    polls: int | None
    then: Outcome


@dataclass
class _Script:
    outcome: Outcome
    polls: int | None
    then: Outcome
    user: str | None
    times: int


class Conferences:
    """Makes rooms as scripted, with the code that `new_room` gives; `rooms` is code → owner."""

    def __init__(self, new_room: Callable[[str], str]) -> None:
        self._new_room = new_room
        self.rooms: dict[str, str] = {}
        self._scripts: list[_Script] = []

    def script(
        self,
        outcome: Outcome,
        *,
        polls: int | None = None,
        then: Outcome = "success",
        user: str | None = None,
        times: int = 1,
    ) -> None:
        """Script the next `times` rooms (of a user, if given).

        A pending one stays so for `polls` reads of its event (None: for ever), `then` it is
        made or fails.
        """
        self._scripts.append(_Script(outcome, polls, then, user, times))

    def request(
        self, owner: str, current: ConferenceData | None, create_request: dict[str, Any]
    ) -> tuple[ConferenceData, PendingConference | None] | None:
        """Take a createRequest; None when Google ignores it and the conference stays as it is.

        A repeated requestId is ignored. So is a new one while the last is pending or made.
        """
        request_id = create_request.get("requestId")
        if not request_id:
            raise ApiError(400, "required", "Missing conference create request ID.")
        if current:
            last = current.get("createRequest", {})
            is_same = last.get("requestId") == request_id
            if is_same or _status(last) != "failure":
                return None
        script = self._next_script(owner)
        data = {
            "createRequest": {
                "requestId": request_id,
                "conferenceSolutionKey": {"type": "hangoutsMeet"},
                "status": {"statusCode": script.outcome},
            }
        }
        if script.outcome == "pending":
            return data, PendingConference(script.polls, script.then)
        self.settle(data, script.outcome, owner)
        return data, None

    def settle(self, data: ConferenceData, outcome: Outcome, owner: str) -> None:
        """Make the room, or fail to, in place."""
        data["createRequest"]["status"] = {"statusCode": outcome}
        if outcome != "success":
            return
        code = self._new_room(owner)
        self.rooms[code] = owner
        data["conferenceSolution"] = _SOLUTION
        data["conferenceId"] = code
        data["entryPoints"] = [
            {
                "entryPointType": "video",
                "uri": f"https://meet.google.com/{code}",
                "label": f"meet.google.com/{code}",
            }
        ]

    def _next_script(self, owner: str) -> _Script:
        for script in self._scripts:
            if script.user in (None, owner):
                script.times -= 1
                if script.times <= 0:
                    self._scripts.remove(script)
                return script
        return _Script("success", None, "success", None, 1)


def check_solution(create_request: dict[str, Any], *, meet_allowed: bool) -> None:
    """Refuse what the calendar cannot make (facts/google.md §2: accounts without Meet)."""
    wanted = create_request.get("conferenceSolutionKey", {}).get("type", "hangoutsMeet")
    if wanted != "hangoutsMeet" or not meet_allowed:
        raise ApiError(400, "invalid", "Invalid conference type value.")


def video_uri(data: ConferenceData | None) -> str | None:
    """Find the room's link, if there is a room."""
    for entry_point in (data or {}).get("entryPoints", []):
        if entry_point.get("entryPointType") == "video":
            return str(entry_point["uri"])
    return None


def _status(create_request: dict[str, Any]) -> str:
    return str(create_request.get("status", {}).get("statusCode", "success"))
