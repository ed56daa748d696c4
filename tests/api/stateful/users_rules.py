"""Administrators who let others call, or stop, or step down themselves."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.api.caller import USERS
from tests.api.stateful.asking import Asking
from tests.api.stateful.callers_model import user_id
from tests.api.stateful.strategies import (
    BEGINNING,
    KEYS,
    LOCUM,
    MANAGERS,
    READERS,
    ROLES,
    SIZES,
    USERS_CHANGED,
)
from tests.api.stateful.verdicts import ADMINS, EVERYBODY, Verdict


class UserRules(Asking):
    @rule(by=MANAGERS, email=USERS_CHANGED, role=ROLES, key=KEYS)
    def create_user(self, by: str, email: str, role: str, key: str | None) -> None:
        self.ask(
            by,
            "POST",
            USERS,
            ADMINS,
            lambda _: self.world.create_user(email, role),
            body={"email": email, "role": role},
            key=key,
        )

    @rule(
        by=MANAGERS,
        email=USERS_CHANGED,
        patch=st.none()
        | st.fixed_dictionaries({}, optional={"role": ROLES, "active": st.booleans()}),
        key=KEYS,
    )
    def change_user(
        self, by: str, email: str, patch: dict[str, Any] | None, key: str | None
    ) -> None:
        self.ask(
            by,
            "DELETE" if patch is None else "PATCH",
            f"{USERS}{user_id(email)}/",
            ADMINS,
            lambda _: self.world.change_user(email, patch),
            body=patch,
            key=key,
        )

    @rule(by=MANAGERS, active=st.booleans())
    def let_the_locum_call(self, by: str, active: bool) -> None:
        self.change_user(by, LOCUM, {"active": active}, None)
        self.who_am_i(LOCUM)

    @rule(patch=st.sampled_from([None, {"role": "service"}, {"active": False}]), key=KEYS)
    def an_admin_steps_down(self, patch: dict[str, Any] | None, key: str | None) -> None:
        by = self.world.active_admins()[-1]
        self.change_user(by, by, patch, key)

    @precondition(lambda self: not self.is_everybody_in_place())
    @rule()
    def an_admin_puts_everybody_back(self) -> None:
        for email, role in BEGINNING.items():
            by = self.world.active_admins()[0]
            if email not in self.world.users:
                self.create_user(by, email, role, None)
            self.change_user(by, email, {"role": role, "active": True}, None)

    def is_everybody_in_place(self) -> bool:
        users = self.world.users
        return all(
            users.get(email) == {"role": role, "active": True} for email, role in BEGINNING.items()
        )

    @rule(by=READERS)
    def who_am_i(self, by: str) -> None:
        def act(_: Any) -> Verdict:
            return Verdict(200, body={"email": by, **self.world.users[by]})

        self.ask(by, "GET", f"{USERS}me/", EVERYBODY, act)

    @rule(by=MANAGERS, role=st.sampled_from([None, "admin", "service"]), size=SIZES)
    def list_users(self, by: str, role: str | None, size: int) -> None:
        fitting = [e for e, user in self.world.users.items() if role in (None, user["role"])]
        query = {"role": role} if role else {}
        found = self.walk(by, USERS, query, size, ADMINS, lambda: True)
        if found is not None:
            assert [user["email"] for user in found] == sorted(fitting, key=user_id)
