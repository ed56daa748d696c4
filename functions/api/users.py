"""Who may call: parse, call, answer."""

from collections.abc import Callable

from flask import Response, request, url_for

from functions.api import auth, etags
from functions.api.idempotency import once
from functions.api.listing import begin, next_url
from functions.api.operations import Answer, operation
from functions.api.responses import json_page, no_content, resource
from functions.api.schemas.listings import ListUsers
from functions.api.schemas.patch import sent
from functions.api.schemas.users import ChangeUser, CreateUser
from functions.api.schemas.views import UserList, UserView
from functions.api.services import Services
from functions.api.validation import parse_body, parse_query
from functions.errors import UserNotFound
from functions.json_body import read_object
from functions.models import USER_ID, Claim, User
from functions.writing import Intent


@operation(
    "listUsers",
    "List users",
    query=ListUsers,
    answers={200: Answer("One page, ordered by id.", UserList)},
)
def list_all(services: Callable[[], Services]) -> Response:
    asked = parse_query(ListUsers, request.args)
    after = begin(asked.cursor, USER_ID)
    directory = services().users
    if asked.email is not None:
        found = directory.read(asked.email)
        users = [found] if found and asked.role in (None, found.role) else []
        following = None
    else:
        page = directory.page(asked.role, asked.page_size, after)
        users, following = list(page.items), next_url(page.next)
    results = [_view(user) for user in users]
    return json_page(UserList.model_construct(results=results, next=following))


@operation(
    "createUser",
    "Let somebody, or a service, call",
    body=CreateUser,
    answers={201: Answer("The user.", UserView, headers=("Location", "ETag"))},
    problems=("user_exists", "user_not_found"),
)
def create(services: Callable[[], Services]) -> Response:
    body = read_object(request)
    wanted = parse_body(CreateUser, body)
    users = services().users

    def act(intent: Intent) -> Response:
        return _created(users.create(wanted.email, wanted.role, wanted.active, intent))

    def recall(claim: Claim) -> Response:
        return _created(users.get(claim.resource))

    return once(services(), body, act, recall)


@operation(
    "getCaller",
    "Read who calls",
    answers={200: Answer("The caller.", UserView)},
    is_conditional=True,
)
def me(_: Callable[[], Services]) -> Response:
    return resource(_view(auth.caller().user))


@operation(
    "getUser",
    "Read one user",
    answers={200: Answer("The user.", UserView)},
    problems=("user_not_found",),
    is_conditional=True,
)
def read(services: Callable[[], Services], user_id: str) -> Response:
    _check_id(user_id)
    return resource(_view(services().users.get(user_id)))


@operation(
    "changeUser",
    "Change a user's role, or whether it may call",
    body=ChangeUser,
    body_media_type="application/merge-patch+json",
    answers={200: Answer("The user; other instances know it within 30 s.", UserView)},
    problems=("user_not_found", "last_admin"),
    is_conditional=True,
)
def change(services: Callable[[], Services], user_id: str) -> Response:
    _check_id(user_id)
    body = read_object(request)
    changes = sent(parse_body(ChangeUser, body, None, ChangeUser.IMMUTABLE))
    users = services().users
    check = _precondition()

    def act(intent: Intent) -> Response:
        return resource(_view(users.change(user_id, changes, intent)))

    return once(services(), body, act, lambda _: read(services, user_id), check)


@operation(
    "removeUser",
    "Delete a user; one who goes on organizing meetings is made again",
    answers={204: Answer("The user is deleted; other instances know it within 30 s.")},
    problems=("user_not_found", "last_admin"),
    is_conditional=True,
)
def remove(services: Callable[[], Services], user_id: str) -> Response:
    _check_id(user_id)
    users = services().users
    check = _precondition()

    def act(intent: Intent) -> Response:
        users.remove(user_id, intent)
        return no_content()

    return once(services(), {}, act, lambda _: no_content(), check)


def _check_id(user_id: str) -> None:
    """Keep whatever is not one of our ids away from the store."""
    if not USER_ID.fullmatch(user_id):
        raise UserNotFound


def _precondition() -> Callable[[User], None]:
    return etags.check_tag(lambda user: _view(user))


def _created(user: User) -> Response:
    location = url_for("users.read", user_id=user.id, _external=True)
    return resource(_view(user), 201, location=location)


def _view(user: User) -> UserView:
    return UserView.model_validate(user)
