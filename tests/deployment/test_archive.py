"""What terraform/functions.tf packs: all that a function needs, and nothing that may lie about."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from tests.deployment.configuration import TERRAFORM, TOP, block
from tests.processes.running import environment
from tests.test_settings import OIDC

ASK = """
import json, sys
from functions_framework import create_app
target, path = sys.argv[1:]
answer = create_app(target, "main.py").test_client().get(path)
print(json.dumps([answer.status_code, answer.text]), file=sys.stderr)
"""


def alternatives(pattern: str) -> Iterator[str]:
    """Yield the patterns that one with braces stands for."""
    parts = re.split(r"\{([^}]*)\}", pattern)
    for chosen in product(*(part.split(",") for part in parts[1::2])):
        yield "".join(a + b for a, b in zip(parts[::2], [*chosen, ""], strict=True))


def packed(top: Path) -> set[Path]:
    text = block((TERRAFORM / "functions.tf").read_text(), "sources")
    patterns = re.findall(r'fileset\(local\.root, "([^"]+)"\)', text)
    excluded = re.findall(r'!startswith\(file, "([^"]+)"\)', text)
    files = {
        file.relative_to(top)
        for pattern in patterns
        for alternative in alternatives(pattern)
        for file in top.glob(alternative)
    }
    return {file for file in files if not str(file).startswith(tuple(excluded))}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    for file in packed(TOP):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TOP / file, folder / file)
    return folder


@pytest.mark.parametrize(
    ("target", "path", "status"),
    [
        ("api", "/api/v1/health/", 200),
        ("api", "/api/v1/docs/", 200),
        ("api", "/api/v1/redoc/", 200),
        ("api", "/api/v1/schema/", 200),
        ("sync_calendar", "/", 401),
        ("sync_recording", "/", 401),
        ("sweep", "/", 401),
    ],
)
def test_every_function_starts_from_it(archive: Path, target: str, path: str, status: int) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, '.'){ASK}", target, path],
        cwd=archive,
        env=environment(**OIDC),
        capture_output=True,
        text=True,
        timeout=60,
    )

    answer = json.loads(done.stderr.splitlines()[-1])
    assert answer[0] == status, answer[1]


def test_every_file_of_the_product_is_in_it(archive: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "functions", "infra"], cwd=TOP, capture_output=True, text=True
    )
    if tracked.returncode:
        pytest.skip("not a git work tree")
    files = {Path(name) for name in tracked.stdout.split() if (TOP / name).is_file()}

    assert files - packed(TOP) == {file for file in files if file.is_relative_to("infra/local")}


def test_what_lies_about_is_not_in_it(tmp_path: Path) -> None:
    lying_about = ("key.json", ".env", ".local/key.pem", ".venv/main.py", "functions/key.json")
    for name in (*lying_about, "main.py", "functions/__pycache__/a.pyc", "tests/a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    assert packed(tmp_path) == {Path("main.py")}
