"""users/: filters and pages, and ids that nobody has."""

import pytest

from functions.models import StoredUser, UserRole, new_user
from tests.api.accounts import BOSS, EVA, XOMA, create_user
from tests.api.caller import USERS, Api, content, faults

STRANGE_IDS = ["x", "..", "F" * 64, "f" * 63, "f" * 65, "%00", "f" * 64 + "%0A", "eva@home.example"]


def emails(api: Api, query: str = "") -> list[str]:
    """Return who is on the only page of this query."""
    page = api.get(f"{USERS}?{query}").json
    assert page["next"] is None
    return sorted(user["email"] for user in page["results"])


class TestList:
    def test_filters(self, admin: Api) -> None:
        create_user(admin, XOMA, "service")
        create_user(admin, EVA, "external")

        assert emails(admin) == sorted([BOSS, XOMA, EVA])
        assert emails(admin, "role=admin") == [BOSS]
        assert emails(admin, "role=service") == [XOMA]
        assert emails(admin, "email=Eva%40Home.Example") == [EVA]
        assert emails(admin, f"email={XOMA}&role=service") == [XOMA]
        assert emails(admin, f"email={XOMA}&role=admin") == []
        assert emails(admin, "email=nobody@home.example") == []

    @pytest.mark.parametrize("page_size", [1, 2, 3, 6, 7])
    def test_a_walk_shows_each_once_also_where_others_are_made(
        self, admin: Api, page_size: int
    ) -> None:
        for index in range(5):
            create_user(admin, f"user{index}@home.example")
        [before] = [admin.get(f"{USERS}?page_size=100").json["results"]]
        shown: list[str] = []
        following: str | None = f"{USERS}?page_size={page_size}"

        while following is not None:
            page = admin.get(following).json
            assert len(page["results"]) <= page_size
            shown += [user["email"] for user in page["results"]]
            following = page["next"]
            create_user(admin, f"later{len(shown)}@home.example")

        assert {user["email"] for user in before} <= set(shown)
        assert len(shown) == len(set(shown))

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("role=external", [("role", "unknown_value")]),
            ("role=", [("role", "unknown_value")]),
            ("email=x", [("email", "invalid_email")]),
            ("active=true", [("active", "unknown_field")]),
            ("page_size=0", [("page_size", "out_of_range")]),
            ("cursor=x", [("cursor", "invalid_cursor")]),
        ],
    )
    def test_each_fault_is_named_by_its_parameter(
        self, admin: Api, query: str, expected: list[tuple[str, str]]
    ) -> None:
        assert faults(admin.get(f"{USERS}?{query}")) == expected


class TestUnknown:
    @pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
    @pytest.mark.parametrize("strange_id", [*STRANGE_IDS, "f" * 64])
    def test_nobody_has_this_id(self, admin: Api, method: str, strange_id: str) -> None:
        body = content({"role": "admin"}) if method == "PATCH" else {}

        answer = admin.send(method, f"{USERS}{strange_id}/", **body)

        assert (answer.status, answer.json["code"]) == (404, "user_not_found")

    @pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
    def test_what_is_no_id_never_reaches_the_store(self, admin: Api, method: str) -> None:
        boss = new_user(BOSS, admin.time, role=UserRole.ADMIN)
        admin.store.database.users["eva@home.example"] = StoredUser(boss, 1)
        body = content({"active": True}) if method == "PATCH" else {}

        assert admin.send(method, f"{USERS}eva@home.example/", **body).status == 404
