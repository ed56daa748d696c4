"""Acting as a Workspace user, by domain-wide delegation.

With a service account's key file, or without any key through IAM's signBlob. Nothing is loaded,
read or asked for before the first token is needed.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Any

CLOUD_PLATFORM_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
OAUTH2_ENDPOINT = "https://oauth2.googleapis.com/token"
"""https://developers.google.com/identity/protocols/oauth2/service-account"""

Request = Callable[..., Any]
"""How google-auth sends its own requests: a `google.auth.transport.Request`."""


class DelegatedCredentials:
    """Makes credentials that act as one user each, and keeps the last used ones.

    Without a key file the application default credentials sign, for the account that has the
    delegation, which `service_account_email` names.
    """

    def __init__(
        self,
        service_account_email: str | None = None,
        key_file: str | None = None,
        request: Request | None = None,
        timeout_seconds: float = 10,
        capacity: int = 1000,
    ) -> None:
        self._service_account_email = service_account_email
        self._key_file = key_file
        self._request: Any = request or TimedRequest(timeout_seconds)
        self._timeout_seconds = timeout_seconds
        self._capacity = capacity
        self._lock = threading.Lock()
        self._account: Any = None
        self._users: OrderedDict[tuple[str, frozenset[str]], tuple[Any, threading.Lock]] = (
            OrderedDict()
        )

    def for_subject(
        self, subject: str, scopes: Collection[str], refused_token: str | None = None
    ) -> Any:
        """Return google-auth credentials that hold a token of this user, good for these scopes.

        A token that Google refused is replaced by a fresh one. However many threads ask, one of
        them mints the token and the others wait for it.

        Raises:
            google.auth.exceptions.GoogleAuthError: there is no token to be had.
            TimeoutError: another thread is at it for too long.
        """
        credentials, minting = self._user(subject, frozenset(scopes))
        if not minting.acquire(timeout=self._timeout_seconds):
            raise TimeoutError
        try:
            if not credentials.valid or credentials.token == refused_token:
                credentials.refresh(self._request)
        finally:
            minting.release()
        return credentials

    def _user(self, subject: str, scopes: frozenset[str]) -> tuple[Any, threading.Lock]:
        with self._lock:
            key = (subject, scopes)
            if key not in self._users:
                if self._account is None:
                    self._account = self._load_account()
                # One scope that is not granted spoils a whole token, so each set has its own.
                account = self._account.with_scopes(sorted(scopes))
                self._users[key] = (account.with_subject(subject), threading.Lock())
                if len(self._users) > self._capacity:
                    self._users.popitem(last=False)
            self._users.move_to_end(key)
            return self._users[key]

    def _load_account(self) -> Any:
        from google.auth.exceptions import DefaultCredentialsError
        from google.oauth2 import service_account

        if self._key_file is None:
            return self._keyless_account()
        try:
            return service_account.Credentials.from_service_account_file(self._key_file)
        except (OSError, ValueError) as error:
            raise DefaultCredentialsError("the key file is not one that can be used") from error

    def _keyless_account(self) -> Any:
        import google.auth
        from google.auth import iam
        from google.auth.credentials import (
            DEFAULT_UNIVERSE_DOMAIN,
            CredentialsWithUniverseDomain,
        )
        from google.oauth2 import service_account

        source, _ = google.auth.default(scopes=[CLOUD_PLATFORM_SCOPE], request=self._request)
        if isinstance(source, CredentialsWithUniverseDomain):
            # Delegation exists in this universe alone; unset, the metadata server is asked for it,
            # without our time limit.
            source = source.with_universe_domain(DEFAULT_UNIVERSE_DOMAIN)
        signer = iam.Signer(self._request, source, self._service_account_email)
        return service_account.Credentials(signer, self._service_account_email, OAUTH2_ENDPOINT)


class TimedRequest:
    """google-auth's requests with a time limit, over the HTTP library that Calendar's client uses.

    A connection a request: tokens are minted once an hour, and any thread may mint one.
    """

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        timeout: float | None = None,
        **_: Any,
    ) -> Any:
        import google_auth_httplib2
        import httplib2
        from google.auth.exceptions import TransportError

        http = httplib2.Http(timeout=min(timeout or self._timeout_seconds, self._timeout_seconds))
        try:
            return google_auth_httplib2.Request(http)(url, method, body, headers)
        except OSError as error:
            # google-auth itself knows, and at the metadata server retries, no other error.
            raise TransportError("no answer") from error
        finally:
            http.close()
