"""The people of the double's Workspace, shared by every API it plays."""

from dataclasses import dataclass


@dataclass
class User:
    """A Workspace account; a test may change its flags at any moment."""

    email: str
    suspended: bool = False
    no_calendar: bool = False
    no_meet: bool = False
    time_zone: str | None = None


class Directory:
    """Users by email, whatever its case."""

    def __init__(self) -> None:
        self._users: dict[str, User] = {}

    def add(self, user: User) -> User:
        self._users[user.email.lower()] = user
        return user

    def find(self, email: str) -> User | None:
        return self._users.get(email.lower())
