"""Who may call: look a caller up, and let an administrator say who is what."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from functions.errors import ConcurrentChange, Refused, UserNotFound
from functions.models import Page, Position, StoredUser, User, UserRole, new_user, user_id
from functions.ports import UserStore
from functions.writing import ATTEMPTS, Intent

logger = logging.getLogger(__name__)

REMEMBERED_SECONDS = 30.0
"""For so long an instance may not know that a user was changed through another."""

MAX_REMEMBERED = 1000


class UserDirectory:
    def __init__(
        self,
        store: UserStore,
        now: Callable[[], datetime],
        first_admin_email: str | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._now = now
        self._first_admin_email = first_admin_email
        self._monotonic = monotonic
        self._remembered: dict[str, tuple[float, User]] = {}
        self._changes = 0

    def find(self, email: str) -> User | None:
        """Return the user with this address, as it was at most REMEMBERED_SECONDS ago."""
        expires_at, user = self._remembered.get(email, (0.0, None))
        if user is not None and self._monotonic() < expires_at:
            return user
        changes = self._changes
        user = self.read(email)
        if email == self._first_admin_email and not (user and user.is_active_admin):
            user = self._become_first_admin(email) or user
        # What was read before a change made here must not outlive it.
        if user is not None and changes == self._changes:
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            self._remembered[email] = (self._monotonic() + REMEMBERED_SECONDS, user)
        return user

    def get(self, user_id: str) -> User:
        """Read one user; raises UserNotFound."""
        return self._store.get(user_id).user

    def read(self, email: str) -> User | None:
        """Return the user with this address, as it is now."""
        try:
            return self.get(user_id(email))
        except UserNotFound:
            return None

    def page(self, role: UserRole | None, page_size: int, after: Position | None) -> Page[User]:
        """Read one page of the users, by id."""
        return self._store.page(role, page_size, after)

    def create(self, email: str, role: UserRole, active: bool, intent: Intent) -> User:
        """Store a new user; raises Refused where there is one with this address."""
        user = new_user(email, self._now(), role=role, active=active)
        try:
            self._store.create(user, intent.claim_of(user.id))
        except ConcurrentChange:
            raise Refused("user_exists", existing_id=user.id) from None
        self._note(user, intent)
        return user

    def change(self, user_id: str, changes: Mapping[str, Any], intent: Intent) -> User:
        """Change a user's role or whether it is active; one that changes nothing does nothing.

        Raises:
            UserNotFound: there is no such user.
            Refused: it is the last active admin.
        """

        def save(stored: StoredUser) -> User:
            changed = stored.user.replace(**changes)
            if changed != stored.user:
                changed = changed.replace(updated_at=self._now())
            if changed != stored.user or intent.claim is not None:
                self._store.save(stored, changed, intent.claim)
            return changed

        return self._write(user_id, intent, save)

    def remove(self, user_id: str, intent: Intent) -> None:
        """Delete a user; raises as `change` does."""

        def delete(stored: StoredUser) -> User:
            self._store.save(stored, None, intent.claim)
            return stored.user

        self._write(user_id, intent, delete)

    def _write(self, user_id: str, intent: Intent, write: Callable[[StoredUser], User]) -> User:
        for _ in range(ATTEMPTS):
            stored = self._store.get(user_id)
            intent.check(stored.user)
            try:
                user = write(stored)
            except ConcurrentChange:
                continue
            self._note(user, intent)
            return user
        raise ConcurrentChange

    def _become_first_admin(self, email: str) -> User | None:
        if self._store.has_admin():
            return None
        intent = Intent(by=email)
        try:
            return self.create(email, UserRole.ADMIN, True, intent)
        except Refused:
            return self.change(user_id(email), {"role": UserRole.ADMIN, "active": True}, intent)

    def _note(self, user: User, intent: Intent) -> None:
        self._changes += 1
        self._remembered.pop(user.email, None)
        logger.info(
            "user changed",
            extra={"user_id": user.id, "role": user.role, "by": user_id(intent.by)},
        )
