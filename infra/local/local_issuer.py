"""The issuer of `AUTH=local`: whoever can read its key file can be any caller of the stack."""

import contextlib
import os
import tempfile
import time
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from infra.local.oidc_issuer import OidcIssuer, new_key

PATH = "/local-issuer"
"""Where the stack serves it."""

KEY_FILE = Path(__file__).parents[2] / ".local" / "oidc-key.pem"
FIRST_ADMIN_EMAIL = "admin@clinica.com"
"""Who `make token` acts as, unless the variable of this name says otherwise."""


class KeyUnusable(Exception):
    """The key file cannot be used; the message says what to do."""


def local_issuer(url: str) -> OidcIssuer:
    """Return the issuer of the stack at this URL; raises KeyUnusable."""
    return OidcIssuer(f"{url}{PATH}", time.time, signing_key(KEY_FILE))


def signing_key(file: Path) -> rsa.RSAPrivateKey:
    """Return the key in the file, which the first process that needs it makes.

    Raises:
        KeyUnusable: there is no RSA key in it, or it cannot be read or made.
    """
    try:
        try:
            pem = file.read_bytes()
        except FileNotFoundError:
            _make(file)
            pem = file.read_bytes()
        key = serialization.load_pem_private_key(pem, password=None)
    except OSError as error:
        raise KeyUnusable(f"{file}: {os.strerror(error.errno or 0)}") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyUnusable(f"{file} has no private key: remove it, and another is made") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeyUnusable(f"{file} has no RSA key: remove it, and another is made")
    return key


def _make(file: Path) -> None:
    """Put a new key there at once and whole, unless another process was first."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = new_key().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    descriptor, draft = tempfile.mkstemp(dir=file.parent)  # with mode 0600
    try:
        with open(descriptor, "wb") as opened:
            opened.write(pem)
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
    finally:
        os.unlink(draft)
