"""The OIDC issuer of the stand-in: it signs the tokens that tasks carry and publishes its key."""

import base64
import hashlib
import json
import threading
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

LIFETIME_SECONDS = 3600


class OidcIssuer:
    """Signs with a key of this process, made when first needed. Safe to use from any thread."""

    def __init__(self, issuer: str, clock: Callable[[], float]) -> None:
        self.issuer = issuer.rstrip("/")
        self._clock = clock
        self._lock = threading.Lock()
        self._private_key: rsa.RSAPrivateKey | None = None

    def mint(self, service_account_email: str, audience: str) -> str:
        """Return a signed ID token with the claims that Google's carry."""
        private_key = self._key()
        issued_at = int(self._clock())
        subject = _subject(service_account_email)
        claims: dict[str, object] = {
            "iss": self.issuer,
            "aud": audience,
            "azp": subject,
            "sub": subject,
            "email": service_account_email,
            "email_verified": True,
            "iat": issued_at,
            "exp": issued_at + LIFETIME_SECONDS,
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
                self._private_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            return self._private_key


def _key_id(private_key: rsa.RSAPrivateKey) -> str:
    modulus = private_key.public_key().public_numbers().n
    return hashlib.sha256(str(modulus).encode()).hexdigest()[:40]


def _subject(service_account_email: str) -> str:
    digest = hashlib.sha256(service_account_email.encode()).digest()
    return f"{int.from_bytes(digest[:8], 'big'):021d}"


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _base64url_json(document: dict[str, object]) -> str:
    return _base64url(json.dumps(document).encode())


def _base64url_number(number: int) -> str:
    return _base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))
