"""The users: one document each, named after the address."""

from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from functions.errors import ConcurrentChange, Refused, UserNotFound
from functions.models import Claim, Page, Position, StoredUser, User, UserRole, new_id
from infra.firestore.answers import add_claim, refuse_taken_key
from infra.firestore.database import Database, Proof, Snapshot, is_gone, written_as

USERS = "users"


class FirestoreUserStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, user: User, claim: Claim | None = None) -> None:
        write_id = new_id()
        batch = self._database.batch()
        batch.create(self._user(user.id), _document(user, write_id))
        self._commit(batch, user.id, written_as(write_id), claim)

    def get(self, user_id: str) -> StoredUser:
        snapshot = self._database.read(self._user(user_id))
        if not snapshot.exists:
            raise UserNotFound
        return _stored(snapshot)

    def save(
        self, stored: StoredUser, changed: User | None, claim: Claim | None = None
    ) -> StoredUser | None:
        write_id = new_id()
        user = self._user(stored.user.id)
        unchanged = self._database.unchanged(stored.version)
        batch = self._database.batch()
        if changed is None:
            batch.delete(user, option=unchanged)
        else:
            batch.update(user, _document(changed, write_id), option=unchanged)
        if stored.user.is_active_admin and not (changed and changed.is_active_admin):
            self._keep_another_admin(batch, stored.user.id)
        is_done = is_gone if changed is None else written_as(write_id)
        version = self._commit(batch, stored.user.id, is_done, claim)
        return None if changed is None else StoredUser(changed, version)

    def page(self, role: UserRole | None, page_size: int, after: Position | None) -> Page[User]:
        query = self._database.query(USERS).order_by("__name__")
        if role is not None:
            query = query.where(filter=FieldFilter("role", "==", role))
        if after is not None:
            query = query.start_after({"__name__": after.id})
        users = [_stored(s).user for s in self._database.run(query.limit(page_size + 1))]
        page = tuple(users[:page_size])
        return Page(page, Position((), page[-1].id) if len(users) > page_size else None)

    def has_admin(self) -> bool:
        return bool(self._admins(1))

    def _keep_another_admin(self, batch: firestore.WriteBatch, user_id: str) -> None:
        """Have the commit fail where the admin who stays is removed or demoted at the same time.

        Raises:
            Refused: there is no other.
        """
        other = next((admin for admin in self._admins(2) if admin.id != user_id), None)
        if other is None:
            raise Refused("last_admin")
        batch.update(
            other.reference,
            {"role": UserRole.ADMIN},
            option=self._database.unchanged(other.update_time),
        )

    def _admins(self, limit: int) -> list[Snapshot]:
        query = (
            self._database.query(USERS)
            .where(filter=FieldFilter("role", "==", UserRole.ADMIN))
            .where(filter=FieldFilter("active", "==", True))
            .limit(limit)
        )
        return self._database.run(query)

    def _commit(
        self,
        batch: firestore.WriteBatch,
        user_id: str,
        is_done: Proof,
        claim: Claim | None,
    ) -> Any:
        witness = self._user(user_id)
        if claim is not None:
            # Better proof than the user, whom others change and delete too.
            witness, is_done = add_claim(self._database, batch, claim)
        try:
            return self._database.commit(batch, witness, is_done)
        except ConcurrentChange:
            if claim is not None:
                refuse_taken_key(self._database, claim)
            raise

    def _user(self, user_id: str) -> firestore.DocumentReference:
        return self._database.document(USERS, user_id)


def _document(user: User, write_id: str) -> dict[str, Any]:
    return {**user.model_dump(), "write_id": write_id}


def _stored(snapshot: Snapshot) -> StoredUser:
    # An organizer who became a user by a meeting has an id and an address alone.
    times = {"created_at": snapshot.create_time, "updated_at": snapshot.update_time}
    return StoredUser(User.model_validate({**times, **snapshot._data}), snapshot.update_time)
