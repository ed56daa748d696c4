"""The key of the service account that the stand-ins for Google know."""

from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from google.auth import jwt

ACCOUNT = "calendar@project.iam.gserviceaccount.com"
OAUTH2 = "https://oauth2.googleapis.com/token"


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private_pem() -> str:
    pem = rsa_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode()


def claims(assertion: str) -> dict[str, Any]:
    """Verify what a token was asked with, and return it."""
    public = rsa_key().public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return dict(jwt.decode(assertion, certs=pem, audience=OAUTH2))
