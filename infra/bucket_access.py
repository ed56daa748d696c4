"""Whether the service may do with a bucket of Cloud Storage what copying recordings takes."""

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from infra.cloud_storage import ENDPOINT, FORBIDDEN, NOT_FOUND, SCOPE
from infra.google_errors import MALFORMED, UNREADABLE, translate
from infra.service_http import ServiceHttp

NEEDED = frozenset(
    f"storage.objects.{permission}" for permission in ("create", "delete", "get", "list")
)
"""Without `list` an object that is not there is forbidden instead of missing."""


def require_bucket(name: str, endpoint: str | None = None, timeout_seconds: float = 10) -> None:
    """Ask Cloud Storage which of the permissions the service has; nothing is written.

    https://cloud.google.com/storage/docs/json_api/v1/buckets/testIamPermissions

    Raises:
        UpstreamError: there is no such bucket, or a permission is missing.
    """
    query = urlencode([("permissions", permission) for permission in sorted(NEEDED)])
    path = f"storage/v1/b/{quote(name, safe='')}/iam/testPermissions"
    url = f"{(endpoint or ENDPOINT).rstrip('/')}/{path}?{query}"
    response, content = ServiceHttp(SCOPE, timeout_seconds).call("GET", url, b"", {})
    if not NEEDED <= _granted(response, content):
        raise FORBIDDEN.error()


def _granted(response: Any, content: bytes) -> set[str]:
    from googleapiclient.errors import HttpError

    if response.status == HTTPStatus.NOT_FOUND:
        raise NOT_FOUND.error()
    if response.status != HTTPStatus.OK:
        error = HttpError(response, content)
        failure = translate(error)
        raise (FORBIDDEN.error() if failure.code == "forbidden" else failure) from error
    try:
        return set(json.loads(content).get("permissions", ()))
    except MALFORMED as error:
        raise UNREADABLE.error() from error
