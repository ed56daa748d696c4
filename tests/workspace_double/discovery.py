"""Google's discovery documents, as shipped in google-api-python-client: which method is this?"""

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any
from urllib.parse import unquote

Schema = dict[str, Any]


@dataclass(frozen=True)
class Method:
    """One method of an API. `parameters` holds the API-wide ones too."""

    id: str
    http_method: str
    path: re.Pattern[str]
    parameters: dict[str, Schema]
    scopes: frozenset[str]
    request: Schema | None
    response: Schema | None
    schemas: dict[str, Schema]
    supports_media: bool

    def accepts(self, path_parameters: dict[str, str]) -> bool:
        """Whether each path parameter has the pattern that the method asks for."""
        return all(
            re.search(self.parameters[name].get("pattern", ""), text)
            for name, text in path_parameters.items()
        )


class Document:
    """One API: its methods, its schemas and the scopes it knows."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._service_path: str = content["servicePath"]
        self.schemas: dict[str, Schema] = content["schemas"]
        self.scopes = frozenset(content["auth"]["oauth2"]["scopes"])
        common = content["parameters"]
        # The longest template first: `{+name}:signBlob` before `{+name}`.
        self.methods = sorted(
            (_method(raw, common, self.schemas) for raw in _raw_methods(content)),
            key=lambda method: -len(method.path.pattern),
        )

    def find(self, http_method: str, path: str) -> tuple[Method, dict[str, str]] | None:
        """Find the method for a path under the API's service path, or under the bare root.

        googleapiclient puts no service path in front when `api_endpoint` is given, so
        both `http://host/calendar/v3/` and `http://host/` must be understood. Many of Meet's
        methods have the path `v2/{+name}`: the pattern of the name tells which one is meant.
        """
        relative = path.lstrip("/").removeprefix(self._service_path)
        found = [
            (method, {name: unquote(text) for name, text in match.groupdict().items()})
            for method in self.methods
            if method.http_method == http_method and (match := method.path.fullmatch(relative))
        ]
        return next((f for f in found if f[0].accepts(f[1])), found[0] if found else None)


@functools.cache
def load(name: str) -> Document:
    """Load a document by name and version, such as `calendar.v3`."""
    folder = resources.files("googleapiclient") / "discovery_cache" / "documents"
    return Document(json.loads((folder / f"{name}.json").read_text("utf-8")))


def _raw_methods(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from node.get("methods", {}).values()
    for resource in node.get("resources", {}).values():
        yield from _raw_methods(resource)


def _method(raw: dict[str, Any], common: dict[str, Schema], schemas: dict[str, Schema]) -> Method:
    return Method(
        id=raw["id"],
        http_method=raw["httpMethod"],
        path=_path_pattern(raw["path"]),
        parameters={**common, **raw.get("parameters", {})},
        scopes=frozenset(raw.get("scopes", ())),
        request=raw.get("request"),
        response=raw.get("response"),
        schemas=schemas,
        supports_media=raw.get("supportsMediaDownload", False),
    )


def _path_pattern(template: str) -> re.Pattern[str]:
    """Turn an RFC 6570 template into a pattern: `{x}` is one segment, `{+x}` any number."""
    pattern = re.escape(template)
    pattern = re.sub(r"\\{\\\+(\w+)\\}", r"(?P<\1>.+)", pattern)
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", pattern))
