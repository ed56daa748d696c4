"""The users, of whom one active admin always stays."""

from collections.abc import Callable

import pytest

from functions.errors import ConcurrentChange, Refused, UserNotFound
from functions.models import User, UserRole, new_user
from functions.ports import UserStore
from tests.stores.making import an_admin, at_once, attempt
from tests.values import NOW

NO_LONGER_ADMIN: dict[str, Callable[[User], User | None]] = {
    "demoted": lambda user: user.replace(role=UserRole.SERVICE),
    "deactivated": lambda user: user.replace(active=False),
    "deleted": lambda user: None,
}


class TestUsers:
    def test_what_is_stored_is_what_was_given(self, users: UserStore) -> None:
        user = new_user("ñandú@clinica.com", NOW, role=UserRole.SERVICE, active=False)

        users.create(user)

        assert users.get(user.id).user == user

    def test_an_address_that_is_there_is_refused(self, users: UserStore) -> None:
        user = new_user("one@clinica.com", NOW)
        users.create(user)

        with pytest.raises(ConcurrentChange):
            users.create(user.replace(role=UserRole.SERVICE))

        assert users.get(user.id).user.role is UserRole.EXTERNAL

    def test_who_is_not_there_is_refused(self, users: UserStore) -> None:
        with pytest.raises(UserNotFound):
            users.get("0" * 64)

    def test_a_change_can_be_changed_again(self, users: UserStore) -> None:
        user = new_user("one@clinica.com", NOW)
        users.create(user)

        once = users.save(users.get(user.id), user.replace(role=UserRole.SERVICE))
        assert once is not None
        users.save(once, once.user.replace(active=False))

        assert users.get(user.id).user == user.replace(role=UserRole.SERVICE, active=False)

    @pytest.mark.parametrize("change", [{"role": UserRole.SERVICE}, None])
    def test_a_stale_write_is_refused(
        self, users: UserStore, change: dict[str, object] | None
    ) -> None:
        user = new_user("one@clinica.com", NOW)
        users.create(user)
        stale = users.get(user.id)
        users.save(stale, user.replace(active=False))

        with pytest.raises(ConcurrentChange):
            users.save(stale, None if change is None else user.replace(**change))

        assert users.get(user.id).user == user.replace(active=False)

    def test_who_is_deleted_is_gone_and_can_come_again(self, users: UserStore) -> None:
        user = new_user("one@clinica.com", NOW)
        users.create(user)

        assert users.save(users.get(user.id), None) is None

        with pytest.raises(UserNotFound):
            users.get(user.id)
        users.create(user)
        assert users.get(user.id).user == user

    def test_who_was_deleted_meanwhile_is_not_made_again(self, users: UserStore) -> None:
        user = new_user("one@clinica.com", NOW)
        users.create(user)
        read = users.get(user.id)
        users.save(read, None)

        with pytest.raises((ConcurrentChange, UserNotFound)):
            users.save(read, user.replace(active=False))

        assert users.page(None, 10, None).items == ()


class TestPages:
    def test_a_walk_shows_everybody_once_by_id(self, users: UserStore) -> None:
        made = [new_user(f"{number}@clinica.com", NOW) for number in range(7)]
        for user in made:
            users.create(user)

        first = users.page(None, 3, None)
        second = users.page(None, 3, first.next)
        third = users.page(None, 3, second.next)

        assert [len(page.items) for page in (first, second, third)] == [3, 3, 1]
        walked = [user.id for page in (first, second, third) for user in page.items]
        assert walked == sorted(user.id for user in made)
        assert third.next is None

    def test_a_role_shows_those_who_have_it(self, users: UserStore) -> None:
        roles = [UserRole.SERVICE, UserRole.ADMIN, UserRole.EXTERNAL, UserRole.SERVICE] * 2
        made = [new_user(f"{n}@clinica.com", NOW, role=role) for n, role in enumerate(roles)]
        for user in made:
            users.create(user)

        first = users.page(UserRole.SERVICE, 3, None)
        second = users.page(UserRole.SERVICE, 3, first.next)

        expected = sorted(made[n].id for n in (0, 3, 4, 7))
        assert [user.id for user in (*first.items, *second.items)] == expected
        assert second.next is None

    def test_who_comes_and_goes_meanwhile_hides_nobody(self, users: UserStore) -> None:
        made = [new_user(f"{number}@clinica.com", NOW) for number in range(9)]
        made.sort(key=lambda user: user.id)
        for user in made[1:]:
            users.create(user)
        first = users.page(None, 3, None)

        users.create(made[0])
        users.save(users.get(made[3].id), None)
        users.save(users.get(made[5].id), None)
        second = users.page(None, 10, first.next)

        assert list(first.items) == made[1:4]
        assert list(second.items) == [made[4], *made[6:]]


class TestLastAdmin:
    @pytest.mark.parametrize("how", NO_LONGER_ADMIN)
    def test_stays(self, users: UserStore, how: str) -> None:
        admin = an_admin()
        users.create(admin)
        users.create(an_admin("inactive@clinica.com", active=False))
        users.create(new_user("service@clinica.com", NOW, role=UserRole.SERVICE))

        with pytest.raises(Refused) as refused:
            users.save(users.get(admin.id), NO_LONGER_ADMIN[how](admin))

        assert refused.value.code == "last_admin"
        assert users.get(admin.id).user == admin

    @pytest.mark.parametrize("how", NO_LONGER_ADMIN)
    def test_one_of_two_may_go(self, users: UserStore, how: str) -> None:
        staying, going = an_admin("staying@clinica.com"), an_admin("going@clinica.com")
        for admin in (staying, going):
            users.create(admin)

        users.save(users.get(going.id), NO_LONGER_ADMIN[how](going))

        assert active_admins(users) == [staying]
        with pytest.raises(Refused):
            users.save(users.get(staying.id), NO_LONGER_ADMIN[how](staying))

    def test_may_change_otherwise(self, users: UserStore) -> None:
        admin = an_admin()
        users.create(admin)

        users.save(users.get(admin.id), admin.replace(updated_at=NOW.replace(year=2031)))

        assert users.get(admin.id).user.updated_at == NOW.replace(year=2031)

    @pytest.mark.parametrize("how", NO_LONGER_ADMIN)
    def test_who_is_no_active_admin_may_go(self, users: UserStore, how: str) -> None:
        users.create(an_admin())
        inactive = an_admin("inactive@clinica.com", active=False)
        users.create(inactive)

        users.save(users.get(inactive.id), NO_LONGER_ADMIN[how](inactive))

        assert users.has_admin()

    def test_only_an_active_admin_counts(self, users: UserStore) -> None:
        users.create(an_admin("inactive@clinica.com", active=False))
        users.create(new_user("service@clinica.com", NOW, role=UserRole.SERVICE))
        without = users.has_admin()

        users.create(an_admin())

        assert not without
        assert users.has_admin()

    @pytest.mark.parametrize("how", NO_LONGER_ADMIN)
    @pytest.mark.parametrize("count", [2, 3])
    def test_of_admins_who_remove_each_other_at_once_one_stays(
        self, users: UserStore, how: str, count: int
    ) -> None:
        for turn in range(20):
            admins = [an_admin(f"{turn}-{number}@clinica.com") for number in range(count)]
            for admin in admins:
                users.create(admin)
            for admin in active_admins(users):
                if admin not in admins:
                    users.save(users.get(admin.id), None)
            read = [users.get(admin.id) for admin in admins]

            outcomes = at_once(
                lambda stored: attempt(users.save, stored, NO_LONGER_ADMIN[how](stored.user)), read
            )

            refused = [outcome for outcome in outcomes if outcome is not None]
            assert all(isinstance(o, ConcurrentChange | Refused) for o in refused)
            assert len(active_admins(users)) == len(refused) >= 1


def active_admins(users: UserStore) -> list[User]:
    return [user for user in users.page(UserRole.ADMIN, 100, None).items if user.active]
