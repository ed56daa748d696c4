"""Requests to a Google Cloud API as the service itself, by application default credentials."""

import threading
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from infra.credentials import TimedRequest
from infra.google_errors import translate


class ServiceHttp:
    """Sends each request over a connection of its own; safe for any number of threads.

    Nothing is read or asked for before the first request. An answer is returned whatever its
    status; every method raises UpstreamError where there is none.
    """

    def __init__(self, scope: str, timeout_seconds: float) -> None:
        self._scope = scope
        self._timeout_seconds = timeout_seconds
        self._lock = threading.Lock()
        self._credentials: Any = None

    def call(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[Any, bytes]:
        """Send a request with a token, which is renewed once if Google refuses it."""
        token = self._token()
        response, content = self.send(method, url, body, _authorized(headers, token))
        if response.status == HTTPStatus.UNAUTHORIZED:
            token = self._token(refused_token=token)
            response, content = self.send(method, url, body, _authorized(headers, token))
        return response, content

    def send(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[Any, bytes]:
        """Send a request without a token; a redirection is not followed."""
        from httplib2 import Http

        http = Http(timeout=self._timeout_seconds)
        http.follow_redirects = False
        try:
            response, content = http.request(url, method, body, dict(headers))
        except Exception as error:
            raise translate(error) from error
        finally:
            http.close()
        return response, content

    def _token(self, refused_token: str | None = None) -> str:
        request: Any = TimedRequest(self._timeout_seconds)
        with self._lock:
            try:
                if self._credentials is None:
                    import google.auth

                    self._credentials, _ = google.auth.default([self._scope], request)
                if not self._credentials.valid or self._credentials.token == refused_token:
                    self._credentials.refresh(request)
            except Exception as error:
                raise translate(error) from error
            return str(self._credentials.token)


def _authorized(headers: Mapping[str, str], token: str) -> dict[str, str]:
    return {**headers, "Authorization": f"Bearer {token}"}
