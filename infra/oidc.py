"""ID tokens of OpenID Connect: who calls, proven by an issuer's signature.

https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
"""

import math
import time
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from functions.errors import InvalidToken
from infra.oidc_keys import IssuerKeys

MAX_TOKEN_LENGTH = 8192
LEEWAY_SECONDS = 60
ALGORITHMS = ("RS256", "ES256")
REQUIRED_CLAIMS = ("iss", "aud", "exp", "iat", "email", "email_verified")
REMOVED_SIGNATURE = "SIGNATURE_REMOVED_BY_GOOGLE"
"""What Cloud Run puts in place of the signature once its own IAM check has verified it.

https://cloud.google.com/run/docs/troubleshooting#signature-removed
"""
OTHER_NAMES = {"accounts.google.com": "https://accounts.google.com"}
"""Google's tokens name their issuer in either way.

https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
"""


class OidcVerifier:
    """Verifies ID tokens of these issuers for these audiences. Safe to use from any thread.

    `trusts_removed_signature` is for a service that nobody reaches without Cloud Run's IAM check:
    elsewhere anybody could write such a token.
    """

    def __init__(
        self,
        issuers: Collection[str],
        audiences: frozenset[str],
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        trusts_removed_signature: bool = False,
    ) -> None:
        self._keys = {issuer: IssuerKeys(issuer, monotonic) for issuer in issuers}
        self._audiences = audiences
        self._now = now
        self._trusts_removed_signature = trusts_removed_signature

    def verify(self, token: str, is_checked: bool = True) -> str:
        """Return the verified email that the ID token is about, in lower case.

        A removed signature is trusted where it may be, of a token that the front end checked.

        Raises:
            InvalidToken: the token proves nothing, or its issuer's keys cannot be had.
        """
        if len(token) > MAX_TOKEN_LENGTH:
            raise InvalidToken("too_large")
        header, claims = _unverified(token)
        if header.get("alg") not in ALGORITHMS:
            raise InvalidToken("unsupported_algorithm")
        if any(claims.get(name) is None for name in REQUIRED_CLAIMS):
            raise InvalidToken("missing_claim")
        keys = self._keys_of(claims["iss"])
        if not token.endswith("." + REMOVED_SIGNATURE):
            _verify_signature(token, header, keys)
        elif not (self._trusts_removed_signature and is_checked):
            raise InvalidToken("signature_removed")
        self._check_audience(claims["aud"])
        self._check_times(claims)
        return _verified_email(claims)

    def _keys_of(self, issuer: object) -> IssuerKeys:
        if isinstance(issuer, str):
            keys = self._keys.get(OTHER_NAMES.get(issuer, issuer))
            if keys is not None:
                return keys
        raise InvalidToken("unknown_issuer")

    def _check_audience(self, audience: object) -> None:
        # Of several audiences each must be ours: another of them could hand the token on to us.
        audiences = audience if isinstance(audience, list) else [audience]
        if not audiences or not all(isinstance(a, str) and a in self._audiences for a in audiences):
            raise InvalidToken("wrong_audience")

    def _check_times(self, claims: dict[str, Any]) -> None:
        now = self._now().timestamp()
        issued_at = _time(claims["iat"])
        if now >= _time(claims["exp"]) + LEEWAY_SECONDS:
            raise InvalidToken("expired")
        if max(issued_at, _time(claims.get("nbf", issued_at))) > now + LEEWAY_SECONDS:
            raise InvalidToken("not_yet_valid")


def _unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    import jwt

    try:
        parts = jwt.decode_complete(token, options={"verify_signature": False})
    except (jwt.PyJWTError, UnicodeEncodeError):
        raise InvalidToken("malformed") from None
    if "crit" in parts["header"]:  # an extension that must be understood: none is
        raise InvalidToken("malformed")
    return parts["header"], parts["payload"]


def _verify_signature(token: str, header: dict[str, Any], keys: IssuerKeys) -> None:
    import jwt

    if "kid" not in header:
        raise InvalidToken("unknown_key")
    key = keys.find(header["kid"], header["alg"])
    try:
        jwt.PyJWS().decode(token, key, [key.algorithm_name])
    except jwt.PyJWTError:
        raise InvalidToken("invalid_signature") from None


def _time(claim: object) -> float:
    # A bool is an int, and json reads NaN and Infinity.
    if isinstance(claim, int | float) and not isinstance(claim, bool):
        if -math.inf < claim < math.inf:
            return claim
    raise InvalidToken("malformed")


def _verified_email(claims: dict[str, Any]) -> str:
    email = claims["email"]
    # Some other letters become ASCII in lower case, and so one address another: "\u212a" is a k.
    if not isinstance(email, str) or not email or not email.isascii():
        raise InvalidToken("malformed")
    if claims["email_verified"] is not True:
        raise InvalidToken("email_unverified")
    return email.lower()
