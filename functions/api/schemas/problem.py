"""What every answer that says no has in it."""

from typing import Annotated, Any, NotRequired

from pydantic import ConfigDict, Field
from typing_extensions import TypedDict

from functions.problems import CATALOGUE


class FaultView(TypedDict):
    """One thing wrong with the input."""

    pointer: Annotated[str, Field(description="A JSON Pointer, or a parameter's name.")]
    code: str
    message: str


def _list_codes(schema: dict[str, Any]) -> None:
    schema["enum"] = sorted(CATALOGUE)


class Problem(TypedDict):
    """Problem details (RFC 9457); the `code` is stable, the words are not."""

    # The way that pydantic documents, and mypy takes for a field without an annotation.
    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]

    type: Annotated[str, Field(json_schema_extra={"format": "uri"})]
    title: str
    status: int
    detail: str
    instance: str
    code: Annotated[str, Field(json_schema_extra=_list_codes)]
    request_id: str
    errors: NotRequired[list[FaultView]]
    existing_id: NotRequired[str]
    meeting_status: NotRequired[str]
    reason: NotRequired[str]
