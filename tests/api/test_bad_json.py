"""Bodies that are no JSON object, or one that could be read in two ways."""

import json
from typing import Any

import pytest

from functions.json_body import MAX_DEPTH
from tests.api.caller import Api, a_body


def nested(depth: int) -> Any:
    return json.loads("[" * depth + "]" * depth)


class TestNotJson:
    @pytest.mark.parametrize(
        "body",
        [
            "",
            " ",
            "{",
            "}",
            "{}{}",
            "{},",
            "{'a': 1}",
            "{a: 1}",
            '{"a": 1,}',
            '{"a": 01}',
            '{"a": +1}',
            '{"a": .5}',
            '{"a": undefined}',
            '{"a": True}',
            '{"a": "x\ny"}',
            '{"a": "\\x41"}',
            '{"a": 1} // why',
            "organizer_email=doctor%40clinica.com",
            "<meeting/>",
            b"\xef\xbb\xbf{}",
            '{"a": ' + "9" * 5000 + "}",
        ],
    )
    def test_text_of_another_kind(self, api: Api, body: str | bytes) -> None:
        assert api.refused(body) == [("", "not_json")]

    @pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
    def test_numbers_that_json_does_not_have(self, api: Api, constant: str) -> None:
        assert api.refused(f'{{"summary": {constant}}}') == [("", "not_json")]
        assert api.refused(f'{{"summary": [{{"x": {constant}}}]}}') == [("", "not_json")]

    @pytest.mark.parametrize(
        "body",
        [
            json.dumps(a_body(summary="Año"), ensure_ascii=False).encode("latin-1"),
            json.dumps(a_body()).encode("utf-16"),
            b'{"summary": "\xff"}',
            b'{"summary": "\xc0\xaf"}',
            b'{"summary": "\xed\xa0\x80"}',
            b"\x1f\x8b\x08\x00",
        ],
    )
    def test_bytes_that_are_not_utf_8(self, api: Api, body: bytes) -> None:
        assert api.refused(body) == [("", "not_utf8")]


class TestNotAnObject:
    @pytest.mark.parametrize(
        "body",
        ["[]", "null", "true", "5", '"text"', "-0.0", "1e999", json.dumps([a_body()])],
    )
    def test_any_other_value(self, api: Api, body: str) -> None:
        assert api.refused(body) == [("", "not_an_object")]


class TestDepth:
    @pytest.mark.parametrize(
        "body",
        [
            json.dumps(a_body(summary=nested(MAX_DEPTH))),
            "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
            "[" * 900 + "]" * 900,
            "[" * 30_000 + "]" * 30_000,
            "[" * 60_000,
            '{"a":' * 10_000,
            '{"a":' * 9_000 + "1" + "}" * 9_000,
        ],
    )
    def test_too_deep(self, api: Api, body: str) -> None:
        assert api.refused(body) == [("", "too_deep")]

    def test_just_deep_enough_is_looked_at(self, api: Api) -> None:
        body = a_body(summary=nested(MAX_DEPTH - 1))

        assert api.refused(body) == [("/summary", "wrong_type")]


class TestRepeatedKeys:
    def test_the_same_value_twice_is_still_two(self, api: Api) -> None:
        text = json.dumps(a_body())

        assert api.refused(text.replace("{", '{"notify": "all", "notify": "all", ', 1)) == [
            ("/notify", "repeated_key")
        ]

    @pytest.mark.parametrize(
        ("body", "pointers"),
        [
            ('{"a": 1, "b": 2, "a": 3, "b": 4, "c": 5, "a": 6}', ["/a", "/b"]),
            ('{"a": {"b": 1, "b": 2}}', ["/a/b"]),
            ('{"a": [0, {"b": 1, "b": 2}], "c": {"d": {"e": 1, "e": 2}}}', ["/a/1/b", "/c/d/e"]),
            ('{"a/b": 1, "a/b": 1, "~": 1, "~": 1}', ["/a~1b", "/~0"]),
            ('{"summary": 1, "s\\u0075mmary": 2}', ["/summary"]),
            ('[{"a": 1, "a": 2}]', ["/0/a"]),
            ('{"": 1, "": 2}', ["/"]),
        ],
    )
    def test_each_is_named_where_it_stands(self, api: Api, body: str, pointers: list[str]) -> None:
        assert api.refused(body) == [(pointer, "repeated_key") for pointer in pointers]

    def test_names_that_differ_in_case_are_two_names(self, api: Api) -> None:
        assert ("/A", "unknown_field") in api.refused('{"a": 1, "A": 1}')

    @pytest.mark.timeout(5)
    def test_thousands_of_keys_take_no_time(self, api: Api) -> None:
        keys = [f"{number:x}" for number in range(7000)] + ["0"]
        body = "{" + ",".join(f'"{key}":1' for key in keys) + "}"

        for _ in range(10):
            assert api.refused(body) == [("/0", "repeated_key")]


class TestNumbers:
    @pytest.mark.parametrize("number", ["1e400", "-1e400", "1" * 4000, "1.0", "-0", "1E5"])
    def test_of_any_size_are_just_not_text(self, api: Api, number: str) -> None:
        body = json.dumps(a_body(summary="?")).replace('"?"', number)

        assert api.refused(body) == [("/summary", "wrong_type")]
