"""What each operation takes and answers, said once, beside the function that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    summary: str
    answers: Mapping[int, Answer]
    problems: tuple[str, ...] = ()
    body: "type[BaseModel] | None" = None
    body_media_type: str = "application/json"
    query: "type[BaseModel] | None" = None
    headers: Mapping[str, str] = field(default_factory=dict)


def operation(
    summary: str, *, answers: Mapping[int, Answer], **more: Any
) -> Callable[[Function], Function]:
    """Attach an Operation to a view function; the OpenAPI document is made from these."""
    described = Operation(summary, answers, **more)

    def attach(function: Function) -> Function:
        vars(function)["operation"] = described
        return function

    return attach
