"""An OIDC issuer's public keys, fetched when needed and kept while they serve."""

import json
import logging
import math
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from functions.errors import InvalidToken

if TYPE_CHECKING:
    from jwt import PyJWK

FRESH_SECONDS = 3600
USABLE_SECONDS = 24 * 3600
UNKNOWN_KEY_PAUSE_SECONDS = 60
FAILURE_PAUSE_SECONDS = 10
TIMEOUT_SECONDS = 3.0
PATIENCE_SECONDS = 10.0
"""How long a thread waits for another one's fetch; an issuer that trickles holds only that one."""
MAX_BODY_BYTES = 2**20
CHUNK_BYTES = 2**16
DISCOVERY_PATH = "/.well-known/openid-configuration"
PUBLIC_MEMBERS = {"RSA": ("n", "e"), "EC": ("crv", "x", "y")}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Keys = dict[tuple[str, str], "PyJWK"]
"""By kid and algorithm."""

logger = logging.getLogger(__name__)


class IssuerKeys:
    """The keys that this one issuer signs with. Safe to use from any thread."""

    def __init__(self, issuer: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._monotonic = monotonic
        self._fetching = threading.Lock()
        self._fetched = _Fetched({}, -math.inf)
        self._tried_at = -math.inf

    def find(self, key_id: str, algorithm: str) -> "PyJWK":
        """Return the key; one thread fetches, the others use what is there or wait for it.

        Raises:
            InvalidToken: the issuer has no such key, or its keys cannot be had.
        """
        name = (key_id, algorithm)
        if self._should_fetch(name):
            patience = 0 if name in self._usable() else PATIENCE_SECONDS
            if self._fetching.acquire(timeout=patience):
                try:
                    if self._should_fetch(name):
                        self._fetch()
                finally:
                    self._fetching.release()
        if self._age() >= USABLE_SECONDS:
            raise InvalidToken("keys_unavailable")
        try:
            return self._fetched.keys[name]
        except KeyError:
            raise InvalidToken("unknown_key") from None

    def _age(self) -> float:
        return self._monotonic() - self._fetched.at

    def _usable(self) -> Keys:
        return self._fetched.keys if self._age() < USABLE_SECONDS else {}

    def _should_fetch(self, name: tuple[str, str]) -> bool:
        since_last_try = self._monotonic() - self._tried_at
        if self._age() >= FRESH_SECONDS:
            return since_last_try >= FAILURE_PAUSE_SECONDS
        # Anybody can send a kid that does not exist: it must not buy a fetch each time.
        return name not in self._fetched.keys and since_last_try >= UNKNOWN_KEY_PAUSE_SECONDS

    def _fetch(self) -> None:
        try:
            keys = _usable_keys(self._jwks())
            self._fetched = _Fetched(keys, self._monotonic())
        except _FetchFailed as failure:
            extra = {"issuer": self._issuer, "code": failure.code}
            logger.warning("an issuer's keys cannot be fetched", extra=extra)
        finally:
            self._tried_at = self._monotonic()

    def _jwks(self) -> list[Any]:
        configuration = self._get(self._issuer.rstrip("/") + DISCOVERY_PATH)
        if configuration.get("issuer") != self._issuer:
            raise _FetchFailed("wrong_issuer")
        keys = self._get(configuration.get("jwks_uri")).get("keys")
        if not isinstance(keys, list):
            raise _FetchFailed("no_keys")
        return keys

    def _get(self, url: object) -> dict[str, Any]:
        try:
            if not isinstance(url, str) or not self._is_safe(url):
                raise _FetchFailed("insecure_url")
            document = json.loads(_body(url))
        except OSError:  # every error of requests is one
            raise _FetchFailed("unreachable") from None
        except (ValueError, RecursionError):
            raise _FetchFailed("malformed") from None
        if not isinstance(document, dict):
            raise _FetchFailed("malformed")
        return document

    def _is_safe(self, url: str) -> bool:
        if urlsplit(url).scheme == "https":
            return True
        return _is_http_on_loopback(url) and _is_http_on_loopback(self._issuer)


class _Fetched(NamedTuple):
    """Replaced as a whole, so that no thread sees new keys with an old time."""

    keys: Keys
    at: float


class _FetchFailed(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _body(url: str) -> bytes:
    import requests

    with requests.get(url, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True) as response:
        if response.status_code != 200:
            raise _FetchFailed("unexpected_status")
        body = bytearray()
        give_up_at = time.monotonic() + TIMEOUT_SECONDS
        for chunk in response.iter_content(CHUNK_BYTES):
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise _FetchFailed("too_large")
            # The timeout is of each read alone, and a server can send a byte at a time.
            if time.monotonic() > give_up_at:
                raise _FetchFailed("unreachable")
        return bytes(body)


def _is_http_on_loopback(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def _usable_keys(jwks: list[Any]) -> Keys:
    """Return the keys that can verify; others, as an issuer may publish, are left out."""
    keys = {}
    for jwk in jwks:
        key = _usable_key(jwk)
        if key is not None:
            keys[jwk["kid"], key.algorithm_name] = key
    return keys


def _usable_key(jwk: Any) -> "PyJWK | None":
    import jwt

    if not isinstance(jwk, dict) or not isinstance(jwk.get("kid"), str):
        return None
    kty = jwk.get("kty")
    if not isinstance(kty, str) or kty not in PUBLIC_MEMBERS or jwk.get("use", "sig") != "sig":
        return None
    public = {"kty": kty} | {member: jwk.get(member) for member in PUBLIC_MEMBERS[kty]}
    try:
        key = jwt.PyJWK(public)
    except jwt.PyJWTError:
        return None
    is_weak = key.Algorithm.check_key_length(key.key) is not None
    return None if is_weak or jwk.get("alg", key.algorithm_name) != key.algorithm_name else key
