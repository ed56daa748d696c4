"""The first admin, and what an instance remembers of users."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from functions.api.auth import Authenticator
from functions.api.rate_limit import RateLimiter
from functions.api.services import Services
from functions.models import StoredUser, UserRole, new_user, user_id
from functions.users import UserDirectory
from functions.writing import Intent
from infra.embedded.allowances import EmbeddedAllowanceStore
from infra.embedded.users import EmbeddedUserStore
from tests.api.accounts import BOSS, EVA, change_user, create_user, url_of
from tests.api.caller import USERS, Api
from tests.api.contract import Contract
from tests.api.fakes import Tokens
from tests.api.log import Log

FIRST = "first@clinica.com"


class Instance(Api):
    """One of several instances on one store; its clock is moved by the test."""

    def __init__(self, contract: Contract, first_admin_email: str | None = None) -> None:
        super().__init__(contract)
        self.seconds = 1000.0
        self._first_admin_email = first_admin_email
        self.verifier = Tokens()
        self.email = FIRST

    def beside(self, contract: Contract) -> "Instance":
        other = Instance(contract, self._first_admin_email)
        other.store, other.users, other.answers = self.store, self.users, self.answers
        return other

    def as_user(self, email: str) -> tuple[int, str | None]:
        """Read `me` as this user; returns the status, and the role or the code."""
        self.email = email
        answer = self.get(f"{USERS}me/")
        return answer.status, answer.json.get("role") or answer.json["code"]

    def change(self, email: str, *, by: str, **body: object) -> int:
        self.email = by
        return change_user(self, email, **body).status

    def put(self, email: str, role: UserRole, active: bool = True) -> None:
        user = new_user(email, self.time, role=role, active=active)
        self.store.database.users[user.id] = StoredUser(user, 1)

    def _services(self) -> Services:
        users = UserDirectory(
            self.users, self.now, self._first_admin_email, monotonic=lambda: self.seconds
        )
        limiter = RateLimiter(EmbeddedAllowanceStore(self.store.database), None, self.now)
        authenticator = Authenticator(self.verifier, users, limiter)
        return replace(super()._services(), users=users, authenticator=authenticator)


@pytest.fixture
def instance(contract: Contract) -> Instance:
    return Instance(contract, FIRST)


@pytest.fixture
def other(contract: Contract, instance: Instance) -> Instance:
    return instance.beside(contract)


class TestFirstAdmin:
    def test_the_first_call_makes_it(self, instance: Instance) -> None:
        assert instance.store.database.users == {}

        assert instance.as_user(FIRST) == (200, "admin")
        assert instance.store.database.users[user_id(FIRST)].user.is_active_admin

    def test_nobody_else_is_made_one(self, instance: Instance) -> None:
        assert instance.as_user(EVA) == (403, "unknown_caller")
        assert instance.store.database.users == {}

    def test_without_the_setting_nobody_is(self, contract: Contract) -> None:
        assert Instance(contract).as_user(FIRST) == (403, "unknown_caller")

    def test_it_is_made_no_more_once_there_is_an_admin(self, instance: Instance) -> None:
        instance.put(BOSS, UserRole.ADMIN)

        assert instance.as_user(FIRST) == (403, "unknown_caller")
        assert set(instance.store.database.users) == {user_id(BOSS)}

    def test_an_admin_who_may_not_call_is_none(self, instance: Instance) -> None:
        instance.put(BOSS, UserRole.ADMIN, active=False)

        assert instance.as_user(FIRST) == (200, "admin")

    @pytest.mark.parametrize(
        ("role", "active"),
        [(UserRole.EXTERNAL, True), (UserRole.SERVICE, True), (UserRole.ADMIN, False)],
    )
    def test_one_who_is_a_user_already_is_promoted(
        self, instance: Instance, role: UserRole, active: bool
    ) -> None:
        instance.put(FIRST, role, active)

        assert instance.as_user(FIRST) == (200, "admin")

    def test_an_organizer_who_became_a_user_by_himself_is_promoted(
        self, contract: Contract, instance: Instance
    ) -> None:
        local = Api(contract)
        local.store = instance.store
        local.make(organizer_email=FIRST)

        assert instance.as_user(FIRST) == (200, "admin")

    @pytest.mark.parametrize("role", ["service", "external"])
    def test_demoted_it_stays_so_while_there_is_another(
        self, instance: Instance, other: Instance, role: str
    ) -> None:
        instance.as_user(FIRST)
        instance.put(BOSS, UserRole.ADMIN)

        assert instance.change(FIRST, by=BOSS, role=role) == 200

        assert instance.as_user(FIRST) == (200, role)
        assert other.as_user(FIRST) == (200, role)

    def test_deleted_or_deactivated_it_stays_so_while_there_is_another(
        self, instance: Instance, other: Instance
    ) -> None:
        instance.as_user(FIRST)
        instance.put(BOSS, UserRole.ADMIN)

        instance.change(FIRST, by=BOSS, active=False)
        deactivated = [instance.as_user(FIRST), other.as_user(FIRST)]
        instance.email = BOSS
        instance.send("DELETE", url_of(FIRST))
        deleted = instance.as_user(FIRST)

        assert [*deactivated, deleted] == [(403, "unknown_caller")] * 3

    def test_it_is_told_to_the_log(self, instance: Instance, log: Log) -> None:
        instance.as_user(FIRST)

        line = log.only("user changed")
        assert (line["user_id"], line["role"]) == (user_id(FIRST), "admin")
        assert FIRST not in "".join(log.text)


class TestRemembered:
    def test_a_change_through_the_same_instance_is_known_at_once(self, instance: Instance) -> None:
        instance.put(BOSS, UserRole.ADMIN)
        instance.put(EVA, UserRole.SERVICE)
        before = instance.as_user(EVA)

        instance.change(EVA, by=BOSS, role="external")

        assert before == (200, "service")
        assert instance.as_user(EVA) == (200, "external")

    def test_a_removal_through_the_same_instance_is_known_at_once(self, instance: Instance) -> None:
        instance.put(BOSS, UserRole.ADMIN)
        instance.put(EVA, UserRole.SERVICE)
        instance.as_user(EVA)

        instance.email = BOSS
        instance.send("DELETE", url_of(EVA))

        assert instance.as_user(EVA) == (403, "unknown_caller")

    def test_a_change_through_another_is_known_within_half_a_minute(
        self, instance: Instance, other: Instance
    ) -> None:
        instance.put(BOSS, UserRole.ADMIN)
        instance.put(EVA, UserRole.SERVICE)
        instance.as_user(EVA)

        other.change(EVA, by=BOSS, active=False)
        instance.seconds += 29.9
        just_before = instance.as_user(EVA)
        instance.seconds += 0.1
        after = instance.as_user(EVA)

        assert just_before == (200, "service")
        assert after == (403, "unknown_caller")

    def test_calling_often_does_not_put_it_off(self, instance: Instance, other: Instance) -> None:
        instance.put(BOSS, UserRole.ADMIN)
        instance.put(EVA, UserRole.SERVICE)
        instance.as_user(EVA)
        other.change(EVA, by=BOSS, role="external")

        for _ in range(3):
            instance.seconds += 10
            role = instance.as_user(EVA)

        assert role == (200, "external")

    def test_whoever_is_made_through_another_may_call_at_once(
        self, instance: Instance, other: Instance
    ) -> None:
        instance.put(BOSS, UserRole.ADMIN)
        before = instance.as_user(EVA)

        other.email = BOSS
        create_user(other, EVA)

        assert before == (403, "unknown_caller")
        assert instance.as_user(EVA) == (200, "service")

    def test_the_store_is_asked_once_in_half_a_minute(self, instance: Instance) -> None:
        instance.put(EVA, UserRole.SERVICE)
        instance.as_user(EVA)
        del instance.store.database.users[user_id(EVA)]

        assert instance.as_user(EVA) == (200, "service")
        instance.seconds += 30
        assert instance.as_user(EVA) == (403, "unknown_caller")

    def test_what_is_remembered_is_bounded(self, instance: Instance) -> None:
        for index in range(1001):
            instance.put(f"user{index}@home.example", UserRole.SERVICE)
            instance.as_user(f"user{index}@home.example")
        instance.store.database.users.clear()

        assert instance.as_user("user0@home.example") == (403, "unknown_caller")
        assert instance.as_user("user1000@home.example") == (200, "service")

    def test_what_was_read_before_a_change_is_not_remembered_after_it(
        self, instance: Instance
    ) -> None:
        instance.put(EVA, UserRole.ADMIN)
        directory = UserDirectory(instance.users, instance.now, monotonic=lambda: 0.0)
        slow = SlowReads(instance.users)
        slow_directory = UserDirectory(slow, instance.now, monotonic=lambda: 0.0)
        slow.meanwhile = lambda: slow_directory.change(
            user_id(EVA), {"role": UserRole.SERVICE}, Intent(BOSS)
        )
        instance.put(BOSS, UserRole.ADMIN)

        slow_directory.find(EVA)

        assert slow_directory.find(EVA) == directory.find(EVA)
        assert directory.find(EVA) == instance.users.get(user_id(EVA)).user


class SlowReads(EmbeddedUserStore):
    """Something else happens between the first read and its answer."""

    def __init__(self, users: EmbeddedUserStore) -> None:
        super().__init__(users._database)
        self.meanwhile: Callable[[], object] = str

    def get(self, user_id: str) -> StoredUser:
        found = super().get(user_id)
        meanwhile, self.meanwhile = self.meanwhile, str
        meanwhile()
        return found
