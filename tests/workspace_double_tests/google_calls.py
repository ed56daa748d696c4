"""Calls to the double's Meet and Drive through Google's own client, and how they are refused."""

import json
from datetime import UTC, datetime
from typing import Any

from googleapiclient.errors import HttpError

from tests.workspace_double.double import SERVICE_ACCOUNT, WorkspaceDouble
from tests.workspace_double_tests.calendar_calls import DOCTOR

COLLEAGUE = "colleague@clinic.example"
SPACE_DENIED = "Permission denied on resource Space (or it might not exist)."
RECORD_DENIED = "Permission denied on resource ConferenceRecord (or it might not exist)."
LIST_RECORDS = "meet.conferenceRecords.list"
GET_FILE = "drive.files.get"
CREATE_PERMISSION = "drive.permissions.create"


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Tell a moment of the day on which the tests' clock starts, at 12:00."""
    return datetime(2026, 3, 2, hour, minute, second, tzinfo=UTC)


class Records:
    """Calls to Meet."""

    def __init__(self, client: Any) -> None:
        self.spaces = client.spaces()
        self.resource = client.conferenceRecords()

    def space(self, name_or_code: str) -> dict[str, Any]:
        return _run(self.spaces.get(name=f"spaces/{name_or_code.removeprefix('spaces/')}"))

    def patch(self, name: str, mask: str, **config: Any) -> dict[str, Any]:
        return _run(self.spaces.patch(name=name, updateMask=mask, body={"config": config}))

    def get(self, name: str) -> dict[str, Any]:
        return _run(self.resource.get(name=name))

    def page(self, filter: str | None = None, **parameters: Any) -> dict[str, Any]:
        return _run(self.resource.list(filter=filter, **parameters))

    def names(self, filter: str | None = None, **parameters: Any) -> list[str]:
        page = self.page(filter, **parameters)
        return [record["name"] for record in page.get("conferenceRecords", [])]

    def participants(self, parent: str, **parameters: Any) -> dict[str, Any]:
        return _run(self.resource.participants().list(parent=parent, **parameters))

    def sessions(self, parent: str, **parameters: Any) -> dict[str, Any]:
        sessions = self.resource.participants().participantSessions()
        return _run(sessions.list(parent=parent, **parameters))

    def recordings(self, parent: str, **parameters: Any) -> dict[str, Any]:
        return _run(self.resource.recordings().list(parent=parent, **parameters))


class DriveFiles:
    """Calls to Drive, with the parameter that every one needs."""

    def __init__(self, client: Any) -> None:
        self.resource = client.files()
        self.permissions = client.permissions()

    def get(self, file_id: str, fields: str | None = "*") -> dict[str, Any]:
        return _run(self.resource.get(fileId=file_id, fields=fields, supportsAllDrives=True))

    def share(self, file_id: str, fields: str | None = None, **parts: Any) -> dict[str, Any]:
        parameters = {"fields": fields, "sendNotificationEmail": parts.pop("notify", False)}
        if parameters["sendNotificationEmail"] is None:
            del parameters["sendNotificationEmail"]
        body = {"type": "user", "role": "reader", **parts}
        return _run(
            self.permissions.create(fileId=file_id, body=body, supportsAllDrives=True, **parameters)
        )

    def shares(self, file_id: str, fields: str | None = "*", **parameters: Any) -> dict[str, Any]:
        return _run(
            self.permissions.list(
                fileId=file_id, fields=fields, supportsAllDrives=True, **parameters
            )
        )

    def readers(self, file_id: str) -> set[str]:
        permissions = self.shares(file_id)["permissions"]
        return {p["emailAddress"] for p in permissions if p["role"] == "reader"}


class Denial:
    """`with Denial(403, "PERMISSION_DENIED"):` the call to Meet inside is refused just so."""

    def __init__(self, status: int, rpc_status: str, message: str = "") -> None:
        self.expected = (status, status, rpc_status)
        self.message = message

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> bool:
        assert isinstance(error, HttpError), f"expected a refusal, found {error!r}"
        content = json.loads(error.content)["error"]
        assert (error.status_code, content["code"], content["status"]) == self.expected
        assert self.message in content["message"]
        return True


def token(double: WorkspaceDouble, *scopes: str, user: str = DOCTOR) -> dict[str, str]:
    """Make the header of a caller with just these scopes."""
    return {"Authorization": f"Bearer {double.oauth.issue(user, SERVICE_ACCOUNT, scopes)}"}


def _run(request: Any) -> dict[str, Any]:
    answer: dict[str, Any] = request.execute()
    return answer
