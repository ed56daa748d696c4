"""Who calls, and whether their role allows it.

With AUTH=off, which only the local stack takes, everybody is the local administrator.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from flask import g

from functions.api.rate_limit import RateLimiter
from functions.bearer import verified_email
from functions.errors import Refused
from functions.models import User, UserRole, new_user, user_id
from functions.ports import TokenVerifier
from functions.tracing import Headers
from functions.users import UserDirectory


@dataclass(frozen=True)
class Caller:
    user: User

    @property
    def email(self) -> str:
        return self.user.email

    @property
    def is_external(self) -> bool:
        return self.user.role is UserRole.EXTERNAL


@cache
def local_caller() -> Caller:
    beginning = datetime.fromtimestamp(0, UTC)
    return Caller(new_user("local@localhost", beginning, role=UserRole.ADMIN))


@dataclass(frozen=True)
class Authenticator:
    verifier: TokenVerifier | None
    """None: everybody is the local administrator."""

    users: UserDirectory
    limiter: RateLimiter

    def admit(self, headers: Headers, roles: Set[UserRole]) -> Caller:
        """Return who sends a request with these headers, if their role is one of these.

        Raises:
            Refused, InvalidToken: nobody knows who it is, or it is none of these.
            RateLimited: it is, but too often.
        """
        if self.verifier is None:
            return local_caller()
        email = verified_email(headers, self.verifier)
        self.limiter.count(user_id(email))
        user = self.users.find(email)
        if user is None or not user.active:
            raise Refused("unknown_caller")
        if user.role not in roles:
            raise Refused("forbidden")
        return Caller(user)


def caller() -> Caller:
    """Return who sent the request, as it was admitted."""
    admitted: Caller = g.caller
    return admitted
