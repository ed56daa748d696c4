"""Connections to Google's APIs as a Workspace user, for whichever adapter needs them."""

import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from functions.models import Meeting
from infra.credentials import DelegatedCredentials
from infra.google_errors import MALFORMED, UNREADABLE, translate

Result = TypeVar("Result")

IDLE_SECONDS = 60.0
"""A connection unused for longer may be dead without a sign, and would cost a whole time limit."""


class DelegatedConnections:
    """Carries googleapiclient's requests to Google as a user; safe for any number of threads.

    An httplib2.Http is not, so each serves one call at a time and waits here for the next: there
    are never more of them than calls at once.
    """

    def __init__(
        self,
        credentials: DelegatedCredentials,
        timeout_seconds: float,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._credentials = credentials
        self._timeout_seconds = timeout_seconds
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._idle: list[tuple[float, Any]] = []

    def execute(self, request: Any, subject: str, scopes: Collection[str]) -> Any:
        """Send the request once, or again after a 401 with a fresh token.

        Raises:
            UpstreamError: Google did not do it.
        """
        send_before = time.monotonic() + self._timeout_seconds
        credentials_of_user = partial(self._credentials.for_subject, subject, scopes)
        try:
            with self._connection() as connection:
                http = _UserHttp(connection, credentials_of_user, send_before)
                return request.execute(http=http, num_retries=0)
        except Exception as error:
            raise translate(error) from error

    def close(self) -> None:
        """Close the connections that no call is using; the next call opens a new one."""
        with self._lock:
            while self._idle:
                self._idle.pop()[1].close()

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        """Lend a connection to one call; one whose call failed is not lent again."""
        from httplib2 import Http

        http = self._take_idle() or Http(timeout=self._timeout_seconds)
        try:
            yield http
        except BaseException:
            http.close()
            raise
        with self._lock:
            self._idle.append((time.monotonic(), http))

    def _take_idle(self) -> Any:
        with self._lock:
            while self._idle:
                idle_since, http = self._idle.pop()
                if time.monotonic() - idle_since < self._idle_seconds:
                    return http
                http.close()
        return None


class Mailboxes:
    """Carries requests to Google as whoever owns a meeting; safe for any number of threads.

    That is the organizer where their domain is ours, otherwise the delegate.
    """

    def __init__(
        self,
        credentials: DelegatedCredentials,
        workspace_domains: frozenset[str],
        workspace_delegate: str,
        timeout_seconds: float = 10,
    ) -> None:
        self._connections = DelegatedConnections(credentials, timeout_seconds)
        self._workspace_domains = workspace_domains
        self._workspace_delegate = workspace_delegate

    def owner(self, meeting: Meeting) -> str:
        return self.owner_of(meeting.organizer_email)

    def owner_of(self, organizer_email: str) -> str:
        ours = organizer_email.rpartition("@")[2] in self._workspace_domains
        return organizer_email if ours else self._workspace_delegate

    def execute(self, request: Any, meeting: Meeting, scopes: Collection[str]) -> Any:
        """Send googleapiclient's request as the meeting's owner.

        Raises:
            UpstreamError: Google did not do it.
        """
        return self._connections.execute(request, self.owner(meeting), scopes)

    def read(
        self,
        request: Any,
        meeting: Meeting,
        scopes: Collection[str],
        parse: Callable[[dict[str, Any]], Result],
    ) -> Result:
        """Send the request as `execute` does; returns what `parse` makes of the resource answered.

        Raises:
            UpstreamError: Google did not do it, or `parse` stumbled over the answer.
        """
        return self.read_as(self.owner(meeting), request, scopes, parse)

    def read_as(
        self,
        mailbox: str,
        request: Any,
        scopes: Collection[str],
        parse: Callable[[dict[str, Any]], Result],
    ) -> Result:
        """Do what `read` does as this mailbox."""
        answer = self._connections.execute(request, mailbox, scopes)
        try:
            # What is not JSON the client hands over as text: `parse` stumbles over that too.
            return parse(answer)
        except MALFORMED as error:
            raise UNREADABLE.error() from error

    def close(self) -> None:
        """Close the connections that no call is using; the next call opens a new one."""
        self._connections.close()


class _UserHttp:
    """An httplib2.Http with a user's token, which is renewed once if Google refuses it.

    It sends nothing late, or an insert could reach Google after its cancellation.
    """

    def __init__(self, http: Any, credentials: Callable[..., Any], send_before: float) -> None:
        self._http = http
        self._credentials = credentials
        self._send_before = send_before

    def request(self, uri: str, method: str, body: Any, headers: dict[str, str]) -> Any:
        credentials = self._credentials()
        token = credentials.token
        response, content = self._send(credentials, uri, method, body, headers)
        if response.status == HTTPStatus.UNAUTHORIZED:
            credentials = self._credentials(refused_token=token)
            response, content = self._send(credentials, uri, method, body, headers)
        return response, content

    def _send(
        self, credentials: Any, uri: str, method: str, body: Any, headers: dict[str, str]
    ) -> Any:
        if time.monotonic() > self._send_before:
            raise TimeoutError
        headers = dict(headers)
        credentials.apply(headers)
        return self._http.request(uri, method, body, headers)
