"""An OIDC issuer of this machine: it signs ID tokens like Google's and publishes its key."""

import base64
import hashlib
import json
import threading
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from infra.local.json_app import Routes, json_answer

LIFETIME_SECONDS = 3600


class OidcIssuer:
    """Signs with the key, or one of this process, made when first needed.

    Safe to use from any thread.
    """

    def __init__(
        self,
        issuer: str,
        clock: Callable[[], float],
        private_key: rsa.RSAPrivateKey | None = None,
    ) -> None:
        self.issuer = issuer.rstrip("/")
        self._clock = clock
        self._lock = threading.Lock()
        self._private_key = private_key

    def mint(self, email: str, audience: str, lifetime_seconds: int = LIFETIME_SECONDS) -> str:
        """Return a signed ID token with the claims that Google's carry for service accounts."""
        private_key = self._key()
        issued_at = int(self._clock())
        subject = _subject(email)
        claims: dict[str, object] = {
            "iss": self.issuer,
            "aud": audience,
            "azp": subject,
            "sub": subject,
            "email": email,
            "email_verified": True,
            "iat": issued_at,
            "exp": issued_at + lifetime_seconds,
        }
        header: dict[str, object] = {"alg": "RS256", "typ": "JWT", "kid": _key_id(private_key)}
        signed = f"{_base64url_json(header)}.{_base64url_json(claims)}"
        signature = private_key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_base64url(signature)}"

    def configuration(self) -> dict[str, object]:
        """Return the discovery document, as at /.well-known/openid-configuration."""
        return {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def jwks(self) -> dict[str, object]:
        """Return the public key as a JSON Web Key Set."""
        private_key = self._key()
        numbers = private_key.public_key().public_numbers()
        return {
            "keys": [
                {
                    "kty": "RSA",
                    "use": "sig",
                    "alg": "RS256",
                    "kid": _key_id(private_key),
                    "n": _base64url_number(numbers.n),
                    "e": _base64url_number(numbers.e),
                }
            ]
        }

    def _key(self) -> rsa.RSAPrivateKey:
        # Making a key can take most of a second, which a start without OIDC should not cost.
        with self._lock:
            if self._private_key is None:
                self._private_key = new_key()
            return self._private_key


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def issuer_routes(issuer: OidcIssuer) -> Routes:
    """Return what has to be served at the issuer's URL."""
    return {
        "/.well-known/openid-configuration": {"GET": lambda _: json_answer(issuer.configuration())},
        "/jwks": {"GET": lambda _: json_answer(issuer.jwks())},
    }


def _key_id(private_key: rsa.RSAPrivateKey) -> str:
    modulus = private_key.public_key().public_numbers().n
    return hashlib.sha256(str(modulus).encode()).hexdigest()[:40]


def _subject(email: str) -> str:
    digest = hashlib.sha256(email.encode()).digest()
    return f"{int.from_bytes(digest[:8], 'big'):021d}"


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _base64url_json(document: dict[str, object]) -> str:
    return _base64url(json.dumps(document).encode())


def _base64url_number(number: int) -> str:
    return _base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))
