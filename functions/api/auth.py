"""Who calls.

With AUTH=off, which only the local stack takes, everybody is the local administrator. Verified
tokens and roles have their place here: one function from a request to a caller.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Caller:
    email: str


LOCAL_CALLER = Caller(email="local@localhost")


def caller() -> Caller:
    """Return who sent the request."""
    return LOCAL_CALLER
