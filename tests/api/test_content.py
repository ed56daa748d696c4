"""How large a body may be, however it is sent, and what it must say it is."""

import io
import json
from typing import Any

import pytest

from functions.json_body import MAX_BODY_BYTES
from functions.web import MAX_UNREAD_BYTES
from tests.api.caller import MEETINGS, Api, a_body, faults
from tests.api.log import Log


def padded(size: int) -> str:
    return json.dumps(a_body()).ljust(size)


class Stream(io.RawIOBase):
    """A body without a length, as a chunked one arrives; counts what is read of it."""

    def __init__(self, body: bytes, has_end: bool = True) -> None:
        super().__init__()
        self.bytes_read = 0
        self._body = io.BytesIO(body)
        self._has_end = has_end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        size = self._body.readinto(buffer)
        if size == 0 and not self._has_end:
            buffer[:] = b" " * len(buffer)
            size = len(buffer)
        self.bytes_read += size
        return size


class Broken(io.RawIOBase):
    """A body whose chunks the server can't read."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, size: int = -1) -> bytes:
        raise self._error


def chunked(stream: io.RawIOBase) -> dict[str, Any]:
    return {
        "headers": {"Prefer": "respond-async", "Transfer-Encoding": "chunked"},
        "content_type": "application/json",
        "environ_overrides": {"wsgi.input": stream, "wsgi.input_terminated": True},
    }


class TestSize:
    def test_64_kib_are_taken(self, api: Api) -> None:
        assert api.post(padded(MAX_BODY_BYTES)).status == 202

    @pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, MAX_BODY_BYTES + 2, 300_000])
    def test_one_byte_more_is_not(self, api: Api, size: int) -> None:
        answer = api.post(padded(size))

        assert answer.status == 413
        assert answer.json["code"] == "too_large"
        assert api.store.asked == []

    def test_64_kib_are_taken_in_chunks(self, api: Api) -> None:
        stream = Stream(padded(MAX_BODY_BYTES).encode())

        assert api.send("POST", MEETINGS, **chunked(stream)).status == 202

    @pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, MAX_BODY_BYTES + 2, 300_000])
    def test_one_byte_more_is_not_in_chunks_either(self, api: Api, size: int) -> None:
        answer = api.send("POST", MEETINGS, **chunked(Stream(padded(size).encode())))

        assert answer.status == 413
        assert api.store.asked == []

    def test_a_body_without_an_end_is_not_read_to_it(self, api: Api) -> None:
        stream = Stream(padded(100).encode(), has_end=False)

        answer = api.send("POST", MEETINGS, **chunked(stream))

        assert answer.status == 413
        assert stream.bytes_read <= 2 * MAX_UNREAD_BYTES

    @pytest.mark.parametrize("error", [OSError, ValueError])
    def test_one_that_breaks_off_is_no_request(
        self, api: Api, log: Log, error: type[Exception]
    ) -> None:
        answer = api.send("POST", MEETINGS, **chunked(Broken(error("pat@clinic.example"))))

        assert answer.status == 400
        assert answer.json["code"] == "bad_request"
        assert "pat@" not in str(log.lines)

    def test_a_patch_is_bounded_too(self, api: Api) -> None:
        assert api.patch("f" * 32, " " * (MAX_BODY_BYTES + 1)).status == 413

    def test_a_body_that_ends_early_is_no_request(self, api: Api) -> None:
        answer = api.post("{}", environ_overrides={"CONTENT_LENGTH": "100"})

        assert answer.status == 400
        assert answer.json["code"] == "bad_request"

    @pytest.mark.parametrize("length", ["-1", "abc", ""])
    def test_a_length_that_is_none_is_an_empty_body(self, api: Api, length: str) -> None:
        answer = api.post("{}", environ_overrides={"CONTENT_LENGTH": length})

        assert faults(answer) == [("", "not_json")]


class TestContentType:
    @pytest.mark.parametrize(
        "content_type",
        [
            None,
            "",
            "text/plain",
            "text/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json-patch+json",
            "application/jsonp",
            "application/xml",
            "*/*",
            "json",
        ],
    )
    def test_any_but_json_is_refused(self, api: Api, content_type: str | None) -> None:
        for answer in (
            api.post(a_body(), content_type=content_type),
            api.patch("f" * 32, {}, content_type=content_type),
        ):
            assert answer.status == 415
            assert answer.json["code"] == "unsupported_media_type"
        assert api.store.asked == []

    def test_a_packed_body_is_refused(self, api: Api) -> None:
        answer = api.post(a_body(), headers={"Content-Encoding": "gzip"})

        assert answer.status == 415
        assert api.post(a_body(), headers={"Content-Encoding": "identity"}).status == 202

    @pytest.mark.parametrize(
        "content_type",
        ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8"],
    )
    def test_every_way_to_write_json_is_taken(self, api: Api, content_type: str) -> None:
        assert api.post(a_body(), content_type=content_type).status == 202
