"""What is remembered under an Idempotency-Key."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from functions.models.value import Value

KEPT_FOR = timedelta(hours=24)


class Claim(Value):
    """The first use of a key, written in the commit of what the request does."""

    id: str
    """From the caller and the key: those of two callers never meet."""

    fingerprint: str
    """Of the method, the path and the body."""

    resource: str = ""
    """The id of what the request made or changed; to answer again by."""

    is_new: bool = True
    """Whether the request made it; False where it found what it asked for."""

    expires_at: datetime


class StoredAnswer(Value):
    """An answer as it was given first."""

    status: int
    headers: Mapping[str, str]
    body: str
    expires_at: datetime
