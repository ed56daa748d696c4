"""POST meetings/: times, which must be RFC 3339 with an offset, and make an appointment."""

from datetime import timedelta

import pytest

from tests.api.caller import END, START, Api, a_body
from tests.values import NOW

NO_TIMES = [
    ("2030-02-30T10:00:00Z", "invalid_time"),
    ("2031-02-29T10:00:00Z", "invalid_time"),
    ("2030-13-01T10:00:00Z", "invalid_time"),
    ("2030-00-10T10:00:00Z", "invalid_time"),
    ("2030-01-02T25:00:00Z", "invalid_time"),
    ("2030-01-02T24:00:00Z", "invalid_time"),
    ("2030-01-02T10:60:00Z", "invalid_time"),
    ("2030-06-30T23:59:60Z", "invalid_time"),
    ("2030-01-02T15:00:00+24:00", "invalid_time"),
    ("2030-01-02T15:00:00+01:60", "invalid_time"),
    ("2030-01-02T15:00:00+01:99", "invalid_time"),
    ("0000-01-01T00:00:00Z", "invalid_time"),
    ("0001-01-01T00:00:00+14:00", "invalid_time"),
    ("9999-12-31T23:59:59-14:00", "invalid_time"),
    ("10000-01-01T00:00:00Z", "invalid_time"),
    ("-2030-01-01T00:00:00Z", "invalid_time"),
    ("1893456000", "invalid_time"),
    ("2030-01-02", "invalid_time"),
    ("2030-01-02T15:00Z", "invalid_time"),
    ("2030-01-02 15:00:00Z", "invalid_time"),
    ("20300102T150000Z", "invalid_time"),
    ("2030-W01-3T15:00:00Z", "invalid_time"),
    ("2030-01-02T15:00:00+0100", "invalid_time"),
    ("2030-01-02T15:00:00+01", "invalid_time"),
    ("2030-01-02T15:00:00 +01:00", "invalid_time"),
    ("2030-01-02T15:00:00 Europe/Madrid", "invalid_time"),
    ("2030-01-02T15:00:00.Z", "invalid_time"),
    ("2030-01-02T15:00:00,5Z", "invalid_time"),
    (" 2030-01-02T15:00:00Z", "invalid_time"),
    ("2030-01-02T15:00:00Z\n", "invalid_time"),
    ("２０３０-01-02T15:00:00Z", "invalid_time"),
    ("tomorrow", "invalid_time"),
    ("2030-01-02T15:00:00", "naive_time"),
    ("2030-01-02T15:00:00.123", "naive_time"),
]


class TestOneTime:
    @pytest.mark.parametrize(("value", "code"), NO_TIMES)
    def test_what_is_no_time(self, api: Api, value: str, code: str) -> None:
        assert api.refused(a_body(scheduled_start=value)) == [("/scheduled_start", code)]

    @pytest.mark.parametrize(
        ("value", "code"), [("tomorrow", "invalid_time"), ("2030-01-02T16:00:00", "naive_time")]
    )
    def test_nor_is_it_an_end(self, api: Api, value: str, code: str) -> None:
        assert api.refused(a_body(scheduled_end=value)) == [("/scheduled_end", code)]

    @pytest.mark.parametrize(
        "value",
        [
            "2030-01-02t15:00:00z",
            "2030-01-02T15:00:00.123456789Z",
            "2030-01-02T20:30:00+05:30",
            "2030-01-01T15:01:00-23:59",
            "2030-01-02T15:00:00-00:00",
        ],
    )
    def test_every_way_to_write_one(self, api: Api, value: str) -> None:
        assert api.post(a_body(scheduled_start=value)).json["scheduled_start"] == START

    def test_the_29th_of_february(self, api: Api) -> None:
        times = [f"2032-02-29T{hour}:00:00Z" for hour in (10, 11)]

        assert api.post(a_body(scheduled_start=times[0], scheduled_end=times[1])).status == 202

    def test_the_last_day_there_is(self, api: Api) -> None:
        times = [f"9999-12-31T23:{minute}:59Z" for minute in (30, 59)]

        assert api.post(a_body(scheduled_start=times[0], scheduled_end=times[1])).status == 202


class TestTwoTimes:
    @pytest.mark.parametrize(
        ("start", "end", "expected"),
        [
            (END, START, [("/scheduled_end", "reversed_times")]),
            (START, START, [("/scheduled_end", "reversed_times")]),
            (START, "2030-01-02T15:00:00.9Z", [("/scheduled_end", "reversed_times")]),
            (START, "2030-01-02T16:00:00+02:00", [("/scheduled_end", "reversed_times")]),
            (START, "2030-01-03T15:00:01Z", [("/scheduled_end", "too_long")]),
            (START, "9999-12-31T23:59:59Z", [("/scheduled_end", "too_long")]),
            ("2030-01-01T08:59:59Z", START, [("/scheduled_start", "in_the_past")]),
            ("2030-01-01T09:30:00+01:00", START, [("/scheduled_start", "in_the_past")]),
            ("0001-01-01T00:00:00Z", START, [("/scheduled_start", "in_the_past")]),
            (
                "2029-01-02T15:00:00Z",
                "nonsense",
                [("/scheduled_start", "in_the_past"), ("/scheduled_end", "invalid_time")],
            ),
        ],
    )
    def test_that_make_no_appointment(
        self, api: Api, start: str, end: str, expected: list[tuple[str, str]]
    ) -> None:
        assert api.refused(a_body(scheduled_start=start, scheduled_end=end)) == expected

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            (START, "2030-01-03T15:00:00Z"),
            (START, "2030-01-02T15:00:01Z"),
            ("2030-01-01T09:00:00Z", "2030-01-01T10:00:00Z"),
            ("2030-01-02T15:00:00+02:00", "2030-01-02T14:30:00+01:00"),
        ],
    )
    def test_at_the_edge_of_what_is_taken(self, api: Api, start: str, end: str) -> None:
        assert api.post(a_body(scheduled_start=start, scheduled_end=end)).status == 202

    def test_what_was_the_future_becomes_the_past(self, api: Api) -> None:
        api.time = NOW + timedelta(days=1, hours=6, seconds=1)

        assert api.refused(a_body()) == [("/scheduled_start", "in_the_past")]

    def test_more_than_a_day_is_said_in_words(self, api: Api) -> None:
        answer = api.post(a_body(scheduled_end="2030-01-04T15:00:00Z"))

        assert answer.json["errors"][0]["message"] == "A meeting can last at most 24 hours."
