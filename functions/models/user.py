"""Who may call, and as what."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.models.value import Value
from functions.roles import UserRole

USER_ID = re.compile(r"[0-9a-f]{64}")


class User(Value):
    id: str
    email: str
    role: UserRole = UserRole.EXTERNAL
    active: bool = True
    created_at: datetime
    updated_at: datetime

    @property
    def is_active_admin(self) -> bool:
        return self.active and self.role is UserRole.ADMIN


@dataclass(frozen=True)
class StoredUser:
    """A user as read, and what a later write must still find in place."""

    user: User
    version: Any


def user_id(email: str) -> str:
    """Return the id of whoever has this address, which is in lower case."""
    return hashlib.sha256(email.encode()).hexdigest()


def new_user(email: str, now: datetime, **values: Any) -> User:
    return User(id=user_id(email), email=email, created_at=now, updated_at=now, **values)
