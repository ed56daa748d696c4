"""The double is one that Google's own client works with."""

import hashlib
import io
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import google_auth_httplib2
import httplib2
import pytest
import requests
from google.oauth2 import service_account
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload, build_http

from infra.cloud_storage import PIECE_BYTES, SCOPE
from tests.cloud_storage_double import CloudStorageDouble
from tests.cloud_storage_double.uploads import Cut


class PlainHttp:
    """The client takes Google's https for uploads, whatever endpoint it was given."""

    def __init__(self, http: Any) -> None:
        self._http = http

    def request(self, uri: str, *arguments: Any, **named: Any) -> Any:
        return self._http.request(uri.replace("https://", "http://"), *arguments, **named)

    def close(self) -> None:
        self._http.close()


@pytest.fixture
def double() -> Iterator[CloudStorageDouble]:
    with CloudStorageDouble() as double:
        double.buckets.add("films")
        yield double


@pytest.fixture
def objects(double: CloudStorageDouble) -> Iterator[Any]:
    credentials = service_account.Credentials.from_service_account_info(
        double.service_account_key(), scopes=[SCOPE]
    )
    with build(
        "storage",
        "v1",
        http=PlainHttp(google_auth_httplib2.AuthorizedHttp(credentials, http=build_http())),
        client_options={"api_endpoint": f"{double.url}/storage/v1/"},
        static_discovery=True,
    ) as client:
        yield client.objects()


@pytest.mark.parametrize("size", [0, 5, PIECE_BYTES, 2 * PIECE_BYTES + 1])
def test_googles_client_uploads(double: CloudStorageDouble, objects: Any, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    media = MediaIoBaseUpload(
        io.BytesIO(content[:size]), "video/mp4", chunksize=PIECE_BYTES, resumable=True
    )
    if size > PIECE_BYTES:
        double.uploads.cuts.append(Cut(0, is_answered=True))

    made = objects.insert(
        bucket="films", name="a/b", media_body=media, ifGenerationMatch="0"
    ).execute()

    assert objects.get(bucket="films", object="a/b").execute() == made
    assert made["size"] == str(size)
    assert made["md5Hash"] == b64encode(hashlib.md5(content[:size]).digest()).decode()
    assert double.violations == []


def test_generations(double: CloudStorageDouble, objects: Any) -> None:
    stored = double.buckets.put("films", "a/b", b"x", "video/mp4")
    media = MediaIoBaseUpload(io.BytesIO(b"y"), "video/mp4", resumable=True)

    with pytest.raises(HttpError, match="412"):
        objects.insert(
            bucket="films", name="a/b", media_body=media, ifGenerationMatch="0"
        ).execute()
    with pytest.raises(HttpError, match="412"):
        objects.delete(bucket="films", object="a/b", ifGenerationMatch="1").execute()
    objects.delete(bucket="films", object="a/b", ifGenerationMatch=str(stored.generation)).execute()

    with pytest.raises(HttpError, match="404"):
        objects.get(bucket="films", object="a/b").execute()


@pytest.mark.parametrize(
    ("content_range", "length", "problem"),
    [
        ("bytes 0-9/*", 10, "not the last"),
        ("bytes 10-19/20", 10, "0 bytes are received"),
        ("bytes 0-9/10", 9, "for 9 bytes"),
        ("bytes */", 0, "Content-Range"),
    ],
)
def test_what_no_client_may_send(
    double: CloudStorageDouble, objects: Any, content_range: str, length: int, problem: str
) -> None:
    media = MediaIoBaseUpload(io.BytesIO(b""), "video/mp4", resumable=True)
    request = objects.insert(bucket="films", name="a/b", media_body=media)
    request.resumable = None
    locations: list[httplib2.Response] = []
    request.add_response_callback(locations.append)
    request.execute()

    answer = requests.put(
        locations[0]["location"],
        data=b"x" * length,
        headers={"Content-Range": content_range},
        timeout=10,
    )

    assert answer.status_code == 400
    (violation,) = double.violations
    assert problem in violation
