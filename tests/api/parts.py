"""Participants and recordings as tests make them and ask for them, and ids that none has."""

from typing import Any

from functions.models import Participant, Recording, RecordingState, Role, new_id
from tests.api.caller import MEETINGS, Answer, Api, content
from tests.values import NOW

STRANGE_IDS = ["x", "..", "F" * 32, "f" * 31, "f" * 33, "%00", "%F0%9F%92%A9", "f" * 32 + "%0A"]
FILE = "1A2b3C4d5E6f7G8h9I0j"
VIEW = f"https://drive.google.com/file/d/{FILE}/view"


def those(organizer: str, *guests: str) -> tuple[Participant, ...]:
    """Return whoever takes part, the organizer first."""
    roles = [Role.ORGANIZER, *(Role.GUEST for _ in guests)]
    return tuple(
        Participant(id=new_id(), email=email, role=role)
        for email, role in zip((organizer, *guests), roles, strict=True)
    )


def a_recording(**changes: Any) -> Recording:
    values = {"id": new_id(), "state": RecordingState.AVAILABLE, "drive_file_id": FILE, "url": VIEW}
    return Recording(**{**values, "created_at": NOW, **changes})


def people(meeting_id: str) -> str:
    return f"{MEETINGS}{meeting_id}/participants/"


def invite(api: Api, meeting_id: str, **body: Any) -> Answer:
    return api.send("POST", people(meeting_id), **content(body))


def found(api: Api, meeting_id: str, email: str) -> dict[str, Any]:
    listed = api.get(people(meeting_id)).json["results"]
    [one] = [participant for participant in listed if participant["email"] == email]
    return dict(one)


def one(api: Api, meeting_id: str, email: str) -> str:
    return f"{people(meeting_id)}{found(api, meeting_id, email)['id']}/"


def films(meeting_id: str) -> str:
    return f"{MEETINGS}{meeting_id}/recordings/"


def register(api: Api, meeting_id: str, **body: Any) -> Answer:
    sent = {"drive_file_id": FILE, **body}
    return api.send("POST", films(meeting_id), **content(sent))
