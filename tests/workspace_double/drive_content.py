"""The bytes of a file, made as they are read: a recording of an hour costs nothing."""

import functools
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.workspace_double.messages import HttpAnswer

_BLOCK = 64 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True)
class Content:
    """`size` bytes that follow from `seed`, or the bytes given."""

    seed: str
    size: int
    given: bytes | None = None

    def read(self, start: int, stop: int) -> bytes:
        if self.given is not None:
            return self.given[start:stop]
        block = _block(self.seed)
        first = start // _BLOCK
        blocks = -(-stop // _BLOCK) - first
        offset = first * _BLOCK
        return (block * blocks)[start - offset : min(stop, self.size) - offset]

    def digest(self, algorithm: str) -> str:
        return _digest(self, algorithm)

    def answer(self, wanted_range: str | None, mime_type: str) -> HttpAnswer:
        """Answer `alt=media`: everything, or the bytes that a Range header asks for."""
        headers = {"Content-Type": mime_type, "Accept-Ranges": "bytes"}
        match = _RANGE.fullmatch(wanted_range or "")
        if match is None or match[0] == "bytes=-":
            return HttpAnswer(200, self.read(0, self.size), headers)
        start, stop = self._bounds(match[1], match[2])
        if start >= stop:
            return HttpAnswer(416, b"", {"Content-Range": f"bytes */{self.size}"})
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{self.size}"
        return HttpAnswer(206, self.read(start, stop), headers)

    def _bounds(self, first: str, last: str) -> tuple[int, int]:
        if not first:
            return max(self.size - int(last), 0), self.size
        return int(first), min(int(last) + 1 if last else self.size, self.size)


@functools.lru_cache(maxsize=8)
def _block(seed: str) -> bytes:
    return hashlib.shake_256(seed.encode()).digest(_BLOCK)


@functools.lru_cache(maxsize=512)
def _digest(content: Content, algorithm: str) -> str:
    digest = hashlib.new(algorithm, usedforsecurity=False)
    for chunk in _chunks(content):
        digest.update(chunk)
    return digest.hexdigest()


def _chunks(content: Content) -> Iterator[bytes]:
    for start in range(0, content.size, _BLOCK):
        yield content.read(start, min(start + _BLOCK, content.size))
