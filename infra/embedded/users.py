"""The users."""

from functions.errors import ConcurrentChange, Refused, UserNotFound
from functions.models import Claim, Page, Position, StoredUser, User, UserRole
from infra.embedded.database import EmbeddedDatabase


class EmbeddedUserStore:
    def __init__(self, database: EmbeddedDatabase) -> None:
        self._database = database

    def create(self, user: User, claim: Claim | None = None) -> None:
        with self._database.lock:
            self._database.refuse_taken_key(claim)
            if user.id in self._database.users:
                raise ConcurrentChange
            self._database.add_claim(claim)
            self._database.users[user.id] = StoredUser(user, 1)

    def get(self, user_id: str) -> StoredUser:
        with self._database.lock:
            return self._get(user_id)

    def save(
        self, stored: StoredUser, changed: User | None, claim: Claim | None = None
    ) -> StoredUser | None:
        with self._database.lock:
            self._database.refuse_taken_key(claim)
            current = self._get(stored.user.id)
            if current.version != stored.version:
                raise ConcurrentChange
            is_admin = changed is not None and changed.is_active_admin
            if current.user.is_active_admin and not is_admin and len(self._admins()) == 1:
                raise Refused("last_admin")
            self._database.add_claim(claim)
            if changed is None:
                del self._database.users[stored.user.id]
                return None
            saved = StoredUser(changed, current.version + 1)
            self._database.users[changed.id] = saved
            return saved

    def page(self, role: UserRole | None, page_size: int, after: Position | None) -> Page[User]:
        with self._database.lock:
            users = [stored.user for stored in self._database.users.values()]
        found = sorted(
            (user for user in users if role in (None, user.role)), key=lambda user: user.id
        )
        if after is not None:
            found = [user for user in found if user.id > after.id]
        page = tuple(found[:page_size])
        return Page(page, Position((), page[-1].id) if len(found) > page_size else None)

    def has_admin(self) -> bool:
        with self._database.lock:
            return bool(self._admins())

    def _get(self, user_id: str) -> StoredUser:
        try:
            return self._database.users[user_id]
        except KeyError:
            raise UserNotFound from None

    def _admins(self) -> list[User]:
        users = [stored.user for stored in self._database.users.values()]
        return [user for user in users if user.is_active_admin]
