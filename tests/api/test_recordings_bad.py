"""Recordings that are refused, and ids that none has."""

from typing import Any

import pytest

from tests.api.caller import MEETINGS, Api, content, faults
from tests.api.parts import STRANGE_IDS, films, register

AT_3, AT_4 = "2030-01-02T15:00:00Z", "2030-01-02T16:00:00Z"


class TestBadBodies:
    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"drive_file_id": None}, [("/drive_file_id", "null")]),
            ({"drive_file_id": 5}, [("/drive_file_id", "wrong_type")]),
            ({"state": "DELETED"}, [("/state", "unknown_value")]),
            ({"state": "available"}, [("/state", "unknown_value")]),
            ({"state": None}, [("/state", "null")]),
            ({"duration_seconds": -1}, [("/duration_seconds", "out_of_range")]),
            ({"duration_seconds": 604_801}, [("/duration_seconds", "out_of_range")]),
            ({"duration_seconds": 1.5}, [("/duration_seconds", "wrong_type")]),
            ({"duration_seconds": "60"}, [("/duration_seconds", "wrong_type")]),
            ({"duration_seconds": True}, [("/duration_seconds", "wrong_type")]),
            ({"size_bytes": -1}, [("/size_bytes", "out_of_range")]),
            ({"size_bytes": 10**15 + 1}, [("/size_bytes", "out_of_range")]),
            ({"size_bytes": 10**40}, [("/size_bytes", "out_of_range")]),
            ({"started_at": "2030-01-02T15:00:00"}, [("/started_at", "naive_time")]),
            ({"started_at": "yesterday"}, [("/started_at", "invalid_time")]),
            ({"ended_at": 5}, [("/ended_at", "wrong_type")]),
            ({"started_at": AT_4, "ended_at": AT_3}, [("/ended_at", "reversed_times")]),
            ({"id": "f" * 32}, [("/id", "unknown_field")]),
            ({"available": True}, [("/available", "unknown_field")]),
            ({"registered_by": "x@y.es"}, [("/registered_by", "unknown_field")]),
            (
                {"drive_file_id": "x", "url": "x", "size_bytes": -1},
                [
                    ("/drive_file_id", "invalid_drive_file_id"),
                    ("/url", "invalid_url"),
                    ("/size_bytes", "out_of_range"),
                ],
            ),
        ],
    )
    def test_every_fault_is_named(
        self, api: Api, body: dict[str, Any], expected: list[tuple[str, str]]
    ) -> None:
        meeting_id = api.make()
        api.store.asked.clear()

        assert faults(register(api, meeting_id, **body)) == expected

        assert api.store.asked == []

    def test_the_drive_file_is_required(self, api: Api) -> None:
        answer = api.send("POST", films(api.make()), json={"duration_seconds": 5})

        assert faults(answer) == [("/drive_file_id", "required")]

    @pytest.mark.parametrize(
        "drive_file_id",
        ["", "a" * 9, "a" * 201, "a" * 10 + "/", "../" * 5, "a" * 10 + "\n", "ñ" * 12, "a b" * 5],
    )
    def test_what_is_no_id_of_a_drive_file(self, api: Api, drive_file_id: str) -> None:
        answer = register(api, api.make(), drive_file_id=drive_file_id)

        assert faults(answer) == [("/drive_file_id", "invalid_drive_file_id")]

    @pytest.mark.parametrize("drive_file_id", ["a" * 10, "a" * 200, "0-_" * 5])
    def test_the_form_of_an_id(self, api: Api, drive_file_id: str) -> None:
        answer = register(api, api.make(), drive_file_id=drive_file_id)

        assert answer.json["url"] == f"https://drive.google.com/file/d/{drive_file_id}/view"

    def test_it_may_end_the_moment_it_starts(self, api: Api) -> None:
        assert register(api, api.make(), started_at=AT_3, ended_at=AT_3).status == 201


class TestUrls:
    @pytest.mark.parametrize(
        "url",
        [
            "https://drive.google.com/file/d/x/view?usp=sharing#t=5",
            "https://docs.google.com/x",
            "https://drive.google.com/" + "a" * 1000,
        ],
    )
    def test_a_page_of_googles(self, api: Api, url: str) -> None:
        assert register(api, api.make(), url=url).json["url"] == url

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "x",
            "http://drive.google.com/file",
            "HTTPS://drive.google.com/file",
            "https://drive.google.com",
            "https://drive.google.com/",
            "https://drive.google.com.evil.example/file",
            "https://drive.google.com@evil.example/file",
            "https://drive.google.com:443/file",
            "https://evil.example/https://drive.google.com/file",
            "https://user@drive.google.com/file",
            "https://google.com/file",
            "https://meet.google.com/file",
            "https://driveXgoogle.com/file",
            " https://drive.google.com/file",
            "https://drive.google.com/a b",
            "https://drive.google.com/file\n",
            "https://drive.google.com/ñ",
            "https://drive.google.com/" + "a" * 1001,
            "javascript:alert(1)//https://drive.google.com/file",
        ],
    )
    def test_any_other_page(self, api: Api, url: str) -> None:
        assert faults(register(api, api.make(), url=url)) == [("/url", "invalid_url")]


class TestUnknown:
    @pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
    @pytest.mark.parametrize("recording_id", [*STRANGE_IDS, "f" * 32])
    def test_no_recording_has_this_id(self, api: Api, method: str, recording_id: str) -> None:
        meeting_id = api.make()
        register(api, meeting_id)
        body = content({"state": "MISSING"}) if method == "PATCH" else {}

        answer = api.send(method, f"{films(meeting_id)}{recording_id}/", **body)

        assert (answer.status, answer.json["code"]) == (404, "recording_not_found")

    def test_a_recording_of_another_meeting_is_not_of_this(self, api: Api) -> None:
        elsewhere = register(api, api.make()).json["id"]

        answer = api.send("DELETE", f"{films(api.make())}{elsewhere}/")

        assert answer.json["code"] == "recording_not_found"

    @pytest.mark.parametrize("meeting_id", [*STRANGE_IDS, "f" * 32])
    def test_no_meeting_has_this_id_and_a_strange_one_never_reaches_the_store(
        self, api: Api, meeting_id: str
    ) -> None:
        url = f"{films(meeting_id)}{'f' * 32}/"

        answers = [
            api.get(films(meeting_id)),
            register(api, meeting_id),
            api.get(f"{MEETINGS}{meeting_id}/recording/"),
            api.get(url),
            api.send("PATCH", url, **content({})),
            api.send("DELETE", url),
        ]

        assert [(a.status, a.json["code"]) for a in answers] == [(404, "meeting_not_found")] * 6
        assert api.store.asked == ([] if meeting_id in STRANGE_IDS else ["get"] * 6)
