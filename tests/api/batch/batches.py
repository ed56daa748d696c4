"""Batches as their tests ask for them."""

from typing import Any

from tests.api.caller import BATCH_CANCEL, BATCH_CREATE, Answer, a_body, content
from tests.api.keyed import Asked, KeyedApi


def an_item(number: int, **changes: Any) -> dict[str, Any]:
    return a_body(**{"external_reference": f"appointment_{number}", **changes})


def a_nameless_item(number: int, **changes: Any) -> dict[str, Any]:
    """One without a reference: nothing but a key says that it is the same."""
    return a_body(external_reference=None, summary=f"Visit {number}", **changes)


def a_creation(*items: dict[str, Any]) -> Asked:
    meetings = items or tuple(a_nameless_item(number) for number in range(5))
    return Asked("POST", BATCH_CREATE, 200, {"meetings": meetings})


def a_cancellation(api: KeyedApi) -> Asked:
    return Asked("POST", BATCH_CANCEL, 200, {"ids": [api.make() for _ in range(5)]})


def create(api: KeyedApi, *meetings: Any) -> Answer:
    return api.send("POST", BATCH_CREATE, **content({"meetings": meetings}))


def cancel(api: KeyedApi, *ids: Any, **more: Any) -> Answer:
    return api.send("POST", BATCH_CANCEL, **content({"ids": ids, **more}))


def statuses(body: Any) -> list[int]:
    """Return the status of each item."""
    return [result["status"] for result in body["results"]]


def ids(body: Any) -> list[str | None]:
    """Return the id of each item's meeting."""
    meetings = [result["meeting"] for result in body["results"]]
    return [meeting and meeting["id"] for meeting in meetings]
