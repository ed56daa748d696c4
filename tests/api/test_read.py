"""GET meetings/{id}/, and the ids that never reach the store."""

from itertools import product

import pytest

from functions.models import new_id
from tests.api.caller import MEETINGS, Api, a_body
from tests.values import GUEST, ORGANIZER

STRANGE_IDS = [
    "x",
    "1",
    ".",
    "..",
    "%2e%2e",
    "%2E%2E%2f%2E%2E",
    "../x",
    "a%2Fb",
    "a/b",
    "__x__",
    "__all__",
    "%00",
    "%0a",
    "%20",
    "ñ",
    "日本",
    "%ff%fe",
    "%F0%9F%98%80",
    "'; drop table meetings",
    "<script>",
    "*",
    "undefined",
    "null",
    "{meeting_id}",
    "f" * 31,
    "f" * 33,
    "F" * 32,
    "g" * 32,
    "f" * 32 + "%0a",
    "f" * 32 + "%20",
    "x" * 2000,
    "x/" * 500,
]


class TestRead:
    def test_a_meeting_is_read_by_one_look_with_all_its_parts(self, api: Api) -> None:
        made = api.post(a_body()).json
        api.store.asked.clear()

        answer = api.get(f"{MEETINGS}{made['id']}/")

        assert answer.status == 200
        assert answer.json == made
        assert [p["email"] for p in answer.json["participants"]] == [ORGANIZER, GUEST]
        assert answer.json["participants_count"] == 2
        assert answer.json["recording"] is None
        assert api.store.asked == ["get"]

    def test_a_meeting_that_google_has_shows_its_link(self, api: Api) -> None:
        meeting_id = api.make()
        api.sync(meeting_id)

        body = api.get(f"{MEETINGS}{meeting_id}/").json

        assert body["status"] == "SCHEDULED"
        assert body["meet_link"].endswith(body["meeting_code"])

    def test_a_cancelled_meeting_stays_readable(self, api: Api) -> None:
        meeting_id = api.make()
        api.delete(meeting_id)

        assert api.get(f"{MEETINGS}{meeting_id}/").json["status"] == "CANCELLED"

    def test_what_the_store_keeps_for_itself_is_not_shown(self, api: Api) -> None:
        body = api.get(f"{MEETINGS}{api.make()}/").json

        assert "participant_emails" not in body
        assert set(body["calendar"]) == {"state", "synced_revision", "due_at", "attempts", "error"}


class TestUnknownIds:
    @pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
    def test_an_id_that_nobody_has(self, api: Api, method: str) -> None:
        answer = api.send(method, f"{MEETINGS}{new_id()}/", json={})

        assert answer.status == 404
        assert answer.json["code"] == "meeting_not_found"

    @pytest.mark.parametrize("meeting_id", STRANGE_IDS)
    def test_an_id_of_a_strange_shape_never_reaches_the_store(
        self, api: Api, meeting_id: str
    ) -> None:
        for method, end in product(("GET", "PATCH", "DELETE"), ("/", "")):
            answer = api.send(method, f"{MEETINGS}{meeting_id}{end}", json={})

            assert answer.status == 404
            assert answer.json["code"] in ("meeting_not_found", "not_found")
        assert api.store.asked == []

    @pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
    def test_an_empty_id_is_not_the_list(self, api: Api, method: str) -> None:
        answer = api.send(method, f"{MEETINGS}/", json={"summary": "x"})

        assert answer.status == 404
        assert api.store.asked == []
