"""What each operation takes and answers, said once, beside the function that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pydantic import BaseModel

    Schema = type[BaseModel] | Mapping[str, Any]

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Answer:
    """One status that an operation can answer with."""

    description: str
    body: "Schema | None" = None
    media_type: str = "application/json"
    headers: tuple[str, ...] = ()
    """Their names; what each means stands in `functions.api.openapi`."""


@dataclass(frozen=True)
class Operation:
    name: str
    """What a generated client calls it."""

    summary: str
    answers: Mapping[int, Answer]
    description: str = ""
    problems: tuple[str, ...] = ()
    body: "type[BaseModel] | None" = None
    body_media_type: str = "application/json"
    is_body_required: bool = True
    is_conditional: bool = False
    """Whether ETags are looked at: If-None-Match of a GET, If-Match of anything else."""

    query: "type[BaseModel] | None" = None
    headers: tuple[str, ...] = ()
    """The names of those that are its own."""


def operation(
    name: str, summary: str, *, answers: Mapping[int, Answer], **more: Any
) -> Callable[[Function], Function]:
    """Attach an Operation to a view function; the OpenAPI document is made from these."""
    described = Operation(name, summary, answers, **more)

    def attach(function: Function) -> Function:
        vars(function)["operation"] = described
        return function

    return attach
