"""A bucket of Cloud Storage: objects written once, by resumable upload sessions.

Over the JSON API without googleapiclient: its upload begins a session and sends in one step, and
so leaves no moment to save the session's URL.
https://cloud.google.com/storage/docs/performing-resumable-uploads
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote, urlencode

from functions.errors import ChangedError, GoneError, NotFoundError, PermanentError
from infra.google_errors import MALFORMED, UNREADABLE, Row, translate
from infra.service_http import ServiceHttp

Parsed = TypeVar("Parsed")

SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"
ENDPOINT = "https://storage.googleapis.com"

PIECE_BYTES = 256 * 1024
"""A session takes multiples of it, and anything as the last part.

https://cloud.google.com/storage/docs/performing-resumable-uploads#chunked-upload
"""

RECEIVED = re.compile(r"bytes=0-(\d+)")

FORBIDDEN = Row(
    "api", "403", "", PermanentError, "bucket_forbidden",
    "Grant the service account roles/storage.objectUser on the bucket RECORDING_BUCKET in the"
    " Google Cloud console under Cloud Storage > Buckets > Permissions.",
)  # fmt: skip
NOT_FOUND = Row(
    "api", "404", "", PermanentError, "bucket_not_found",
    "Set RECORDING_BUCKET to a bucket that exists in the Google Cloud console under Cloud Storage >"
    " Buckets.",
)  # fmt: skip
REFUSED = Row(
    "api", "400", "", PermanentError, "bucket_refuses",
    "Cloud Storage refuses the copy of a recording: check the bucket's state and retention policy"
    " in the Google Cloud console under Cloud Storage > Buckets.",
)  # fmt: skip
ROWS: Mapping[str, Row] = {"forbidden": FORBIDDEN, "request_rejected": REFUSED}
"""What some codes of Google's failures mean here."""


class StoredObject(NamedTuple):
    name: str
    size_bytes: int
    md5_checksum: str | None
    """In hexadecimal digits, as Drive writes it; None: it was composed of other objects.

    https://cloud.google.com/storage/docs/composite-objects
    """

    generation: str


class UploadLost(Exception):
    """Nothing comes of the session any more, or the object was made by somebody: look again."""


class Bucket:
    """One bucket as the service itself, by application default credentials.

    Made without reading or sending anything; safe for any number of threads. Nothing is tried
    twice here. Every method raises UpstreamError besides what it names.
    """

    def __init__(self, name: str, endpoint: str | None = None, timeout_seconds: float = 10) -> None:
        self._endpoint = (endpoint or ENDPOINT).rstrip("/")
        self._objects_path = f"storage/v1/b/{quote(name, safe='')}/o"
        self._http = ServiceHttp(SCOPE, timeout_seconds)

    def find(self, name: str) -> StoredObject | None:
        """Read what is known of an object; None: there is none of this name."""
        try:
            _, content = self._call("GET", self._url(name, fields="size,md5Hash,generation"))
        except NotFoundError:
            return None
        return _parsed(lambda: _stored_object(name, json.loads(content)))

    def begin_upload(self, name: str, content_type: str) -> str:
        """Begin the upload of a new object; returns the URL of the session.

        Whoever has the URL can write the object, for a week.

        Raises:
            UploadLost: there is an object of this name.
        """
        query = urlencode({"uploadType": "resumable", "ifGenerationMatch": "0"})
        url = f"{self._endpoint}/upload/{self._objects_path}?{query}"
        body = json.dumps({"name": name, "contentType": content_type}).encode()
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "X-Upload-Content-Type": content_type,
        }
        try:
            response, _ = self._call("POST", url, body, headers)
        except ChangedError as error:
            raise UploadLost from error
        except NotFoundError as error:
            raise NOT_FOUND.error() from error
        return _parsed(lambda: str(response["location"]))

    def received_bytes(self, upload_url: str) -> int | None:
        """Ask a session how much it has; None: the object is complete.

        Raises:
            UploadLost: the session is gone, or somebody else has made the object.
        """
        return self._put(upload_url, b"", "bytes */*")

    def send(self, upload_url: str, offset: int, data: bytes, size: int) -> int | None:
        """Send a part of an object of this size; returns what `received_bytes` then would.

        What the session has already it ignores.

        Raises:
            UploadLost: the session is gone, or somebody else has made the object.
        """
        stop = offset + len(data)
        # A session that was told the size before the end would not take a file that grew.
        total = str(size) if stop == size else "*"
        span = f"{offset}-{stop - 1}" if data else "*"
        return self._put(upload_url, data, f"bytes {span}/{total}")

    def delete(self, stored: StoredObject) -> None:
        """Delete an object as it was read; one that is gone, or another since, is left alone."""
        try:
            self._call("DELETE", self._url(stored.name, ifGenerationMatch=stored.generation))
        except (GoneError, ChangedError):
            return

    def _url(self, name: str, **query: str) -> str:
        path = f"{self._objects_path}/{quote(name, safe='')}"
        return f"{self._endpoint}/{path}?{urlencode(query)}"

    def _call(
        self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[Any, bytes]:
        response, content = self._http.call(method, url, body, headers or {})
        _raise_for_status(response, content)
        return response, content

    def _put(self, upload_url: str, data: bytes, content_range: str) -> int | None:
        # The URL itself admits: no token goes to an address that was stored.
        headers = {"Content-Range": content_range}
        response, content = self._http.send("PUT", upload_url, data, headers)
        if response.status == HTTPStatus.PERMANENT_REDIRECT:
            return _parsed(lambda: _received(response.get("range")))
        try:
            _raise_for_status(response, content)
        except (GoneError, ChangedError) as error:
            raise UploadLost from error
        return None


def _raise_for_status(response: Any, content: bytes) -> None:
    from googleapiclient.errors import HttpError

    if response.status < HTTPStatus.MULTIPLE_CHOICES:
        return
    error = HttpError(response, content)
    translated = translate(error)
    row = ROWS.get(translated.code)
    raise (row.error() if row else translated) from error


def _parsed(parse: Callable[[], Parsed]) -> Parsed:
    try:
        return parse()
    except MALFORMED as error:
        raise UNREADABLE.error() from error


def _received(header: str | None) -> int:
    """Return how many bytes a session has, by its Range header; without one it has none."""
    if header is None:
        return 0
    match = RECEIVED.fullmatch(header)
    if match is None:
        raise ValueError(header)
    return int(match[1]) + 1


def _stored_object(name: str, resource: Mapping[str, Any]) -> StoredObject:
    md5_hash = resource.get("md5Hash")
    return StoredObject(
        name=name,
        size_bytes=int(resource["size"]),
        md5_checksum=base64.b64decode(md5_hash, validate=True).hex() if md5_hash else None,
        generation=str(resource["generation"]),
    )
