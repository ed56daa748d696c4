"""Resumable upload sessions: begun by `storage.objects.insert`, fed by PUT."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.cloud_storage_double.buckets import Buckets
from tests.workspace_double.errors import ApiError
from tests.workspace_double.gateway import ApiCall
from tests.workspace_double.messages import ConnectionDropped, HttpAnswer, HttpRequest

PIECE = 256 * 1024
SESSION_LIFE = timedelta(days=7)
_RANGE = re.compile(r"bytes (?:\*|(\d+)-(\d+))/(?:\*|(\d+))")


class ProtocolError(Exception):
    """A request that no client may send."""


@dataclass
class Session:
    bucket: str
    name: str
    content_type: str
    generation_match: str | None
    begun_at: datetime
    received: bytes = b""
    completed: dict[str, str] | None = None


@dataclass
class Cut:
    """Of the next chunk only so many bytes arrive; then the connection ends, unless answered."""

    arriving: int
    is_answered: bool


class Uploads:
    """Sessions by their id; `chunks` is every chunk that came, as the offset and the length."""

    def __init__(
        self, buckets: Buckets, url: Callable[[], str], now: Callable[[], datetime]
    ) -> None:
        self._buckets = buckets
        self._url = url
        self._now = now
        self.sessions: dict[str, Session] = {}
        self.chunks: list[tuple[int, int]] = []
        self.cuts: list[Cut] = []
        self.lost_status = 404

    def begin(self, call: ApiCall) -> HttpAnswer:
        """Begin a session, as `storage.objects.insert` with uploadType=resumable does."""
        if call.parameters.get("uploadType") != "resumable":
            raise ApiError(400, "required", "Only resumable uploads are played.")
        bucket = self._buckets.find(call.parameters["bucket"])
        bucket.demand("create")
        name = call.body.get("name") or call.parameters["name"]
        generation_match = call.parameters.get("ifGenerationMatch")
        bucket.check(name, generation_match)
        session_id = secrets.token_urlsafe(24)
        self.sessions[session_id] = Session(
            bucket.name,
            name,
            call.body.get("contentType")
            or call.headers.get("x-upload-content-type", "application/octet-stream"),
            generation_match,
            self._now(),
        )
        location = (
            f"{self._url()}/upload/storage/v1/b/{bucket.name}/o"
            f"?uploadType=resumable&upload_id={session_id}"
        )
        return HttpAnswer(200, b"", {"Location": location})

    def feed(self, session_id: str, request: HttpRequest) -> HttpAnswer:
        """Take a chunk, or tell how far the session is.

        Raises:
            ProtocolError: the request is against the protocol.
        """
        session = self.sessions.get(session_id)
        if session is None or self._now() >= session.begun_at + SESSION_LIFE:
            raise ApiError(self.lost_status, "notFound", "There is no such upload.")
        first, total = _read_range(request)
        if session.completed is not None:
            return HttpAnswer.of_json(200, session.completed)
        if first is not None:
            self._take(session, first, total, request.body)
        if total == len(session.received):
            return self._complete(session)
        received = len(session.received)
        headers = {"Range": f"bytes=0-{received - 1}"} if received else {}
        return HttpAnswer(308, b"", headers)

    def _take(self, session: Session, first: int, total: int | None, chunk: bytes) -> None:
        received = len(session.received)
        if first > received:
            raise ProtocolError(f"a chunk at {first} where {received} bytes are received")
        is_last = total == first + len(chunk)
        if not is_last and len(chunk) % PIECE:
            raise ProtocolError(f"a chunk of {len(chunk)} bytes that is not the last")
        self.chunks.append((first, len(chunk)))
        cut = self.cuts.pop(0) if self.cuts else None
        # Bytes that are there already are ignored (storage/docs/resumable-uploads#resent-data).
        arrived = chunk if cut is None else chunk[: cut.arriving // PIECE * PIECE]
        session.received += arrived[received - first :]
        if cut is not None and not cut.is_answered:
            raise ConnectionDropped(reset=True)

    def _complete(self, session: Session) -> HttpAnswer:
        self._buckets.find(session.bucket).check(session.name, session.generation_match)
        stored = self._buckets.put(
            session.bucket, session.name, session.received, session.content_type
        )
        session.completed = stored.resource(session.bucket, session.name)
        return HttpAnswer.of_json(200, session.completed)


def _read_range(request: HttpRequest) -> tuple[int | None, int | None]:
    """Return where the chunk begins, None without one, and the object's size, None if untold."""
    text = request.headers.get("content-range")
    if text is None:
        # The whole object in one request.
        return 0 if request.body else None, len(request.body)
    match = _RANGE.fullmatch(text)
    if match is None:
        raise ProtocolError(f"Content-Range is {text!r}")
    first, last, total = (None if part is None else int(part) for part in match.groups())
    length = 0 if first is None or last is None else last - first + 1
    if length != len(request.body):
        raise ProtocolError(f"Content-Range is {text!r} for {len(request.body)} bytes")
    if first is not None and length < 1:
        raise ProtocolError(f"Content-Range is {text!r}: it is empty")
    return first, total
