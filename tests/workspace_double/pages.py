"""Meet's pages: a token leads on in the same list of the same caller, and nowhere else."""

from typing import Any

from tests.workspace_double.errors import ApiError
from tests.workspace_double.gateway import ApiCall

Resource = dict[str, Any]


class Pages:
    """Cuts lists into pages and remembers what is still to come."""

    def __init__(self) -> None:
        self._rests: dict[str, tuple[tuple[Any, ...], list[str]]] = {}

    def cut(
        self, call: ApiCall, items: list[Resource], *, default: int, maximum: int
    ) -> tuple[list[Resource], Resource]:
        """Choose one page of named resources, and the token that leads on.

        What vanished since the first page is left out, what came since then too.

        Raises:
            ApiError: the size is negative, or the token is not of this list.
        """
        size = call.parameters.get("pageSize", 0)
        if size < 0:
            raise ApiError(400, "badRequest", "page_size must not be negative.")
        size = min(size or default, maximum)
        by_name = {item["name"]: item for item in items}
        query = _query(call)
        names = self._names(call.parameters.get("pageToken"), query, list(by_name))
        page = [by_name[name] for name in names[:size] if name in by_name]
        if not names[size:]:
            return page, {}
        token = f"page-{len(self._rests)}"
        self._rests[token] = (query, names[size:])
        return page, {"nextPageToken": token}

    def _names(self, token: str | None, query: tuple[Any, ...], all_names: list[str]) -> list[str]:
        if not token:
            return all_names
        known_query, names = self._rests.get(token, ((), []))
        if known_query != query:
            raise ApiError(400, "badRequest", "The page token is invalid.")
        return names


def _query(call: ApiCall) -> tuple[Any, ...]:
    given = call.parameters
    return (call.method_id, call.user, given.get("parent"), given.get("filter"))
