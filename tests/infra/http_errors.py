"""Errors as Google's APIs answer them, and what they are judged to be."""

import json

import httplib2
from googleapiclient.errors import HttpError

from functions.errors import UpstreamError

SECRET = "ana@clinic.example https://meet.google.com/abc-defg-hij"


def http_error(status: int, content: bytes) -> HttpError:
    return HttpError(httplib2.Response({"status": status, "reason": SECRET}), content)


def calendar_error(status: int, reason: str, message: str = SECRET) -> HttpError:
    entry = {"domain": "global", "reason": reason, "message": message}
    error = {"code": status, "message": message, "errors": [entry]}
    return http_error(status, json.dumps({"error": error}).encode())


def cloud_error(status: int, reason: str) -> HttpError:
    """Make an error in the style of the newer APIs: no `errors`, the reason among the details."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    error = {"code": status, "message": SECRET, "status": "X", "details": details}
    return http_error(status, json.dumps({"error": error}).encode())


def judged(error: UpstreamError) -> tuple[type[UpstreamError], str]:
    return type(error), error.code
