"""The ID token that a request carries."""

from dataclasses import dataclass

from functions.errors import Refused
from functions.ports import TokenVerifier
from functions.tracing import Headers

HEADERS = ("Authorization", "X-Serverless-Authorization")
"""Where both are sent, Google's front end checks the second and leaves the first as it is.

https://cloud.google.com/run/docs/authenticating/service-to-service
"""


def verified_email(headers: Headers, verifier: TokenVerifier) -> str:
    """Return the email of the request's token.

    Raises:
        Refused: there is no token.
        InvalidToken: it proves nothing.
    """
    own, serverless = (_token(headers.get(name, "")) for name in HEADERS)
    if own is not None:
        # With both, the front end has looked at the other one: this one may be anybody's.
        return verifier.verify(own, is_checked=not headers.get(HEADERS[1], ""))
    if serverless is not None:
        return verifier.verify(serverless, is_checked=True)
    raise Refused("unauthenticated")


def _token(header: str) -> str | None:
    scheme, _, token = header.strip().partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


@dataclass(frozen=True)
class OnlyCaller:
    """The one account that calls an internal function."""

    verifier: TokenVerifier
    email: str

    def admit(self, headers: Headers) -> None:
        """Raise Refused or InvalidToken unless the request comes from that account."""
        if verified_email(headers, self.verifier) != self.email:
            raise Refused("forbidden")
