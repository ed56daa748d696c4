"""The cursor of a listing: bound to what was asked and by whom, and worthless when forged."""

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest

from functions.models import UserRole
from tests.api.caller import MEETINGS, Answer, Api, faults
from tests.api.reading import cursor_of, page
from tests.values import a_meeting, put

HINT = "Use the cursor of the answer before unchanged, and ask for the same as then."
ASKED = "status=CREATED&scheduled_to=2031-01-01T00:00:00Z&page_size=1"
ID = "f" * 32
CREATED, START = "2030-01-01T09:00:00+00:00", "2030-01-02T15:00:00+00:00"


def a_cursor(api: Api, query: str = ASKED, path: str = MEETINGS) -> str:
    """Return the cursor of a second page that is there."""
    if not api.store.database.meetings:
        api.make()
        api.make()
    return cursor_of(api.get(f"{path}?{query}").json["next"])


def forged(cursor: str, *parts: Any) -> str:
    """Return a cursor with the digest of this one and with other parts."""
    digest = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[0]
    return encoded([digest, *parts])


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def refused(answer: Answer) -> None:
    """Check that the answer says what to do."""
    assert faults(answer) == [("cursor", "invalid_cursor")]
    assert answer.json["errors"][0]["message"] == HINT


class TestBound:
    @pytest.mark.parametrize(
        "query",
        [
            "",
            "status=CREATED",
            "status=SCHEDULED&scheduled_to=2031-01-01T00:00:00Z",
            "status=CREATED&status=SCHEDULED&scheduled_to=2031-01-01T00:00:00Z",
            "status=CREATED&scheduled_to=2031-01-01T00:00:01Z",
            "status=CREATED&scheduled_from=2031-01-01T00:00:00Z",
            f"{ASKED}&calendar_state=PENDING",
            f"{ASKED}&has_recording=false",
            f"{ASKED}&ordering=created_at",
            f"{ASKED}&ordering=scheduled_start",
        ],
    )
    def test_another_filter_or_order_refuses_it(self, api: Api, query: str) -> None:
        cursor = a_cursor(api)

        refused(api.get(f"{MEETINGS}?{query}&cursor={cursor}"))

    @pytest.mark.parametrize(
        "query",
        [
            f"{ASKED}",
            "scheduled_to=2031-01-01T00:00:00Z&page_size=100&status=CREATED",
            "status=CREATED&scheduled_to=2031-01-01T00%3A00%3A00Z",
        ],
    )
    def test_the_same_filters_in_another_order_or_spelling_take_it(
        self, api: Api, query: str
    ) -> None:
        cursor = a_cursor(api)

        assert len(page(api, f"{MEETINGS}?{query}&cursor={cursor}")[0]) == 1

    def test_a_path_without_its_last_slash_takes_it(self, api: Api) -> None:
        cursor = a_cursor(api)

        assert len(page(api, f"{MEETINGS[:-1]}?{ASKED}&cursor={cursor}")[0]) == 1

    @pytest.mark.parametrize("listing", ["participants/", "recordings/", "users/"])
    def test_another_listing_refuses_it(self, api: Api, listing: str) -> None:
        cursor = a_cursor(api, "page_size=1")

        refused(api.get(f"/api/v1/{listing}?page_size=1&cursor={cursor}"))

    @pytest.mark.parametrize("listing", ["timeline/", "participants/"])
    def test_the_same_listing_of_another_meeting_refuses_it(self, api: Api, listing: str) -> None:
        one, other = api.make(), api.make()
        api.delete(one)
        cursor = cursor_of(api.get(f"{MEETINGS}{one}/{listing}?page_size=1").json["next"])

        refused(api.get(f"{MEETINGS}{other}/{listing}?page_size=1&cursor={cursor}"))

    def test_another_caller_is_refused_it(self, api: Api) -> None:
        api.identify(UserRole.SERVICE, "other@clinica.com")
        api.identify(UserRole.SERVICE, "xoma@clinica.com")
        cursor = a_cursor(api)

        api.email = "other@clinica.com"

        refused(api.get(f"{MEETINGS}?{ASKED}&cursor={cursor}"))


class TestForged:
    @pytest.mark.parametrize(
        "parts",
        [
            (),
            (ID,),
            (ID, None),
            (ID, None, CREATED),
            (ID, None, CREATED, START, START),
            (None, None, CREATED, START),
            (5, None, CREATED, START),
            ([ID], None, CREATED, START),
            ("", None, CREATED, START),
            (ID[1:], None, CREATED, START),
            (ID + "0", None, CREATED, START),
            (ID + "\n", None, CREATED, START),
            (ID.upper(), None, CREATED, START),
            ("../" + ID[3:], None, CREATED, START),
            ("\ud800" * 32, None, CREATED, START),
            ("\u0660" * 32, None, CREATED, START),
            (ID, "", CREATED, START),
            (ID, "x", CREATED, START),
            (ID, 5, CREATED, START),
            (ID, False, CREATED, START),
            (ID, {}, CREATED, START),
            (ID, ID + "\n", CREATED, START),
            (ID, None, CREATED, None),
            (ID, None, CREATED, 1893456000),
            (ID, None, CREATED, [START]),
            (ID, None, CREATED, {"at": START}),
            (ID, None, CREATED, "2030-01-02"),
            (ID, None, CREATED, "2030-01-02T15:00:00"),
            (ID, None, CREATED, "2030-01-02T15:00:00Z"),
            (ID, None, CREATED, "2030-01-02T16:00:00+01:00"),
            (ID, None, CREATED, "20300102T150000+0000"),
            (ID, None, CREATED, "0001-01-01T00:00:00+14:00"),
            (ID, None, CREATED, "9999-12-31T23:59:59-14:00"),
            (ID, None, CREATED, "now"),
            (ID, None, CREATED, ""),
        ],
    )
    def test_one_with_the_right_digest_and_a_wrong_part_is_refused(
        self, api: Api, parts: tuple[Any, ...]
    ) -> None:
        cursor = forged(a_cursor(api), *parts)
        api.store.asked.clear()

        refused(api.get(f"{MEETINGS}?{ASKED}&cursor={cursor}"))

        assert api.store.asked == []

    def test_one_with_all_parts_right_is_taken(self, api: Api) -> None:
        cursor = forged(a_cursor(api), ID, None, CREATED, START)

        assert api.get(f"{MEETINGS}?{ASKED}&cursor={cursor}").status == 200

    @pytest.mark.parametrize("ordering", ["scheduled_start", "-scheduled_start"])
    def test_one_for_an_order_by_two_instants_is_no_good_for_one(
        self, api: Api, ordering: str
    ) -> None:
        query = f"page_size=1&ordering={ordering}"
        cursor = forged(a_cursor(api, query), ID, None, CREATED, START)

        refused(api.get(f"{MEETINGS}?{query}&cursor={cursor}"))

    @pytest.mark.parametrize("end", ["A", "=", "==", " ", "%00", "%0a", "é", "."])
    def test_one_with_something_added_is_refused(self, api: Api, end: str) -> None:
        cursor = a_cursor(api)

        refused(api.get(f"{MEETINGS}?{ASKED}&cursor={cursor}{end}"))

    def test_one_that_is_cut_anywhere_is_refused(self, api: Api) -> None:
        cursor = a_cursor(api)

        for length in range(len(cursor)):
            refused(api.get(f"{MEETINGS}?{ASKED}&cursor={cursor[:length]}"))

    @pytest.mark.parametrize(
        "text",
        [
            "[" * 700,
            "[" * 70_000,
            '{"a":' * 140 + "1" + "}" * 140,
            "9" * 700,
            "[" + "9" * 700 + "]",
            "NaN",
            "[NaN, Infinity, null]",
            '["' + "a" * 90_000 + '"]',
            '["\\ud800", null]',
        ],
    )
    def test_json_of_any_depth_and_size_is_refused(self, api: Api, text: str) -> None:
        cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

        refused(api.get(f"{MEETINGS}?{ASKED}&cursor={cursor}"))

    def test_one_of_the_other_base64_alphabet_is_refused(self, api: Api) -> None:
        refused(api.get(f"{MEETINGS}?{ASKED}&cursor={quote('++//')}"))

    @pytest.mark.parametrize(
        "entry", ["", ID, f"{ID}-1", f"{ID}-0000000a", f"{ID}-000000001", f"{ID}_00000001"]
    )
    def test_one_of_a_journal_with_an_odd_entry_is_refused(self, api: Api, entry: str) -> None:
        meeting_id = api.make()
        api.delete(meeting_id)
        path = f"{MEETINGS}{meeting_id}/timeline/"
        cursor = forged(a_cursor(api, "page_size=1", path), entry, None)

        refused(api.get(f"{path}?page_size=1&cursor={cursor}"))

    @pytest.mark.parametrize("other", ["0" * 32, "f" * 32])
    def test_one_of_a_journal_that_names_another_meeting_is_refused(
        self, api: Api, other: str
    ) -> None:
        put(api.store.kept, a_meeting(id=other))
        meeting_id = api.make()
        api.delete(meeting_id)
        path = f"{MEETINGS}{meeting_id}/timeline/"
        cursor = cursor_of(api.get(f"{path}?page_size=1").json["next"])

        refused(api.get(f"{path}?page_size=1&cursor={forged(cursor, f'{other}-00000000', None)}"))
