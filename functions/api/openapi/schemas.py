"""The schemas of bodies and queries, as pydantic tells them."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from functions.api.operations import Operation

REFERENCE = "#/components/schemas/{model}"


class Plain(GenerateJsonSchema):
    """Leaves out the titles that only say the fields' names again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schemas(described: Iterable[Operation]) -> dict[str, Any]:
    models = {model for found in described for model in _models(found)}
    _, made = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template=REFERENCE,
        schema_generator=Plain,
    )
    named = made["$defs"]
    for found in described:
        if found.query is not None:
            named = of_query(found.query).get("$defs", {}) | named
    return {
        name: {key: _named(value, named) for key, value in schema.items()}
        for name, schema in named.items()
    }


def of_query(query: type[BaseModel]) -> dict[str, Any]:
    return query.model_json_schema(ref_template=REFERENCE, schema_generator=Plain)


def _named(value: Any, named: dict[str, Any]) -> Any:
    """Return a reference to what has a name: pydantic repeats models that it does not validate."""
    if isinstance(value, dict):
        if "properties" in value and named.get(value.get("title", "")) == value:
            return {"$ref": REFERENCE.format(model=value["title"])}
        return {key: _named(item, named) for key, item in value.items()}
    return value


def _models(described: Operation) -> set[type[BaseModel]]:
    bodies = {answer.body for answer in described.answers.values() if isinstance(answer.body, type)}
    return bodies if described.body is None else {*bodies, described.body}


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter's schema, which can be left out but not be null."""
    plain = {name: value for name, value in schema.items() if (name, value) != ("default", None)}
    match plain.pop("anyOf", None):
        case [kind, {"type": "null"}]:
            return {**kind, **plain}
    return plain
