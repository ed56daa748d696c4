"""The codes that the product gives to what fails, as its source has them."""

import ast
from collections.abc import Iterator

from functions.problems import CATALOGUE
from tests.deployment.configuration import TOP

RAISED = {
    "ChangedError",
    "DuplicateError",
    "GoneError",
    "NotFoundError",
    "PermanentError",
    "RetryableError",
}
PLACES = dict.fromkeys(RAISED, 0) | {"Row": 4, "translated": 0}
"""Which argument is the code, by the name of what is called."""

ENDINGS = {"translated": ("_refuses", "_unavailable")}
"""What infra/grpc_errors.py makes codes of."""


def known() -> set[str]:
    """Return those of problems, of Google's errors, and of each UpstreamError that is raised."""
    found = set(CATALOGUE)
    for folder in ("functions", "infra"):
        for path in sorted((TOP / folder).rglob("*.py")):
            found |= set(_of(ast.parse(path.read_text())))
    return found


def _of(tree: ast.Module) -> Iterator[str]:
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        place = PLACES.get(node.func.id)
        code = None if place is None else node.args[place]
        if isinstance(code, ast.Name):
            code = constants.get(code.id)
        if isinstance(code, ast.Constant):
            beginning = str(code.value)
            yield from (f"{beginning}{ending}" for ending in ENDINGS.get(node.func.id, ("",)))
