"""GET meetings/{id}/timeline/: who did what to a meeting, and when."""

from datetime import timedelta
from typing import Any

from functions.errors import RetryableError
from functions.models import EntryKind, UserRole
from tests.api.caller import END, MEETINGS, START, SYNC, Api, a_body, content
from tests.api.parts import FILE
from tests.api.reading import timeline
from tests.values import GUEST

NOT_OF_CALLERS = {
    EntryKind.MEETING_NOT_STARTED,
    EntryKind.MEETING_FINISHED,
    EntryKind.RECORDINGS_SYNCED,
    EntryKind.RECORDINGS_FAILED,
    EntryKind.RECORDINGS_EXPIRING,
    EntryKind.MEETING_RECONCILED,
}
"""What only Google's answers bring about, and what they show of a backup."""


def kinds(api: Api, meeting_id: str) -> list[str]:
    return [entry["kind"] for entry in timeline(api, meeting_id)]


def send(api: Api, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    answer = api.send(method, f"{MEETINGS}{path}", **(content(body) if body else {}))
    assert answer.status < 300
    return answer.json


class TestEntry:
    def test_of_the_creation_says_who_when_and_by_which_request(self, api: Api) -> None:
        api.identify(UserRole.SERVICE, "xoma@clinica.com")
        made = api.post(a_body(), headers={"X-Request-Id": "request-1"})

        assert timeline(api, made.json["id"]) == [
            {
                "sequence": 1,
                "kind": "meeting.created",
                "occurred_at": "2030-01-01T09:00:00Z",
                "by": "xoma@clinica.com",
                "revision": 1,
                "request_id": "request-1",
                "details": {},
                "google_calls": [],
            }
        ]

    def test_of_a_change_says_what_was_and_what_is(self, api: Api) -> None:
        meeting_id = api.make(external_reference="ref-1", description="Text")
        api.time += timedelta(minutes=1)
        body = {
            "scheduled_start": "2030-01-05T10:30:00+01:00",
            "scheduled_end": "2030-01-05T10:00:00Z",
            "time_zone": "Europe/Madrid",
            "summary": "Other",
            "description": None,
            "external_reference": "ref-2",
            "notify": "none",
        }

        api.patch(meeting_id, body, headers={"X-Request-Id": "request-2"})

        assert timeline(api, meeting_id)[1] == {
            "sequence": 2,
            "kind": "meeting.changed",
            "occurred_at": "2030-01-01T09:01:00Z",
            "by": "local@localhost",
            "revision": 2,
            "request_id": "request-2",
            "details": {
                "scheduled_start": {"from": START, "to": "2030-01-05T09:30:00Z"},
                "scheduled_end": {"from": END, "to": "2030-01-05T10:00:00Z"},
                "time_zone": {"from": "UTC", "to": "Europe/Madrid"},
                "summary": {"from": "Appointment", "to": "Other"},
                "description": {"from": "Text", "to": None},
                "external_reference": {"from": "ref-1", "to": "ref-2"},
                "notify": {"from": "all", "to": "none"},
            },
            "google_calls": [],
        }

    def test_of_a_change_leaves_out_what_was_sent_and_stayed(self, api: Api) -> None:
        meeting_id = api.make()

        api.patch(meeting_id, {"summary": "Appointment", "notify": "external"})

        assert timeline(api, meeting_id)[1]["details"] == {
            "notify": {"from": "all", "to": "external"}
        }

    def test_says_which_of_two_callers_it_was(self, api: Api) -> None:
        api.identify(UserRole.ADMIN, "admin@clinica.com")
        api.identify(UserRole.SERVICE, "xoma@clinica.com")
        meeting_id = api.make()
        api.email = "admin@clinica.com"
        api.delete(meeting_id)

        assert [entry["by"] for entry in timeline(api, meeting_id)] == [
            "xoma@clinica.com",
            "admin@clinica.com",
        ]


class TestKinds:
    def test_each_thing_that_can_happen_has_one(self, api: Api) -> None:
        meeting_id = api.make(
            external_reference="sim-fail-forbidden-1",
            scheduled_start="2030-01-01T09:00:00Z",
            scheduled_end="2030-01-01T10:00:00Z",
        )
        api.sync(meeting_id)
        send(api, "POST", f"{meeting_id}/retry/")
        send(api, "PATCH", f"{meeting_id}/", {"external_reference": "sim-transient-1-1"})
        api.sync(meeting_id)
        api.sync(meeting_id)
        guest = send(api, "POST", f"{meeting_id}/participants/", {"email": "a@x.com"})["id"]
        of_guest = f"{meeting_id}/participants/{guest}/"
        send(api, "PATCH", of_guest, {"email": "b@x.com", "kind": "staff"})
        send(api, "PATCH", of_guest, {"kind": "companion"})
        send(api, "DELETE", of_guest)
        file = {"drive_file_id": FILE}
        recording = send(api, "POST", f"{meeting_id}/recordings/", file)["id"]
        of_recording = f"{meeting_id}/recordings/{recording}/"
        send(api, "PATCH", of_recording, {"state": "MISSING"})
        send(api, "DELETE", of_recording)
        assert api.send("POST", SYNC, **content({"meeting": meeting_id})).status == 202
        send(api, "DELETE", f"{meeting_id}/", {"reason": "The doctor is ill."})

        entries = timeline(api, meeting_id)

        assert [(e["kind"], e["revision"], e["details"]) for e in entries] == [
            ("meeting.created", 1, {}),
            ("calendar.failed", 1, {"code": "forbidden"}),
            ("meeting.retried", 1, {}),
            (
                "meeting.changed",
                2,
                {"external_reference": {"from": "sim-fail-forbidden-1", "to": "sim-transient-1-1"}},
            ),
            ("calendar.postponed", 2, {"code": "google_unavailable"}),
            ("calendar.synced", 2, {}),
            ("participant.added", 3, {"participant_id": guest, "email": "a@x.com", "kind": None}),
            (
                "participant.changed",
                4,
                {
                    "participant_id": guest,
                    "email": {"from": "a@x.com", "to": "b@x.com"},
                    "kind": {"from": None, "to": "staff"},
                },
            ),
            (
                "participant.changed",
                4,
                {"participant_id": guest, "kind": {"from": "staff", "to": "companion"}},
            ),
            ("participant.removed", 5, {"participant_id": guest, "email": "b@x.com"}),
            ("recording.registered", 5, {"recording_id": recording, "state": "AVAILABLE"}),
            (
                "recording.changed",
                5,
                {"recording_id": recording, "state": {"from": "AVAILABLE", "to": "MISSING"}},
            ),
            ("recording.removed", 5, {"recording_id": recording}),
            ("recordings.requested", 5, {}),
            ("meeting.cancelled", 6, {"reason": "The doctor is ill."}),
        ]
        assert {entry["kind"] for entry in entries} == set(EntryKind) - NOT_OF_CALLERS
        assert [entry["sequence"] for entry in entries] == list(range(1, 16))
        assert all(entry["occurred_at"] == "2030-01-01T09:00:00Z" for entry in entries)


class TestOneEntryOneCommit:
    def test_what_is_refused_leaves_none(self, api: Api) -> None:
        other, meeting_id = api.make(external_reference="ref-1"), api.make()
        path = f"{MEETINGS}{meeting_id}/"
        organizer = api.get(path).json["participants"][0]["id"]

        refused = [
            api.patch(meeting_id, {"summary": ""}),
            api.patch(meeting_id, {"external_reference": "ref-1"}),
            api.patch(meeting_id, {"summary": "Other"}, headers={"If-Match": '"9-x"'}),
            api.delete(meeting_id, headers={"If-Match": '"9-x"'}),
            api.send("POST", f"{path}retry/"),
            api.send("POST", f"{path}participants/", **content({"email": GUEST})),
            api.send("DELETE", f"{path}participants/{organizer}/"),
            api.send("DELETE", f"{path}recordings/{'f' * 32}/"),
        ]

        assert [answer.status for answer in refused] == [400, 409, 412, 412, 409, 409, 409, 404]
        assert kinds(api, meeting_id) == ["meeting.created"]
        assert kinds(api, other) == ["meeting.created"]

    def test_what_cannot_be_stored_leaves_none(self, api: Api) -> None:
        meeting_id = api.make()
        api.store.write_error = RetryableError("firestore_unavailable", "away")

        assert api.patch(meeting_id, {"summary": "Other"}).status == 503
        assert api.delete(meeting_id).status == 503

        assert kinds(api, meeting_id) == ["meeting.created"]

    def test_what_changes_nothing_leaves_none(self, api: Api) -> None:
        meeting_id = api.make()
        api.delete(meeting_id)

        api.delete(meeting_id)

        assert kinds(api, meeting_id) == ["meeting.created", "meeting.cancelled"]

    def test_what_is_repeated_under_its_key_leaves_one(self, api: Api) -> None:
        headers = {"Idempotency-Key": "key-1"}
        made = [api.post(a_body(external_reference=None), headers=headers) for _ in range(2)]
        meeting_id = made[0].json["id"]
        headers = {"Idempotency-Key": "key-2"}
        for _ in range(2):
            assert api.patch(meeting_id, {"summary": "Other"}, headers=headers).status == 200

        assert kinds(api, meeting_id) == ["meeting.created", "meeting.changed"]

    def test_a_queue_that_is_away_does_not_keep_it_from_being_written(self, api: Api) -> None:
        meeting_id = api.make()
        api.queue.error = RetryableError("queue_unavailable", "away")

        api.patch(meeting_id, {"summary": "Other"})

        assert kinds(api, meeting_id) == ["meeting.created", "meeting.changed"]
