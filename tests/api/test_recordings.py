"""meetings/{id}/recordings/: what an operator registers, changes and forgets."""

from datetime import timedelta
from typing import Any

import pytest

from functions.models import Meeting, MeetingStatus
from tests.api.caller import MEETINGS, Api, content, faults
from tests.api.parts import FILE, VIEW, a_recording, films, register
from tests.values import a_meeting, put

AT_3, AT_4 = "2030-01-02T15:00:00Z", "2030-01-02T16:00:00Z"


def with_recordings(api: Api, number: int) -> Meeting:
    recordings = tuple(a_recording(drive_file_id=f"file-{index:010d}") for index in range(number))
    meeting = a_meeting(recordings=recordings)
    put(api.store.kept, meeting)
    return meeting


class TestRegister:
    def test_the_least_that_is_known(self, api: Api) -> None:
        meeting_id = api.make()
        api.time += timedelta(minutes=5)

        answer = register(api, meeting_id, duration_seconds=1800)

        assert answer.status == 201
        assert answer.json == {
            "id": answer.json["id"],
            "meeting": meeting_id,
            "state": "AVAILABLE",
            "available": True,
            "drive_file_id": FILE,
            "url": VIEW,
            "duration_seconds": 1800,
            "size_bytes": None,
            "started_at": None,
            "ended_at": None,
            "created_at": "2030-01-01T09:05:00Z",
            "registered_by": "local@localhost",
        }
        assert answer.headers["Location"] == (
            f"http://localhost{films(meeting_id)}{answer.json['id']}/"
        )
        again = api.get(answer.headers["Location"])
        assert again.json == answer.json
        assert again.headers["ETag"] == answer.headers["ETag"]

    def test_everything_that_can_be_known(self, api: Api) -> None:
        known = {
            "drive_file_id": "a" * 10,
            "url": "https://docs.google.com/file/d/other/view?usp=sharing",
            "state": "PROCESSING",
            "duration_seconds": 0,
            "size_bytes": 10**15,
            "started_at": AT_3,
            "ended_at": AT_4,
        }

        answer = register(api, api.make(), **known)

        assert answer.status == 201
        assert {name: answer.json[name] for name in known} == known

    @pytest.mark.parametrize(
        ("state", "is_available"), [("PROCESSING", False), ("AVAILABLE", True), ("MISSING", False)]
    )
    def test_each_state(self, api: Api, state: str, is_available: bool) -> None:
        answer = register(api, api.make(), state=state)

        assert (answer.json["state"], answer.json["available"]) == (state, is_available)

    def test_google_has_nothing_to_do_with_it(self, api: Api) -> None:
        meeting_id = api.make()
        api.sync(meeting_id)

        register(api, meeting_id)

        meeting = api.get(f"{MEETINGS}{meeting_id}/").json
        assert (meeting["revision"], meeting["calendar"]["state"]) == (1, "SYNCED")
        assert api.queue.names == [f"{meeting_id}-1"]

    @pytest.mark.parametrize("status", list(MeetingStatus))
    def test_a_meeting_of_any_status_can_have_one(self, api: Api, status: MeetingStatus) -> None:
        meeting = a_meeting(status=status)
        put(api.store.kept, meeting)

        assert register(api, meeting.id).status == 201

    def test_a_drive_file_is_one_recording_of_a_meeting(self, api: Api) -> None:
        meeting_id = api.make()
        register(api, meeting_id)

        again = register(api, meeting_id, state="MISSING", duration_seconds=5)
        other_case = register(api, meeting_id, drive_file_id=FILE.swapcase())
        elsewhere = register(api, api.make())

        assert (again.status, again.json["code"]) == (409, "recording_exists")
        assert other_case.status == 201
        assert elsewhere.status == 201
        assert len(api.get(films(meeting_id)).json["results"]) == 2

    def test_the_hundredth_is_the_last(self, api: Api) -> None:
        meeting = with_recordings(api, 99)

        last = register(api, meeting.id)
        more = register(api, meeting.id, drive_file_id="another-file")

        assert last.status == 201
        assert (more.status, more.json["code"]) == (409, "too_many_recordings")
        assert len(api.store.kept.get(meeting.id).meeting.recordings) == 100


class TestChange:
    @pytest.mark.parametrize(
        ("field", "sent", "kept"),
        [
            ("state", "MISSING", "MISSING"),
            ("url", "https://docs.google.com/x", "https://docs.google.com/x"),
            ("duration_seconds", 604_800, 604_800),
            ("duration_seconds", None, None),
            ("size_bytes", 0, 0),
            ("size_bytes", None, None),
            ("started_at", "2030-01-02T16:30:00+01:00", "2030-01-02T15:30:00Z"),
            ("started_at", None, None),
            ("ended_at", AT_3, AT_3),
            ("ended_at", None, None),
        ],
    )
    def test_one_field_alone(self, api: Api, field: str, sent: Any, kept: Any) -> None:
        meeting_id = api.make()
        known = {"duration_seconds": 60, "size_bytes": 7, "started_at": AT_3, "ended_at": AT_4}
        before = register(api, meeting_id, **known).json
        url = f"{films(meeting_id)}{before['id']}/"

        answer = api.send("PATCH", url, **content({field: sent}))

        assert answer.status == 200
        available = {"available": False} if field == "state" else {}
        assert answer.json == {**before, field: kept, **available}
        assert api.get(url).json == answer.json
        assert api.queue.names == [f"{meeting_id}-1"]

    @pytest.mark.parametrize("body", [{}, {"state": "AVAILABLE"}, {"size_bytes": None}])
    def test_what_changes_nothing_does_nothing(self, api: Api, body: dict[str, Any]) -> None:
        meeting_id = api.make()
        before = register(api, meeting_id).json
        api.store.asked.clear()

        answer = api.send("PATCH", f"{films(meeting_id)}{before['id']}/", **content(body))

        assert answer.json == before
        assert api.store.asked == ["get"]

    @pytest.mark.parametrize(
        ("stored", "body"),
        [
            ({"ended_at": AT_3}, {"started_at": AT_4}),
            ({"started_at": AT_4}, {"ended_at": AT_3}),
            ({"started_at": AT_3, "ended_at": AT_4}, {"ended_at": "2030-01-02T14:59:59Z"}),
            ({}, {"started_at": AT_4, "ended_at": AT_3}),
        ],
    )
    def test_it_can_not_end_before_the_start_that_is_stored(
        self, api: Api, stored: dict[str, str], body: dict[str, str]
    ) -> None:
        meeting_id = api.make()
        before = register(api, meeting_id, **stored).json
        url = f"{films(meeting_id)}{before['id']}/"

        answer = api.send("PATCH", url, **content(body))

        assert faults(answer) == [("/ended_at", "reversed_times")]
        assert api.get(url).json == before

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"state": None}, [("/state", "null")]),
            ({"url": None}, [("/url", "null")]),
            ({"url": "https://evil.example/"}, [("/url", "invalid_url")]),
            ({"drive_file_id": FILE}, [("/drive_file_id", "immutable")]),
            ({"id": "f" * 32}, [("/id", "immutable")]),
            ({"available": True}, [("/available", "immutable")]),
            ({"created_at": AT_3}, [("/created_at", "immutable")]),
            ({"registered_by": "x@y.es"}, [("/registered_by", "immutable")]),
            ({"meeting": "f" * 32}, [("/meeting", "immutable")]),
            ({"title": "x"}, [("/title", "unknown_field")]),
            (
                {"size_bytes": -1, "x": 1},
                [("/size_bytes", "out_of_range"), ("/x", "unknown_field")],
            ),
        ],
    )
    def test_every_fault_is_named_and_nothing_changes(
        self, api: Api, body: dict[str, Any], expected: list[tuple[str, str]]
    ) -> None:
        meeting_id = api.make()
        before = register(api, meeting_id).json
        url = f"{films(meeting_id)}{before['id']}/"

        assert faults(api.send("PATCH", url, **content(body))) == expected

        assert api.get(url).json == before


class TestForget:
    def test_it_is_there_no_more(self, api: Api) -> None:
        meeting_id = api.make()
        kept = register(api, meeting_id, drive_file_id="another-file").json
        url = f"{films(meeting_id)}{register(api, meeting_id).json['id']}/"

        answer = api.send("DELETE", url)

        assert answer.status == 204
        assert api.get(url).json["code"] == "recording_not_found"
        assert api.send("DELETE", url).json["code"] == "recording_not_found"
        assert api.get(films(meeting_id)).json["results"] == [kept]
        assert api.queue.names == [f"{meeting_id}-1"]

    def test_its_file_can_be_registered_again(self, api: Api) -> None:
        meeting_id = api.make()
        first = register(api, meeting_id).json
        api.send("DELETE", f"{films(meeting_id)}{first['id']}/")

        again = register(api, meeting_id)

        assert again.status == 201
        assert again.json["id"] != first["id"]
