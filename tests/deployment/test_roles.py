"""Least privilege: the rights in terraform/ against what the code does, and the table of them."""

import ast
import inspect
import re

from functions.bootstrap import Product
from tests.deployment.configuration import TERRAFORM, TOP, functions, words

DOCUMENT = (TOP / "docs" / "deployment-roles.md").read_text()
IAM = (TERRAFORM / "iam.tf").read_text() + (TERRAFORM / "github.tf").read_text()
QUEUES = {"sync_calendar": "calendar_queue", "sync_recording": "recording_queue"}
CALLERS = {"tasks_invoker_email": "tasks", "scheduler_invoker_email": "scheduler"}

METHODS = {
    node.name: node
    for node in ast.walk(ast.parse(inspect.getsource(Product)))
    if isinstance(node, ast.FunctionDef)
}


def names_in(method: str) -> set[str]:
    return {node.attr for node in ast.walk(METHODS[method]) if isinstance(node, ast.Attribute)}


def reached(method: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """Return what the function that this builds has in its hands, by way of other methods too."""
    names = names_in(method)
    for name in names & METHODS.keys() - seen - {method}:
        names |= reached(name, seen | {method, name})
    return names


def rows(title: str) -> dict[str, list[str]]:
    """Return the cells of the table below a title, by their first."""
    part = DOCUMENT.split(f"## {title}\n")[1].split("\n## ")[0]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in part.splitlines()]
    return {row[0].strip("`"): row[1:] for row in cells if row and row[0].startswith("`")}


def test_a_function_may_enqueue_where_its_code_does() -> None:
    for name, given in functions().items():
        used = {queue for queue, part in QUEUES.items() if part in reached(f"_{name}")}

        assert words(given["queues"]) == used, name


def test_a_function_may_act_for_the_workspace_where_its_code_does() -> None:
    for name, given in functions().items():
        acts = "workspace" in reached(f"_{name}")

        assert given["acts_for_workspace"] == str(acts).lower(), name


def test_a_function_is_called_by_the_account_that_its_code_lets_in() -> None:
    for name, given in functions().items():
        admitted = [CALLERS[email] for email in names_in(f"_{name}") & CALLERS.keys()]

        assert sorted(words(given["caller"])) == admitted, name


def test_the_table_says_what_each_function_may() -> None:
    table = rows("The functions")

    assert table.keys() == functions().keys()
    for name, given in functions().items():
        firestore, enqueues, workspace, bucket, caller = table[name]
        assert "stores" in reached(f"_{name}") and firestore == "reads and writes"
        assert words(given["queues"]) == set(re.findall(r"`(\w+)`", enqueues)), name
        assert (given["acts_for_workspace"] == "true") == (workspace == "signs"), name
        assert (name == "sync_recording") == (bucket == "reads and writes"), name
        assert re.findall(r"`(\w+)-caller`", caller) == sorted(words(given["caller"])), name


def test_every_role_that_terraform_grants_is_in_the_table_and_no_other() -> None:
    granted = set(re.findall(r'"(roles/[\w.]+)"', IAM))

    assert set(rows("Each grant")) == granted
