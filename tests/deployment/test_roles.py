"""Least privilege: what the plans in terraform/tests/plans/ grant, against the code and its table.

`.ci/terraform` and Cloud Build hold those files against the plans themselves.
"""

import ast
import inspect
import re
from pathlib import Path

import pytest

from functions.bootstrap import Product
from tests.deployment.configuration import TERRAFORM, TOP, functions

DOCUMENT = (TOP / "docs" / "deployment-roles.md").read_text()

QUEUES = {"calendar_queue": "sync-calendar", "recording_queue": "sync-recording"}
CALLERS = {"tasks_invoker_email": "tasks-caller", "scheduler_invoker_email": "scheduler-caller"}
OF_EVERY_FUNCTION = {
    "OTLP_TRACES_ENDPOINT": ("roles/telemetry.tracesWriter", "project"),
    "SENTRY_DSN (secret)": ("roles/secretmanager.secretAccessor", "secret"),
}
"""A right that a setting needs, wherever it is set."""


def without_prefix(file: Path) -> str:
    """Return a plan's text as if names of accounts and services had none."""
    text = file.read_text()
    prefix = re.search(r"^  api: ([\w-]+-)api in ", text, re.M)
    assert prefix is not None
    return re.sub(rf"\b(account|service) {prefix[1]}", r"\1 ", text)


PLANS = {
    file.stem: without_prefix(file) for file in sorted((TERRAFORM / "tests/plans").glob("*.txt"))
}
METHODS = {
    node.name: node
    for node in ast.walk(ast.parse(inspect.getsource(Product)))
    if isinstance(node, ast.FunctionDef)
}
Right = tuple[str, str]
"""A role, and what it is on: a queue or an account by its name, all else by its kind."""


def names_in(method: str) -> set[str]:
    return {node.attr for node in ast.walk(METHODS[method]) if isinstance(node, ast.Attribute)}


def reached(method: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """Return what the function that this builds has in its hands, by way of other methods too."""
    names = names_in(method)
    for name in names & METHODS.keys() - seen - {method}:
        names |= reached(name, seen | {method, name})
    return names


def needed(function: str, environment: set[str]) -> set[Right]:
    """Return the rights that the code of a function needs with these settings."""
    parts = reached(f"_{function}")
    queues = {queue for part, queue in QUEUES.items() if part in parts}
    rights = {right for name, right in OF_EVERY_FUNCTION.items() if name in environment}
    if "stores" in parts:
        rights.add(("roles/datastore.user", "project"))
    rights |= {("roles/cloudtasks.enqueuer", f"queue {queue}") for queue in queues}
    if queues:
        rights.add(("roles/iam.serviceAccountUser", "account tasks-caller"))
    if "dependencies" in parts:
        rights |= {("roles/cloudtasks.viewer", f"queue {queue}") for queue in queues}
    if "workspace" in parts:
        rights.add(("roles/iam.serviceAccountTokenCreator", "account workspace"))
    if "follow_ups" in parts and "RECORDING_BUCKET" in environment:
        rights.add(("roles/storage.objectUser", "bucket"))
    return rights


def part(plan: str, title: str) -> list[str]:
    lines = re.search(rf"^{title}\n((?:  .+\n)*)", PLANS[plan], re.M)
    assert lines is not None, title
    return [line.strip() for line in lines[1].splitlines()]


def granted(plan: str) -> list[tuple[str, str, str]]:
    """Return who, role and on what, as the file has it."""
    header, *table = part(plan, "rights of the functions")
    found = []
    for line in table:
        *marks, role, _, on = line.split(maxsplit=len(header.split()) + 2)
        assert {*marks} <= {"x", "-"}
        names = zip(header.split(), marks, strict=True)
        found += [(f"function {name}", role, on) for name, mark in names if mark == "x"]
    for line in part(plan, "other rights"):
        each = re.fullmatch(r"(.+): (roles/\S+) on (.+)", line)
        assert each is not None, line
        found.append((each[1], each[2], each[3]))
    return found


def rights(plan: str, function: str) -> list[Right]:
    return sorted(
        (role, on if on.startswith(("queue", "account")) else on.split()[0])
        for who, role, on in granted(plan)
        if who == f"function {function}"
    )


def reached_by(plan: str, function: str) -> tuple[str, str]:
    """Return a function's ingress, and who may invoke it."""
    for line in part(plan, "reached from outside"):
        if found := re.fullmatch(rf"function {function}: (\w+), invoked by (.+)", line):
            return found[1], found[2]
    raise AssertionError(f"no {function}")


def rows(title: str) -> dict[str, list[str]]:
    """Return the cells of the table below a title, by their first."""
    lines = DOCUMENT.split(f"## {title}\n")[1].split("\n## ")[0].splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells if row and row[0].startswith("`")}


def test_each_environment_has_its_plan_and_all_of_it_is_known() -> None:
    assert PLANS.keys() == {file.stem for file in TERRAFORM.glob("*/*.tfvars")}
    for plan, text in PLANS.items():
        # But for the id of the uptime check, which Google makes up.
        assert text.count("known after apply") == text.count("The API does not answer:")
        assert granted(plan)


@pytest.mark.parametrize("function", functions())
@pytest.mark.parametrize("plan", PLANS)
def test_a_function_has_the_rights_that_its_code_needs_and_no_other(
    plan: str, function: str
) -> None:
    environment = set(part(plan, "environment of the functions"))

    assert rights(plan, function) == sorted(needed(function, environment))


@pytest.mark.parametrize("plan", PLANS)
def test_no_function_has_the_whole_of_firestore(plan: str) -> None:
    for _, role, on in granted(plan):
        if role == "roles/datastore.user":
            assert re.search(r' if resource\.name == "projects/[^/"]+/databases/[^/"]+"$', on)


@pytest.mark.parametrize("function", functions())
@pytest.mark.parametrize("plan", PLANS)
def test_a_function_is_invoked_by_the_account_that_its_code_lets_in(
    plan: str, function: str
) -> None:
    admitted = [CALLERS[email] for email in names_in(f"_{function}") & CALLERS.keys()]
    ingress, invokers = reached_by(plan, function)

    if admitted:
        assert (ingress, invokers) == ("ALLOW_INTERNAL_ONLY", f"account {admitted[0]}")
    else:
        assert function == "api"


@pytest.mark.parametrize("plan", PLANS)
def test_nothing_but_api_is_public(plan: str) -> None:
    public = [grant for grant in granted(plan) if grant[0] in ("allUsers", "allAuthenticatedUsers")]
    assert set(public) <= {("allUsers", "roles/run.invoker", "service api")}

    buckets = [line for line in part(plan, "reached from outside") if line.startswith("bucket")]
    assert buckets and all(line.endswith("public access enforced") for line in buckets)


def test_every_right_is_in_the_table_with_the_functions_that_have_it_and_no_other() -> None:
    holders: dict[str, set[str]] = {}
    for plan in PLANS:
        for who, role, _ in granted(plan):
            named = re.findall(r"^function (\w+)", who)
            holders.setdefault(role, set()).update(named)

    told = {
        role: {*functions()}
        if to == "every function"
        else {*re.findall(r"`(\w+)`", to)} & {*functions()}
        for role, (_, to) in rows("Each right").items()
    }
    assert told == holders


def test_it_says_who_calls_each_function() -> None:
    on, to = rows("Each right")["roles/run.invoker"]
    for services, caller in zip(on.split("; "), to.split("; "), strict=True):
        for name in re.findall(r"`(\w+)`", services):
            by = reached_by("production", name)[1]
            assert caller.startswith(
                "everybody" if by == "allUsers" else by.replace("account ", "`")
            )
