"""What every stored value has in common."""

import uuid
from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    model_config = ConfigDict(
        # A stored value that is not valid may hold an address: it must not reach a log.
        frozen=True,
        extra="ignore",
        defer_build=True,
        hide_input_in_errors=True,
    )

    def replace(self, **changes: Any) -> Self:
        """Return a copy with these fields; the values are trusted, not validated."""
        return self.model_copy(update=changes)


def new_id() -> str:
    """Return 122 random bits as 32 hexadecimal digits: not a sequence, not guessable."""
    return uuid.uuid4().hex
