"""What JSON merge patches (RFC 7396) have in common: what is not sent stays as it is."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

UNSET: Any = None
"""The default of a field whose absence is told by `model_fields_set` alone."""


def patch_config(example: Mapping[str, Any]) -> ConfigDict:
    """Return the configuration of a patch, whose schema shows no defaults."""

    def describe(schema: dict[str, Any]) -> None:
        for field in schema["properties"].values():
            del field["default"]
        schema["example"] = example

    return ConfigDict(extra="forbid", defer_build=True, json_schema_extra=describe)


def sent(patch: BaseModel) -> dict[str, Any]:
    """Return the fields that the caller sent."""
    return {name: getattr(patch, name) for name in patch.model_fields_set}
