"""POST meetings/: every fault of every field, and that nothing is stored after one."""

from typing import Any

import pytest

from tests.api.caller import Api, a_body
from tests.values import GUEST, ORGANIZER

LONG_EMAIL = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.com"

REQUIRED = ("organizer_email", "invited_emails", "scheduled_start", "scheduled_end")
NEVER_NULL = (*REQUIRED, "time_zone", "summary", "notify")
NUMBER, BOOL, OBJECT, LIST, TEXT = 5, True, {"a": 1}, [["a"]], "text"
WRONG_TYPES = {
    "organizer_email": (NUMBER, BOOL, OBJECT, LIST, [ORGANIZER]),
    "invited_emails": (NUMBER, BOOL, OBJECT, GUEST, 1.5),
    "scheduled_start": (NUMBER, BOOL, OBJECT, LIST, 1893456000, 1e300, 10**4000),
    "scheduled_end": (NUMBER, BOOL, OBJECT, LIST),
    "time_zone": (NUMBER, BOOL, OBJECT, LIST),
    "summary": (NUMBER, BOOL, OBJECT, LIST),
    "description": (NUMBER, BOOL, OBJECT, LIST),
    "external_reference": (1234, BOOL, OBJECT, LIST),
}
FAULTS: list[tuple[str, Any, str]] = [
    # Empty
    ("organizer_email", "", "invalid_email"),
    ("invited_emails", [], "empty"),
    ("scheduled_start", "", "invalid_time"),
    ("scheduled_end", " ", "invalid_time"),
    ("time_zone", "", "unknown_time_zone"),
    ("summary", "", "empty"),
    ("summary", " \t\n ", "empty"),
    ("external_reference", "", "empty"),
    ("external_reference", "  ", "empty"),
    ("notify", "", "unknown_value"),
    # Too long
    ("summary", "x" * 201, "too_long"),
    ("description", "x" * 4001, "too_long"),
    ("external_reference", "ñ" * 201, "too_long"),
    ("organizer_email", LONG_EMAIL, "invalid_email"),
    ("organizer_email", "a" * 65 + "@x.com", "invalid_email"),
    ("organizer_email", "a" * 60_000 + "@x.com", "invalid_email"),
    ("organizer_email", "a@" + "b." * 30_000 + "com", "invalid_email"),
    # Control characters
    ("summary", "a\x00b", "control_character"),
    ("summary", "a\nb", "control_character"),
    ("summary", "a\x7fb", "control_character"),
    ("summary", "a\x85b", "control_character"),
    ("summary", "a\u2028b", "control_character"),
    ("description", "a\x00b", "control_character"),
    ("description", "a\x1b[31mb", "control_character"),
    ("external_reference", "a\tb", "control_character"),
    ("summary", "a\u202eb", "control_character"),
    ("summary", "\u200b", "empty"),
    ("external_reference", "a\u200bb", "invisible_character"),
    ("external_reference", "a\ufeffb", "invisible_character"),
    ("external_reference", "a\u00adb", "invisible_character"),
    ("external_reference", "a\uffffb", "invisible_character"),
    ("external_reference", "a\r\nb", "control_character"),
    ("organizer_email", "doc\x00tor@clinica.com", "invalid_email"),
    ("organizer_email", "doctor@clinica.com\r\nBcc: x@y.com", "invalid_email"),
    # Half a character
    ("summary", "a\ud800b", "invalid_unicode"),
    ("description", "\udfff", "invalid_unicode"),
    ("external_reference", "\ud83d", "invalid_unicode"),
    ("organizer_email", "\ud800@clinica.com", "invalid_email"),
    ("scheduled_start", "\ud800", "invalid_time"),
    ("time_zone", "\ud800", "unknown_time_zone"),
    # Not among the values
    ("time_zone", "Mars/Olympus", "unknown_time_zone"),
    ("time_zone", "europe/madrid", "unknown_time_zone"),
    ("time_zone", "+01:00", "unknown_time_zone"),
    ("time_zone", "../../etc/passwd", "unknown_time_zone"),
    ("time_zone", "localtime", "unknown_time_zone"),
    ("notify", "everybody", "unknown_value"),
    ("notify", "ALL", "unknown_value"),
    ("notify", 5, "unknown_value"),
    ("notify", ["all"], "unknown_value"),
    # Unknown fields
    ("organiser_email", ORGANIZER, "unknown_field"),
    ("Summary", "x", "unknown_field"),
    ("id", "f" * 32, "unknown_field"),
    ("status", "SCHEDULED", "unknown_field"),
    ("meet_link", None, "unknown_field"),
    ("livemode", True, "unknown_field"),
    ("participants", [], "unknown_field"),
    ("__class__", {}, "unknown_field"),
    ("model_config", {}, "unknown_field"),
]
POINTERS = {
    "": "/",
    "a/b": "/a~1b",
    "a~b": "/a~0b",
    "~/": "/~0~1",
    "ñ\n\x00": "/ñ\n\x00",
    "%": "/%",
}


class TestOneFault:
    @pytest.mark.parametrize("field", REQUIRED)
    def test_a_field_that_is_missing(self, api: Api, field: str) -> None:
        body = a_body()
        del body[field]

        assert api.refused(body) == [(f"/{field}", "required")]

    @pytest.mark.parametrize("field", NEVER_NULL)
    def test_null(self, api: Api, field: str) -> None:
        assert api.refused(a_body(**{field: None})) == [(f"/{field}", "null")]

    @pytest.mark.parametrize("field", WRONG_TYPES)
    def test_a_value_of_the_wrong_type(self, api: Api, field: str) -> None:
        for value in WRONG_TYPES[field]:
            assert api.refused(a_body(**{field: value})) == [(f"/{field}", "wrong_type")]

    @pytest.mark.parametrize(("field", "value", "code"), FAULTS)
    def test_a_value_that_cannot_be(self, api: Api, field: str, value: Any, code: str) -> None:
        assert api.refused(a_body(**{field: value})) == [(f"/{field}", code)]

    @pytest.mark.parametrize("name", POINTERS)
    def test_the_pointer_of_any_name(self, api: Api, name: str) -> None:
        assert api.refused(a_body() | {name: 1}) == [(POINTERS[name], "unknown_field")]

    def test_half_a_character_in_a_name(self, api: Api) -> None:
        [(_, code)] = api.refused(a_body() | {"\ud800": 1})

        assert code == "invalid_unicode"


class TestSeveralFaults:
    def test_all_are_named_at_once(self, api: Api) -> None:
        body = {
            "invited_emails": ["x", GUEST, None, GUEST],
            "scheduled_start": "2030-01-02T15:00:00",
            "scheduled_end": None,
            "time_zone": "Mars",
            "summary": "",
            "description": "\x00",
            "external_reference": 5,
            "notify": "nobody",
            "a/b": 1,
        }

        assert api.refused(body) == [
            ("/organizer_email", "required"),
            ("/invited_emails/0", "invalid_email"),
            ("/invited_emails/2", "null"),
            ("/invited_emails/3", "repeated_email"),
            ("/scheduled_start", "naive_time"),
            ("/scheduled_end", "null"),
            ("/time_zone", "unknown_time_zone"),
            ("/summary", "empty"),
            ("/description", "control_character"),
            ("/external_reference", "wrong_type"),
            ("/notify", "unknown_value"),
            ("/a~1b", "unknown_field"),
        ]

    def test_an_empty_object_lacks_everything_that_is_required(self, api: Api) -> None:
        assert api.refused({}) == [(f"/{field}", "required") for field in REQUIRED]

    def test_no_answer_repeats_what_was_sent(self, api: Api) -> None:
        secret = "jane.doe"
        answer = api.post({name: secret for name in (*a_body(), "summary", "time_zone", "notify")})

        assert secret not in str(answer.json)


class TestTaken:
    """What stands just inside the limits."""

    @pytest.mark.parametrize(
        "changes",
        [
            {"summary": "x" * 200},
            {"summary": "\U0001f600" * 200},
            {"description": "x" * 4000},
            {"description": ""},
            {"description": None, "external_reference": None},
            {"external_reference": "ñ" * 200},
            {"external_reference": "__all__/../~"},
            {"organizer_email": f"{'a' * 64}@clinica.com"},
            {"organizer_email": "o'hara+x@clinica.test"},
            {"time_zone": "America/Argentina/Buenos_Aires"},
        ],
    )
    def test_is_stored(self, api: Api, changes: dict[str, Any]) -> None:
        assert api.post(a_body(**changes)).status == 202
        assert len(api.stored()) == 1
