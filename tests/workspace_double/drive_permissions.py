"""What Drive accepts as a permission, and how it shows one."""

from datetime import datetime, timedelta
from typing import Any

from tests.workspace_double.directory import user_id
from tests.workspace_double.errors import ApiError
from tests.workspace_double.formats import parse_date_time

Resource = dict[str, Any]

_WITH_EMAIL = ("user", "group")
_MAX_EXPIRY = timedelta(days=365)


def accept(body: Resource, parameters: Resource, now: datetime) -> Resource:
    """Make the permission that a body asks for.

    Raises:
        ApiError: Drive refuses it.
    """
    kind = body["type"]
    for name, kinds in (("emailAddress", _WITH_EMAIL), ("domain", ("domain",))):
        if (kind in kinds) != bool(body.get(name)):
            raise ApiError(
                400,
                "invalid",
                f"The specified {name} is invalid or not applicable for the given permission type.",
            )
    if body["role"] == "owner":
        raise ApiError(
            403,
            "forbidden",
            "The transferOwnership parameter must be enabled when the permission role is 'owner'.",
        )
    if kind not in _WITH_EMAIL and "sendNotificationEmail" in parameters:
        raise ApiError(
            400, "invalid", "sendNotificationEmail is not allowed for this permission type."
        )
    _check_expiration(body, now)
    given = {name: value for name, value in body.items() if value is not None}
    return {"kind": "drive#permission", "id": permission_id(body), **given}


def owner_permission(email: str) -> Resource:
    body = {"type": "user", "role": "owner", "emailAddress": email}
    return {"kind": "drive#permission", "id": permission_id(body), **body}


def permission_id(body: Resource) -> str:
    """Tell the id, which is the grantee's: a second permission for somebody replaces the first."""
    if body["type"] == "anyone":
        return "anyoneWithLink"
    return str(user_id(body.get("emailAddress") or body["domain"]))


def _check_expiration(body: Resource, now: datetime) -> None:
    """Check what the discovery document says of expirationTime.

    The reasons are Drive's; UNVERIFIED: their statuses.
    """
    if body.get("expirationTime") is None:
        return
    if body["type"] not in _WITH_EMAIL:
        raise ApiError(
            403,
            "cannotSetExpirationOnAnyoneOrDomain",
            "Expiration dates cannot be set on permissions of this type.",
        )
    expires = parse_date_time(body["expirationTime"])
    if expires is None or not now < expires <= now + _MAX_EXPIRY:
        raise ApiError(
            403,
            "expirationDatesMustBeInTheFuture",
            "Expiration dates must be in the future, and no more than a year.",
        )
