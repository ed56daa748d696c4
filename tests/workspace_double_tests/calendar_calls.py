"""Calls to the double's Calendar through Google's own client, and how they are refused."""

from typing import Any

from googleapiclient.errors import HttpError

DOCTOR = "doctor@clinic.example"
NURSE = "nurse@clinic.example"
PATIENT = "patient@mail.example"
EVENT_ID = "m00001"
TOKEN = "oauth2.token"
INSERT = "calendar.events.insert"
LIST = "calendar.events.list"


class Events:
    """Calls with the parameters that every write needs."""

    def __init__(self, client: Any) -> None:
        self.resource = client.events()

    def insert(self, send_updates: str = "all", **fields: Any) -> dict[str, Any]:
        body = {"id": EVENT_ID, **times(15), **fields}
        return self._run(
            self.resource.insert(
                calendarId="primary",
                body={name: value for name, value in body.items() if value is not None},
                conferenceDataVersion=1,
                sendUpdates=send_updates,
            )
        )

    def patch(
        self, send_updates: str = "all", etag: str | None = None, **fields: Any
    ) -> dict[str, Any]:
        request = self.resource.patch(
            calendarId="primary",
            eventId=EVENT_ID,
            body=fields,
            conferenceDataVersion=1,
            sendUpdates=send_updates,
        )
        return self._run(request, etag)

    def delete(
        self, send_updates: str = "all", event_id: str = EVENT_ID, etag: str | None = None
    ) -> None:
        request = self.resource.delete(
            calendarId="primary", eventId=event_id, sendUpdates=send_updates
        )
        self._run(request, etag)

    def get(self, event_id: str = EVENT_ID, **parameters: Any) -> dict[str, Any]:
        return self._run(self.resource.get(calendarId="primary", eventId=event_id, **parameters))

    def list(self, **parameters: Any) -> dict[str, Any]:
        return self._run(self.resource.list(calendarId="primary", **parameters))

    def _run(self, request: Any, etag: str | None = None) -> dict[str, Any]:
        if etag:
            request.headers["If-Match"] = etag
        answer: dict[str, Any] = request.execute()
        return answer


def times(hour: int, time_zone: str = "UTC") -> dict[str, Any]:
    return {
        "start": {"dateTime": f"2026-03-05T{hour:02}:00:00Z", "timeZone": time_zone},
        "end": {"dateTime": f"2026-03-05T{hour:02}:45:00Z", "timeZone": time_zone},
    }


def attendees(*emails: str) -> list[dict[str, str]]:
    return [{"email": email} for email in emails]


def room_request(request_id: str, kind: str = "hangoutsMeet") -> dict[str, Any]:
    return {"createRequest": {"requestId": request_id, "conferenceSolutionKey": {"type": kind}}}


ROOM_REQUEST = room_request("r1")


class Refusal:
    """`with Refusal(409, "duplicate"):` the call inside is refused just so."""

    def __init__(self, status: int, reason: str, message: str = "") -> None:
        self.expected = (status, reason)
        self.message = message

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> bool:
        assert isinstance(error, HttpError), f"expected a refusal, found {error!r}"
        assert (error.status_code, error.error_details[0]["reason"]) == self.expected
        assert self.message in error.reason
        return True
