"""`/_double/…`: how a test steers a double that runs in another process."""

import json
from typing import TYPE_CHECKING, Any

from tests.workspace_double.messages import HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from tests.workspace_double.double import WorkspaceDouble

PREFIX = "/_double/"


def answer(double: "WorkspaceDouble", request: HttpRequest) -> HttpAnswer:
    """Answer `GET state`, `POST faults` and `POST conferences`; bodies are keyword arguments."""
    route = f"{request.method} {request.path.removeprefix(PREFIX)}"
    if route == "GET state":
        return HttpAnswer.of_json(200, state(double))
    try:
        arguments = json.loads(request.body or b"{}")
        if route == "POST faults":
            double.faults.add(**arguments)
        elif route == "POST conferences":
            double.script_conference(**arguments)
        else:
            return HttpAnswer.of_json(404, {"error": f"no control named {route!r}"})
    except (TypeError, ValueError) as error:
        return HttpAnswer.of_json(400, {"error": str(error)})
    return HttpAnswer.of_json(200, state(double))


def state(double: "WorkspaceDouble") -> dict[str, Any]:
    return {
        "events": double.events,
        "mail": double.mail,
        "violations": double.violations,
        "calls": double.calls,
        "pending_faults": len(double.faults.pending),
    }
