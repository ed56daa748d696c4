"""A google-auth transport that sends Google's fixed hosts to the double."""

from collections.abc import Callable, Mapping
from typing import Any

import requests
from google.auth.transport.requests import Request
from requests.adapters import HTTPAdapter

# google-auth knows no setting for these two.
_HOSTS = ("https://iamcredentials.googleapis.com", "https://oauth2.googleapis.com")


class GoogleHosts:
    """Makes transports, and closes them."""

    def __init__(self, url: Callable[[], str]) -> None:
        self._url = url
        self._sessions: list[requests.Session] = []

    def request(self) -> Request:
        session = requests.Session()
        session.trust_env = False
        for host in _HOSTS:
            session.mount(host, _Redirection(host, self._url()))
        self._sessions.append(session)
        return Request(session)

    def close(self) -> None:
        for session in self._sessions:
            session.close()


class _Redirection(HTTPAdapter):
    def __init__(self, host: str, url: str) -> None:
        super().__init__()
        self._host = host
        self._target = url

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        request.url = self._target + str(request.url).removeprefix(self._host)
        return super().send(request, stream, timeout, verify, cert, proxies)
