"""users/: who may call and as what, kept by administrators."""

from typing import Any

import pytest

from functions.models import user_id
from tests.api.accounts import BOSS, EVA, change_user, create_user, kept_users, url_of
from tests.api.caller import USERS, Api, content, faults


class TestCreate:
    @pytest.mark.parametrize("role", ["admin", "service", "external"])
    def test_somebody_may_call_from_then_on(self, admin: Api, role: str) -> None:
        answer = create_user(admin, EVA, role)

        assert answer.status == 201
        assert answer.json == {
            "id": user_id(EVA),
            "email": EVA,
            "role": role,
            "active": True,
            "created_at": "2030-01-01T09:00:00Z",
            "updated_at": "2030-01-01T09:00:00Z",
        }
        assert answer.headers["Location"] == f"http://localhost{url_of(EVA)}"
        assert admin.get(url_of(EVA)).headers["ETag"] == answer.headers["ETag"]
        admin.email = EVA
        assert admin.get(f"{USERS}me/").json == answer.json

    def test_the_address_is_trimmed_and_in_lower_case(self, admin: Api) -> None:
        answer = create_user(admin, " Eva@Home.Example ")

        assert answer.json["email"] == EVA
        assert answer.json["id"] == user_id(EVA)

    def test_one_can_be_made_that_may_not_call_yet(self, admin: Api) -> None:
        create_user(admin, EVA, active=False)

        admin.email = EVA
        assert admin.get(f"{USERS}me/").json["code"] == "unknown_caller"

    @pytest.mark.parametrize("email", [EVA, "EVA@home.example", " Eva@Home.Example"])
    def test_nobody_is_made_twice(self, admin: Api, email: str) -> None:
        create_user(admin, EVA, "service")

        again = create_user(admin, email, "admin")

        assert (again.status, again.json["code"]) == (409, "user_exists")
        assert again.json["existing_id"] == user_id(EVA)
        assert admin.get(url_of(EVA)).json["role"] == "service"

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({}, [("/email", "required"), ("/role", "required")]),
            ({"email": EVA}, [("/role", "required")]),
            ({"email": "x", "role": "admin"}, [("/email", "invalid_email")]),
            ({"email": None, "role": None}, [("/email", "null"), ("/role", "null")]),
            ({"email": EVA, "role": "Admin"}, [("/role", "unknown_value")]),
            ({"email": EVA, "role": ["admin"]}, [("/role", "unknown_value")]),
            ({"email": EVA, "role": "admin", "active": 1}, [("/active", "wrong_type")]),
            ({"email": EVA, "role": "admin", "active": "true"}, [("/active", "wrong_type")]),
            ({"email": EVA, "role": "admin", "active": None}, [("/active", "null")]),
            ({"email": EVA, "role": "admin", "id": "x"}, [("/id", "unknown_field")]),
        ],
    )
    def test_every_fault_is_named_and_nobody_is_made(
        self, admin: Api, body: dict[str, Any], expected: list[tuple[str, str]]
    ) -> None:
        assert faults(admin.send("POST", USERS, **content(body))) == expected

        assert set(kept_users(admin)) == {BOSS}


class TestChange:
    def test_another_role_holds_from_the_next_request_on(self, admin: Api) -> None:
        before = create_user(admin, EVA, "external").json
        admin.email = EVA
        first = admin.post({}).json["code"]
        admin.email = BOSS

        answer = change_user(admin, EVA, role="service")

        assert answer.status == 200
        assert answer.json == {**before, "role": "service"}
        admin.email = EVA
        assert [first, admin.post({}).json["code"]] == ["forbidden", "invalid_request"]

    def test_whoever_is_deactivated_may_not_call_and_may_again(self, admin: Api) -> None:
        create_user(admin, EVA)
        codes = []

        for active in (True, False, True):
            admin.email = BOSS
            change_user(admin, EVA, active=active)
            admin.email = EVA
            answer = admin.get(f"{USERS}me/")
            codes.append((answer.status, answer.json.get("code")))

        assert codes == [(200, None), (403, "unknown_caller"), (200, None)]

    @pytest.mark.parametrize("body", [{}, {"role": "service"}, {"active": True}])
    def test_what_changes_nothing_does_nothing(self, admin: Api, body: dict[str, Any]) -> None:
        create_user(admin, EVA)
        before = admin.store.database.users[user_id(EVA)]
        admin.time = admin.time.replace(hour=20)

        answer = change_user(admin, EVA, **body)

        assert answer.status == 200
        assert admin.store.database.users[user_id(EVA)] == before

    def test_a_change_moves_the_time(self, admin: Api) -> None:
        create_user(admin, EVA)
        admin.time = admin.time.replace(hour=20)

        assert change_user(admin, EVA, role="admin").json["updated_at"] == "2030-01-01T20:00:00Z"

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"role": None}, [("/role", "null")]),
            ({"role": "root"}, [("/role", "unknown_value")]),
            ({"active": None}, [("/active", "null")]),
            ({"active": 0}, [("/active", "wrong_type")]),
            ({"email": "x@y.es"}, [("/email", "immutable")]),
            ({"id": "x"}, [("/id", "immutable")]),
            ({"created_at": "x"}, [("/created_at", "immutable")]),
            ({"name": "x"}, [("/name", "unknown_field")]),
        ],
    )
    def test_every_fault_is_named_and_nothing_changes(
        self, admin: Api, body: dict[str, Any], expected: list[tuple[str, str]]
    ) -> None:
        before = create_user(admin, EVA).json

        assert faults(change_user(admin, EVA, **body)) == expected

        assert admin.get(url_of(EVA)).json == before


class TestRemove:
    def test_whoever_is_removed_may_not_call(self, admin: Api) -> None:
        create_user(admin, EVA)

        answer = admin.send("DELETE", url_of(EVA))

        assert answer.status == 204
        assert admin.get(url_of(EVA)).json["code"] == "user_not_found"
        assert admin.send("DELETE", url_of(EVA)).json["code"] == "user_not_found"
        admin.email = EVA
        assert admin.get(f"{USERS}me/").json["code"] == "unknown_caller"

    def test_and_can_be_made_again(self, admin: Api) -> None:
        create_user(admin, EVA, "service")
        admin.send("DELETE", url_of(EVA))

        assert create_user(admin, EVA, "external").json["role"] == "external"
