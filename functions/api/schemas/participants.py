"""What a caller may send of a participant."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from functions.api.fields import Email
from functions.api.schemas.patch import UNSET, patch_config
from functions.models import GuestKind, Participant


class AddParticipant(BaseModel):
    """A guest to be invited."""

    model_config = ConfigDict(
        extra="forbid",
        defer_build=True,
        json_schema_extra={"example": {"email": "interprete@correo.com", "kind": "interpreter"}},
    )

    email: Email
    kind: GuestKind | None = None


class ChangeParticipant(BaseModel):
    """A JSON merge patch of a guest; null clears the kind."""

    IMMUTABLE: ClassVar[frozenset[str]] = frozenset(Participant.model_fields) | {"meeting"}

    model_config = patch_config({"kind": "companion"})

    email: Email = UNSET
    kind: GuestKind | None = UNSET
