"""The OAuth token endpoint for service accounts: keys, delegated scopes, access tokens.

Tokens live by the real clock, not the double's: google-auth writes its assertions by it.
"""

import functools
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt, jwt
from google.auth.exceptions import GoogleAuthError

from tests.workspace_double.directory import Directory
from tests.workspace_double.errors import OAuthError

# google-auth hard-codes it, whatever the key file's token_uri says
# (google/oauth2/service_account.py, _make_authorization_grant_assertion).
GOOGLE_TOKEN_URI = "https://oauth2.googleapis.com/token"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_LIFE_SECONDS = 3600


@dataclass(frozen=True)
class Token:
    """An access token: who acts (`subject`), through which service account, on what."""

    subject: str
    service_account: str
    scopes: frozenset[str]
    expires_at: float


@functools.cache
def signing_key(service_account: str) -> rsa.RSAPrivateKey:
    """Make the key of a service account, once per process: it takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private_pem(service_account: str) -> str:
    return (
        signing_key(service_account)
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )


def _public_pem(service_account: str) -> bytes:
    return (
        signing_key(service_account)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def key_id(service_account: str) -> str:
    return f"{signing_key(service_account).public_key().public_numbers().n % 16**40:040x}"


def signer(service_account: str) -> crypt.Signer:
    return crypt.RSASigner(signing_key(service_account), key_id(service_account))


class OAuth:
    """Registered service accounts and the tokens issued for them."""

    def __init__(self, directory: Directory, known_scopes: Iterable[str]) -> None:
        self._directory = directory
        self._known_scopes = frozenset(known_scopes)
        self._delegated: dict[str, set[str]] = {}
        self._tokens: dict[str, Token] = {}
        self.token_uri = GOOGLE_TOKEN_URI

    def register(self, service_account: str) -> None:
        """Let the service account exist, with no delegated scope."""
        self._delegated.setdefault(service_account, set())

    def is_registered(self, service_account: str) -> bool:
        return service_account in self._delegated

    def delegate(self, service_account: str, scopes: Iterable[str]) -> None:
        """Grant domain-wide delegation, as the Workspace administrator does."""
        self.register(service_account)
        self._delegated[service_account] |= set(scopes)

    def revoke(self, service_account: str, scopes: Iterable[str]) -> None:
        """Take delegated scopes back; tokens that carry them live on until they expire."""
        self._delegated[service_account] -= set(scopes)

    def issue(self, subject: str, service_account: str, scopes: Iterable[str]) -> str:
        """Issue an access token without asking questions."""
        text = f"ya29.{secrets.token_urlsafe(24)}"
        self._tokens[text] = Token(
            subject, service_account, frozenset(scopes), time.time() + TOKEN_LIFE_SECONDS
        )
        return text

    def find(self, text: str) -> Token | None:
        """Find a token that was issued here, expired or not."""
        return self._tokens.get(text)

    def is_expired(self, token: Token) -> bool:
        return token.expires_at <= time.time() or self._directory.is_barred(token.subject)

    def expire_tokens(self) -> None:
        """Let every issued token be expired; clients learn it from a 401."""
        self._tokens = {
            text: Token(token.subject, token.service_account, token.scopes, 0)
            for text, token in self._tokens.items()
        }

    def exchange(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Answer `POST /token`.

        Raises:
            OAuthError: the assertion is refused.
        """
        if form.get("grant_type") != JWT_BEARER:
            raise OAuthError(400, "unsupported_grant_type", f"Invalid grant_type: {form!r}")
        claims = self._claims(form.get("assertion", ""))
        service_account = claims["iss"]
        subject = claims.get("sub", service_account)
        scopes = set(str(claims.get("scope", "")).split())
        if not scopes or not scopes <= self._known_scopes:
            # The text is Google's (google-auth issues quote it).
            raise OAuthError(
                400, "invalid_scope", "Invalid OAuth scope or ID token audience provided."
            )
        if subject != service_account:
            self._check_delegation(service_account, subject, scopes)
        return {
            "access_token": self.issue(subject, service_account, scopes),
            "expires_in": TOKEN_LIFE_SECONDS - 1,
            "token_type": "Bearer",
        }

    def _claims(self, assertion: str) -> Mapping[str, Any]:
        try:
            service_account = jwt.decode(assertion, verify=False).get("iss")
            if service_account not in self._delegated:
                raise OAuthError(400, "invalid_grant", "Invalid grant: account not found")
            claims: Mapping[str, Any] = jwt.decode(
                assertion,
                certs=_public_pem(service_account),
                audience=[GOOGLE_TOKEN_URI, self.token_uri],
            )
        except (ValueError, GoogleAuthError) as error:
            raise OAuthError(400, "invalid_grant", f"Invalid JWT: {error}") from error
        if claims["exp"] - claims["iat"] > TOKEN_LIFE_SECONDS:
            raise OAuthError(
                400, "invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes)"
            )
        return claims

    def _check_delegation(self, service_account: str, subject: str, scopes: set[str]) -> None:
        # One ungranted scope makes the whole request fail (facts/google.md §1).
        if not scopes <= self._delegated[service_account]:
            raise OAuthError(
                401,
                "unauthorized_client",
                "Client is unauthorized to retrieve access tokens using this method, or client"
                " not authorized for any of the scopes requested.",
            )
        user = self._directory.find(subject)
        if user is None or user.suspended:
            raise OAuthError(400, "invalid_grant", "Invalid email or User ID")


def bearer_of(authorization: str) -> str:
    """Take the token out of an Authorization header; empty if there is none."""
    scheme, _, text = authorization.partition(" ")
    return text if scheme.lower() == "bearer" else ""
