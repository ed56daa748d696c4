"""GET meetings/{id}/timeline/: its pages, and what is refused."""

import pytest

from tests.api.caller import MEETINGS, Api, faults
from tests.api.reading import timeline

NOT_FOUND = ["x", "f" * 31, "F" * 32, "f" * 32]


class TestPages:
    def test_are_in_the_order_of_what_happened(self, api: Api) -> None:
        meeting_id = api.make()
        for number in range(11):
            api.patch(meeting_id, {"summary": f"Number {number}"})

        for page_size in (1, 4, 5, 6, 12):
            url = f"{MEETINGS}{meeting_id}/timeline/?page_size={page_size}"
            sequences: list[int] = []
            while url is not None:
                page = api.get(url).json
                assert len(page["results"]) <= page_size
                sequences += [entry["sequence"] for entry in page["results"]]
                url = page["next"]

            assert sequences == list(range(1, 13))

    def test_have_twenty_entries_unless_it_is_said(self, api: Api) -> None:
        meeting_id = api.make()
        for number in range(20):
            api.patch(meeting_id, {"summary": f"Number {number}"})

        page = api.get(f"{MEETINGS}{meeting_id}/timeline/").json

        assert len(page["results"]) == 20
        assert [e["sequence"] for e in api.get(page["next"]).json["results"]] == [21]

    def test_are_one_look_at_the_store_each(self, api: Api) -> None:
        meeting_id = api.make()
        api.delete(meeting_id)
        api.store.asked.clear()

        api.get(f"{MEETINGS}{meeting_id}/timeline/?page_size=1")

        assert api.store.asked == ["journal"]

    def test_a_walk_sees_also_what_happens_meanwhile(self, api: Api) -> None:
        meeting_id = api.make()
        api.patch(meeting_id, {"summary": "Other"})
        first = api.get(f"{MEETINGS}{meeting_id}/timeline/?page_size=1").json
        api.delete(meeting_id)

        second = api.get(first["next"]).json
        third = api.get(second["next"]).json

        assert [e["kind"] for e in second["results"]] == ["meeting.changed"]
        assert [e["kind"] for e in third["results"]] == ["meeting.cancelled"]
        assert third["next"] is None


class TestRefused:
    @pytest.mark.parametrize("meeting_id", NOT_FOUND)
    def test_of_a_meeting_that_is_not_there(self, api: Api, meeting_id: str) -> None:
        answer = api.get(f"{MEETINGS}{meeting_id}/timeline/")

        assert answer.status == 404
        assert answer.json["code"] == "meeting_not_found"

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("page_size=0", [("page_size", "out_of_range")]),
            ("page_size=101", [("page_size", "out_of_range")]),
            ("kind=meeting.created", [("kind", "unknown_field")]),
            ("ordering=-at", [("ordering", "unknown_field")]),
            ("cursor=x", [("cursor", "invalid_cursor")]),
        ],
    )
    def test_by_a_fault_in_the_query(
        self, api: Api, query: str, expected: list[tuple[str, str]]
    ) -> None:
        answer = api.get(f"{MEETINGS}{api.make()}/timeline/?{query}")

        assert faults(answer) == expected

    def test_one_meetings_entries_are_not_anothers(self, api: Api) -> None:
        one, other = api.make(), api.make()
        api.delete(other)

        assert [entry["kind"] for entry in timeline(api, one)] == ["meeting.created"]
