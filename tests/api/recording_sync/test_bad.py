"""POST recordings/sync/ with a body that makes no sense: every fault is told, nothing is done."""

from typing import Any

import pytest

from functions.models import new_id
from tests.api.caller import Api, faults
from tests.api.recording_sync.held import hold, sync

FROM, TO = "2030-01-01T00:00:00Z", "2030-01-02T00:00:00Z"
ONE = new_id()
BAD: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({}, [("/scheduled_from", "required"), ("/scheduled_to", "required")]),
    ({"cursor": "x"}, [("/scheduled_from", "required"), ("/scheduled_to", "required")]),
    ({"scheduled_from": FROM}, [("/scheduled_to", "required")]),
    ({"scheduled_to": TO}, [("/scheduled_from", "required")]),
    ({"meeting": ONE, "scheduled_from": FROM}, [("/scheduled_from", "ambiguous")]),
    ({"meeting": ONE, "cursor": "x"}, [("/cursor", "ambiguous")]),
    (
        {"meeting": ONE, "scheduled_from": FROM, "scheduled_to": TO},
        [("/scheduled_from", "ambiguous"), ("/scheduled_to", "ambiguous")],
    ),
    ({"meeting": "x"}, [("/meeting", "invalid_id")]),
    ({"meeting": ONE.upper() + "F"}, [("/meeting", "invalid_id")]),
    ({"meeting": None}, [("/meeting", "null")]),
    ({"meeting": [ONE]}, [("/meeting", "wrong_type")]),
    ({"scheduled_from": TO, "scheduled_to": FROM}, [("/scheduled_to", "reversed_times")]),
    (
        {"scheduled_from": FROM, "scheduled_to": "2030-02-01T00:00:01Z"},
        [("/scheduled_to", "too_long")],
    ),
    (
        {"scheduled_from": FROM, "scheduled_to": "2030-02-01T00:00:00.1Z"},
        [("/scheduled_to", "too_long")],
    ),
    (
        {"scheduled_from": "2030-01-01T00:00:00", "scheduled_to": "soon"},
        [("/scheduled_from", "naive_time"), ("/scheduled_to", "invalid_time")],
    ),
    ({"scheduled_from": FROM, "scheduled_to": None}, [("/scheduled_to", "null")]),
    ({"meeting": ONE, "meetings": [ONE]}, [("/meetings", "unknown_field")]),
]
CURSORS = ["", "x", "é", "\x00", "=" * 5000, "W10", "bnVsbA", "[]", "W1tdLCAxXQ"]


class TestBody:
    @pytest.mark.parametrize(("body", "expected"), BAD)
    def test_every_fault_is_told(
        self, api: Api, body: dict[str, Any], expected: list[tuple[str, str]]
    ) -> None:
        hold(api)

        assert faults(sync(api, **body)) == expected
        assert api.store.asked == []

    def test_a_window_of_31_days_is_long_enough(self, api: Api) -> None:
        answer = sync(api, scheduled_from=FROM, scheduled_to="2030-02-01T00:00:00Z")

        assert answer.status == 202

    @pytest.mark.parametrize("word", CURSORS)
    def test_what_is_no_cursor_is_told(self, api: Api, word: str) -> None:
        answer = sync(api, scheduled_from=FROM, scheduled_to=TO, cursor=word)

        assert faults(answer) == [("/cursor", "invalid_cursor")]
        assert api.store.asked == []

    @pytest.mark.parametrize(("word", "code"), [([], "wrong_type"), (5, "wrong_type")])
    def test_nor_is_what_is_no_word(self, api: Api, word: Any, code: str) -> None:
        answer = sync(api, scheduled_from=FROM, scheduled_to=TO, cursor=word)

        assert faults(answer) == [("/cursor", code)]
