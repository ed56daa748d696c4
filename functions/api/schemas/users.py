"""What an administrator may send of a user."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from functions.api.fields import Email
from functions.api.schemas.patch import UNSET, patch_config
from functions.models import User, UserRole

YesOrNo = Annotated[bool, Field(strict=True)]


class CreateUser(BaseModel):
    """Somebody, or a service, who may call."""

    model_config = ConfigDict(
        extra="forbid",
        defer_build=True,
        json_schema_extra={"example": {"email": "xoma@clinica.com", "role": "service"}},
    )

    email: Email
    role: UserRole
    active: YesOrNo = True


class ChangeUser(BaseModel):
    """A JSON merge patch of a user."""

    IMMUTABLE: ClassVar[frozenset[str]] = frozenset(User.model_fields)

    model_config = patch_config({"active": False})

    role: UserRole = UNSET
    active: YesOrNo = UNSET
