"""Pages of a list, ordered by name."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from infra.local.cloud_tasks.refusal import invalid_argument


class _Named(Protocol):
    name: str


Named = TypeVar("Named", bound=_Named)


def page(
    entities: Iterable[Named], page_size: int, page_token: str, maximum: int
) -> tuple[list[Named], str]:
    """Return the entities after the name `page_token`, and the token of the next page."""
    if page_size < 0:
        raise invalid_argument(f"page_size must not be negative, found {page_size}.")
    size = min(page_size or maximum, maximum)
    following = sorted(
        (entity for entity in entities if entity.name > page_token), key=lambda entity: entity.name
    )
    answered = following[:size]
    return answered, answered[-1].name if len(following) > size else ""
