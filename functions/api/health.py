"""Liveness: the one answer that depends on nothing."""

from functions.api.operations import Answer, operation

ALIVE = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"const": "alive"}},
}


@operation("getHealth", "Liveness", answers={200: Answer("The function is running.", ALIVE)})
def health(_: object) -> dict[str, str]:
    return {"status": "alive"}
