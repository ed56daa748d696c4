"""Imports run one way: main, then bootstrap, then everything; a start loads what it needs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes.running import ROOT, self_hosted

PURE = {
    "functions.environment",
    "functions.errors",
    "functions.roles",
    "functions.tracing",
    "functions.settings",
} | {f"functions.models.{path.stem}" for path in (ROOT / "functions/models").glob("[!_]*.py")}
CLIENTS = ["grpc", "google.cloud.firestore", "google.cloud.tasks_v2", "httplib2"]
OPTIONAL = ["opentelemetry.sdk", "prometheus_client", "sentry_sdk"]
BANNED = {"google", "googleapiclient", "grpc", "httplib2", "infra"} | {
    name.partition(".")[0] for name in OPTIONAL
}
STANDARD = sys.stdlib_module_names | {"pydantic"}

ADAPTERS = [
    path for path in (ROOT / "infra").rglob("*.py") if "local" not in path.relative_to(ROOT).parts
]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found.add(node.module)
    return found


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", sorted((ROOT / "functions").rglob("*.py")), ids=name_of)
def test_functions_know_nothing_of_google(path: Path) -> None:
    if name_of(path).startswith("functions.bootstrap"):
        return

    roots = {name.partition(".")[0] for name in imports(path)}

    assert roots.isdisjoint(BANNED)


@pytest.mark.parametrize("path", sorted(ADAPTERS), ids=name_of)
def test_adapters_know_models_errors_and_the_trace_alone(path: Path) -> None:
    ours = {name for name in imports(path) if name.partition(".")[0] == "functions"}

    assert {name for name in ours if not name.startswith("functions.models")} <= {
        "functions.errors",
        "functions.tracing",
    }


@pytest.mark.parametrize("name", sorted(PURE))
def test_pure_modules_import_nothing_but_the_standard_library_and_pydantic(name: str) -> None:
    found = imports(ROOT / f"{name.replace('.', '/')}.py")

    assert {n for n in found if n.partition(".")[0] not in STANDARD} <= PURE


def test_a_start_loads_no_client_and_nothing_that_is_off() -> None:
    assert loaded_by_a_start() == []


def test_what_is_on_is_loaded_and_still_no_client() -> None:
    on = {
        "OTLP_TRACES_ENDPOINT": "http://127.0.0.1:9/v1/traces",
        "PROMETHEUS": "on",
        "SENTRY_DSN": "http://0123456789abcdef0123456789abcdef@127.0.0.1:9/42",
    }

    assert loaded_by_a_start(**on) == OPTIONAL


def loaded_by_a_start(**variables: str) -> list[str]:
    """Return what a process has of clients and optional parts once it has answered health/."""
    script = (
        "import sys, main; from functions.bootstrap import product;"
        "product().api().test_client().get('/api/v1/health/');"
        f"print(*[name for name in {[*CLIENTS, *OPTIONAL]} if name in sys.modules])"
    )
    environ = self_hosted(LOG_LEVEL="ERROR", STORE="firestore", **variables)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()
