"""What the documents name is there: targets of make, files, headings, variables and settings."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from functions.settings import Settings
from tests.deployment.configuration import TERRAFORM, TOP
from tests.deployment.documents import (
    DOCUMENTS,
    anchors,
    blocks,
    code,
    commands,
    links,
    name_of,
    spans,
)

MAKEFILE = (TOP / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.M))
VARIABLES_TF = (TERRAFORM / "variables.tf").read_text()
VARIABLES = dict(re.findall(r'^variable "(\w+)" {\n(.*?)^}', VARIABLES_TF, re.M | re.S))
OUTPUTS = set(re.findall(r'^output "(\w+)"', (TERRAFORM / "outputs.tf").read_text(), re.M))
ATTRIBUTES = {
    attribute
    for body in VARIABLES.values()
    for kind in re.findall(r"^  type += (.*?)^  \w", body, re.M | re.S)
    for attribute in re.findall(r"\b(\w+) += ", kind)
}
SETTINGS = {field.name.upper() for field in fields(Settings)}
OF_MAKE = {"ARGS", "CASES", "CI", "EMAIL", "FIRESTORE", "PORT", "PYTHON", "ROLE"}
OF_CLOUDBUILD = {"_ACCOUNT", "_APPLY", "_ENVIRONMENT", "_REGION"}

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)


@every_document
def test_each_target_of_make_is_there(document: Path) -> None:
    used = {
        target
        for part in code(document.read_text())
        for target in re.findall(r"\bmake (?:-s )?([a-z]+)\b", part)
    }

    assert used <= TARGETS


@every_document
def test_each_link_leads_somewhere(document: Path) -> None:
    for link in links(document.read_text()):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document

        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text()), link


@every_document
def test_each_value_that_is_set_in_terraform_is_there(document: Path) -> None:
    text = document.read_text()
    in_a_file = dict(re.findall(r"`(\w+) = [^`\n]*` in `(terraform/\w+\.tf)`", text))
    in_spans = {
        name
        for span in spans(text)
        if re.match(r"[a-z]\w* = ", span)
        for name in re.findall(r"\b([a-z]\w*) = ", span)
    }
    top = [name for block in blocks(text, "hcl") for name in re.findall(r"^(\w+) +=", block, re.M)]

    assert in_spans - in_a_file.keys() <= VARIABLES.keys() | ATTRIBUTES | OUTPUTS
    for name, file in in_a_file.items():
        assert re.search(rf"^ +{name} += ", (TOP / file).read_text(), re.M), f"{name} in {file}"
    assert set(top) <= VARIABLES.keys()


@every_document
def test_each_output_of_terraform_is_there(document: Path) -> None:
    asked = [
        command.split()[-1]
        for part in code(document.read_text())
        for command in commands(part, "terraform")
        if " output " in command
    ]

    assert set(asked) <= OUTPUTS


@every_document
def test_each_setting_that_is_set_exists(document: Path) -> None:
    assigned = {
        name
        for span in spans(document.read_text())
        for name in re.findall(r"^(_?[A-Z][A-Z_]+)=", span)
    }

    assert assigned <= SETTINGS | OF_MAKE | OF_CLOUDBUILD
