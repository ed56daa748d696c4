"""GET meetings/: pages, the newest first, and what is wrong with a query."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.api.caller import MEETINGS, Api, faults
from tests.api.reading import walk


def a_cursor(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def make_some(api: Api, number: int) -> list[str]:
    """Make meetings, two at each instant; returns their ids, the newest first."""
    ids = []
    for index in range(number):
        api.time += timedelta(seconds=index % 2)
        ids.append(api.make())
    created_at = {meeting.id: meeting.created_at for meeting in api.stored()}
    return sorted(ids, key=lambda meeting_id: (created_at[meeting_id], meeting_id), reverse=True)


class TestPages:
    def test_there_is_one_empty_page_of_nothing(self, api: Api) -> None:
        assert api.get(MEETINGS).json == {"results": [], "next": None}

    def test_the_newest_stand_first_and_are_whole(self, api: Api) -> None:
        ids = make_some(api, 3)

        page = api.get(MEETINGS).json

        assert [meeting["id"] for meeting in page["results"]] == ids
        assert page["results"][0] == api.get(f"{MEETINGS}{ids[0]}/").json
        assert page["next"] is None

    def test_a_page_has_twenty_meetings_unless_it_is_said(self, api: Api) -> None:
        make_some(api, 21)

        assert len(api.get(MEETINGS).json["results"]) == 20
        assert len(api.get(f"{MEETINGS}?page_size=100").json["results"]) == 21
        assert len(api.get(f"{MEETINGS}?page_size=1").json["results"]) == 1

    def test_a_walk_along_next_shows_every_meeting_once(self, api: Api) -> None:
        ids = make_some(api, 7)

        walked = walk(api, f"{MEETINGS}?page_size=2")

        assert walked == ids

    def test_a_page_is_one_query(self, api: Api) -> None:
        make_some(api, 3)
        api.store.asked.clear()

        api.get(f"{MEETINGS}?page_size=2")

        assert api.store.asked == ["page"]

    def test_what_is_made_meanwhile_does_not_disturb_a_walk(self, api: Api) -> None:
        ids = make_some(api, 4)
        first = api.get(f"{MEETINGS}?page_size=2").json
        api.time += timedelta(minutes=1)
        api.make()

        second = api.get(first["next"]).json

        assert [m["id"] for m in first["results"] + second["results"]] == ids

    @pytest.mark.parametrize(
        ("headers", "beginning"),
        [
            ({}, "http://localhost"),
            ({"X-Forwarded-Proto": "https"}, "https://localhost"),
            ({"X-Forwarded-Proto": "https", "Host": "api.clinica.com"}, "https://api.clinica.com"),
            ({"X-Forwarded-Host": "evil.example"}, "http://localhost"),
        ],
    )
    def test_next_is_a_whole_url_as_the_caller_sees_it(
        self, api: Api, headers: dict[str, str], beginning: str
    ) -> None:
        make_some(api, 2)

        page = api.get(f"{MEETINGS}?page_size=1", headers=headers).json

        assert page["next"].startswith(f"{beginning}{MEETINGS}?page_size=1&cursor=")


class TestBadQueries:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("page_size=0", [("page_size", "out_of_range")]),
            ("page_size=101", [("page_size", "out_of_range")]),
            ("page_size=-1", [("page_size", "out_of_range")]),
            ("page_size=" + "9" * 30, [("page_size", "out_of_range")]),
            ("page_size=" + "9" * 5000, [("page_size", "out_of_range")]),
            ("page_size=", [("page_size", "wrong_type")]),
            ("page_size=ten", [("page_size", "wrong_type")]),
            ("page_size=1.5", [("page_size", "wrong_type")]),
            ("page_size=1e1", [("page_size", "wrong_type")]),
            ("page_size=0x10", [("page_size", "wrong_type")]),
            ("page_size=5_0", [("page_size", "wrong_type")]),
            ("page_size=5.0", [("page_size", "wrong_type")]),
            ("page_size=%205", [("page_size", "wrong_type")]),
            ("page_size=true", [("page_size", "wrong_type")]),
            ("page_size=1%00", [("page_size", "wrong_type")]),
            ("page_size=1&page_size=1", [("page_size", "repeated_parameter")]),
            ("cursor=a&cursor=b", [("cursor", "repeated_parameter")]),
            ("state=CREATED", [("state", "unknown_field")]),
            ("offset=1", [("offset", "unknown_field")]),
            ("Page_Size=1", [("Page_Size", "unknown_field")]),
            ("=1", [("", "unknown_field")]),
            (
                "page_size=0&x=1&y",
                [("page_size", "out_of_range"), ("x", "unknown_field"), ("y", "unknown_field")],
            ),
        ],
    )
    def test_each_fault_is_named_by_its_parameter(
        self, api: Api, query: str, expected: list[tuple[str, str]]
    ) -> None:
        answer = api.get(f"{MEETINGS}?{query}")

        assert faults(answer) == expected
        assert api.store.asked == []

    @pytest.mark.parametrize(
        "cursor",
        [
            "",
            "x",
            "!",
            "%ff",
            "ñ",
            "%00",
            "AAAA",
            "A" * 60_000,
            a_cursor("text"),
            a_cursor(5),
            a_cursor(None),
            a_cursor([]),
            a_cursor({}),
            a_cursor({"2030-01-01T00:00:00+00:00": 1, "f" * 32: 2}),
            a_cursor(["f" * 16, "f" * 32, None]),
            a_cursor(["f" * 16, "f" * 32, None, "2030-01-01T00:00:00+00:00"]),
            a_cursor(["f" * 16, "f" * 32, None, *["2030-01-01T00:00:00+00:00"] * 2]),
            base64.urlsafe_b64encode(b'["\xff", 1]').decode(),
        ],
    )
    def test_a_cursor_that_is_not_ours(self, api: Api, cursor: str) -> None:
        answer = api.get(f"{MEETINGS}?cursor={cursor}")

        assert faults(answer) == [("cursor", "invalid_cursor")]
        assert api.store.asked == []
