"""Reads a listing or a journal to its end, over HTTP."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.api.caller import MEETINGS, Api


def page(api: Api, url: str) -> tuple[list[str], str | None]:
    """Return the ids on one page, and where the next one is."""
    answer = api.get(url)
    assert answer.status == 200
    return [result["id"] for result in answer.json["results"]], answer.json["next"]


def walk(api: Api, url: str | None) -> list[str]:
    """Return the ids on this page and on all after it."""
    walked: list[str] = []
    while url is not None:
        ids, url = page(api, url)
        walked += ids
    return walked


def pages_of(api: Api, url: str) -> list[list[dict[str, Any]]]:
    """Return the results on this page and on all after it, page by page."""
    pages = []
    following: str | None = url
    while following is not None:
        answer = api.get(following)
        assert answer.status == 200
        pages.append(answer.json["results"])
        following = answer.json["next"]
    return pages


def cursor_of(url: str | None) -> str:
    """Return the cursor in a URL."""
    return dict(parse_qsl(urlsplit(str(url)).query))["cursor"]


def timeline(api: Api, meeting_id: str) -> list[dict[str, Any]]:
    """Return a meeting's journal, the oldest entry first."""
    answer = api.get(f"{MEETINGS}{meeting_id}/timeline/?page_size=100")
    assert answer.status == 200
    assert answer.json["next"] is None
    entries: list[dict[str, Any]] = answer.json["results"]
    return entries
