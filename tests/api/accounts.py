"""Users as their tests make them and ask for them."""

from typing import Any

from functions.models import User, user_id
from tests.api.caller import USERS, Answer, Api, content

BOSS, XOMA, EVA = "boss@clinica.com", "xoma@clinica.com", "eva@home.example"


def url_of(email: str) -> str:
    return f"{USERS}{user_id(email)}/"


def create_user(api: Api, email: str, role: str = "service", **more: Any) -> Answer:
    return api.send("POST", USERS, **content({"email": email, "role": role, **more}))


def change_user(api: Api, user: str, /, **body: Any) -> Answer:
    return api.send("PATCH", url_of(user), **content(body))


def kept_users(api: Api) -> dict[str, User]:
    return {stored.user.email: stored.user for stored in api.store.database.users.values()}
