"""The people of the double's Workspace, shared by every API it plays."""

import hashlib
from dataclasses import dataclass


@dataclass
class User:
    """A Workspace account; a test may change its flags at any moment."""

    email: str
    suspended: bool = False
    no_calendar: bool = False
    no_meet: bool = False
    no_recording: bool = False
    time_zone: str | None = None


class Directory:
    """Users by email, whatever its case."""

    def __init__(self) -> None:
        self._users: dict[str, User] = {}
        self._deleted: set[str] = set()

    def add(self, user: User) -> User:
        self._deleted.discard(user.email.lower())
        self._users[user.email.lower()] = user
        return user

    def delete(self, email: str) -> None:
        del self._users[email.lower()]
        self._deleted.add(email.lower())

    def is_barred(self, email: str) -> bool:
        """Whether the account was deleted or is suspended: its tokens are worth nothing."""
        user = self.find(email)
        return email.lower() in self._deleted or (user is not None and user.suspended)

    def find(self, email: str) -> User | None:
        return self._users.get(email.lower())


def user_id(email: str) -> int:
    """Tell the number by which Meet and Drive know the account."""
    return 10**20 + int(hashlib.sha256(email.lower().encode()).hexdigest(), 16) % 10**20
