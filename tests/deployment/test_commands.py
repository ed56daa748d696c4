"""Every gcloud command that is to be pasted, or that Cloud Build runs, against gcloud's parser."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from tests.deployment.configuration import TERRAFORM, TOP
from tests.deployment.documents import DOCUMENTS, blocks, commands, name_of, spans

Command = tuple[str, str]
"""Where it stands, and what it says."""

VALUES = {"to": "--to-latest"}
"""What stands for a whole argument; any other variable is a name."""


def with_values(command: str) -> str:
    return re.sub(r"\$\{?(\w+)\}?", lambda found: VALUES.get(found[1], "some-value"), command)


def in_documents() -> Iterator[Command]:
    for document in DOCUMENTS:
        text = document.read_text()
        for block in blocks(text, "sh"):
            for command in commands(block, "gcloud"):
                yield name_of(document), command
        for span in spans(text):
            for command in commands(span, "gcloud"):
                # A sentence may name a command without what it needs.
                yield name_of(document), command if "--" in command else f"{command} --help"


def in_cloudbuild() -> Iterator[Command]:
    for step in yaml.safe_load((TOP / "cloudbuild.yaml").read_text())["steps"]:
        for command in commands(step["script"], "gcloud"):
            yield f"cloudbuild.yaml {step['id']}", command


def in_terraform() -> Iterator[Command]:
    for path in sorted(TERRAFORM.glob("*.tf")):
        for span in spans(path.read_text()):
            for command in commands(span, "gcloud"):
                yield path.name, command


def refused(found: Sequence[Command], folder: Path) -> list[str]:
    """Return what gcloud says against each command that it does not take."""
    gcloud = shutil.which("gcloud")
    if gcloud is None:
        message = "gcloud is not installed"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    said = {with_values(command): where for where, command in found}
    file = folder / "commands.json"
    file.write_text(json.dumps([{"command_string": command} for command in said]))
    done = subprocess.run(
        [gcloud, "meta", "lint-gcloud-commands", f"--commands-file={file}", "--serialize"],
        cwd=folder,  # the parser makes the files that an argument names
        stdin=subprocess.DEVNULL,
        env={**os.environ, "CLOUDSDK_CONFIG": str(folder), "CLOUDSDK_CORE_DISABLE_PROMPTS": "1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answers = json.loads(done.stdout)
    return [
        f"{where}: {command}: {answer['error_message']}"
        for (command, where), number in zip(said.items(), range(len(said)), strict=True)
        for answer in answers[str(number)]
        if not answer["success"]
    ]


def test_gcloud_takes_every_command(tmp_path: Path) -> None:
    found = [*in_documents(), *in_cloudbuild(), *in_terraform()]

    assert refused(found, tmp_path) == []


def test_each_place_with_commands_is_read() -> None:
    assert len({command for _, command in in_cloudbuild()}) == 3
    read = {where for where, _ in in_documents()}
    assert {"docs/cloud-tasks-stand-in.md", "docs/deploying.md", "docs/operators.md"} <= read


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "gcloud run services list \\\n  --region=a | tee b",
            ["gcloud run services list --region=a"],
        ),
        (
            'a="$(gcloud x --format="value(b)")" && gcloud y',
            ['gcloud x --format="value(b)"', "gcloud y"],
        ),
        ("for a in b; do\n  gcloud z 'c\nd' # e\ndone", ["gcloud z 'c\nd'"]),
        (
            "printf %s a | gcloud secrets create b --data-file=- < /dev/null",
            ["gcloud secrets create b --data-file=-"],
        ),
        ("needs gcloud and Java", []),
    ],
)
def test_a_command_ends_where_the_shell_ends_it(script: str, expected: list[str]) -> None:
    assert list(commands(script, "gcloud")) == expected


def test_what_gcloud_does_not_know_is_named(tmp_path: Path) -> None:
    unknown = [
        "gcloud run services update meet-api --region=a --ingress=nobody",
        "gcloud tasks queues pauze sync-calendar --location=a",
        "gcloud iam service-accounts create --project=a",
        "gcloud scheduler jobs pause meet-sweep --locaton=a",
    ]

    told = refused([("here", command) for command in unknown], tmp_path)

    assert [line.split(": ")[:2] for line in told] == [["here", command] for command in unknown]
