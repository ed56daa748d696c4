"""The last administrator stays, organizers become users by themselves, and each reads itself."""

from typing import Any

import pytest

from functions.models import UserRole
from tests.api.accounts import BOSS, EVA, XOMA, create_user, kept_users, url_of
from tests.api.caller import MEETINGS, USERS, Api, content
from tests.values import ORGANIZER


class TestLastAdmin:
    @pytest.mark.parametrize(
        ("method", "body"),
        [
            ("DELETE", None),
            ("PATCH", {"role": "service"}),
            ("PATCH", {"role": "external"}),
            ("PATCH", {"active": False}),
            ("PATCH", {"role": "admin", "active": False}),
        ],
    )
    def test_the_last_active_admin_stays(self, admin: Api, method: str, body: Any) -> None:
        create_user(admin, EVA, "admin", active=False)
        create_user(admin, XOMA, "service")
        sent = {} if body is None else content(body)
        before = kept_users(admin)

        answer = admin.send(method, url_of(BOSS), **sent)

        assert (answer.status, answer.json["code"]) == (409, "last_admin")
        assert kept_users(admin) == before

    @pytest.mark.parametrize(
        ("method", "body"),
        [("DELETE", None), ("PATCH", {"role": "service"}), ("PATCH", {"active": False})],
    )
    def test_one_of_two_can_go_and_then_the_other_stays(
        self, admin: Api, method: str, body: Any
    ) -> None:
        create_user(admin, EVA, "admin")
        sent = {} if body is None else content(body)

        first = admin.send(method, url_of(BOSS), **sent)
        admin.email = EVA
        second = admin.send(method, url_of(EVA), **sent)

        assert first.status < 300
        assert second.json["code"] == "last_admin"


class TestOrganizers:
    def test_whoever_organizes_becomes_a_user_who_sees_it(self, admin: Api) -> None:
        meeting_id = admin.make()

        user = admin.get(url_of(ORGANIZER)).json

        assert (user["email"], user["role"], user["active"]) == (ORGANIZER, "external", True)
        admin.email = ORGANIZER
        assert admin.get(f"{MEETINGS}{meeting_id}/").status == 200

    @pytest.mark.parametrize(("role", "active"), [("admin", True), ("service", False)])
    def test_one_who_is_a_user_already_stays_as_he_is(
        self, admin: Api, role: str, active: bool
    ) -> None:
        before = create_user(admin, ORGANIZER, role, active=active).json

        admin.make()

        assert admin.get(url_of(ORGANIZER)).json == before

    def test_guests_do_not_become_users(self, admin: Api) -> None:
        admin.make(invited_emails=[EVA])

        assert set(kept_users(admin)) == {BOSS, ORGANIZER}


class TestMe:
    @pytest.mark.parametrize("role", list(UserRole))
    def test_each_role_reads_itself(self, api: Api, role: UserRole) -> None:
        api.identify(role, EVA)

        answer = api.get(f"{USERS}me/")

        assert answer.status == 200
        assert (answer.json["email"], answer.json["role"]) == (EVA, role.value)

    def test_without_tokens_everybody_is_the_local_admin(self, api: Api) -> None:
        answer = api.get(f"{USERS}me/")

        assert answer.status == 200
        assert (answer.json["email"], answer.json["role"]) == ("local@localhost", "admin")
