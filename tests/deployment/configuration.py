"""What terraform/ says, as far as it is written out: read without Terraform.

It relies on `terraform fmt`: a block ends at its own indentation.
"""

import re
from pathlib import Path

TOP = Path(__file__).parents[2]
TERRAFORM = TOP / "terraform"
LOCALS = (TERRAFORM / "locals.tf").read_text()


def block(text: str, name: str) -> str:
    """Return what stands between the braces or brackets after `name =`."""
    found = re.search(rf"^( *){name} += [^\n]*[{{\[(]\n(.*?)^\1[}}\])]", text, re.M | re.S)
    assert found is not None, f"no {name}"
    return found[2]


def attributes(body: str) -> dict[str, str]:
    """Return the values of the outermost attributes of one line, as they are written."""
    indentation = min(len(line) - len(line.lstrip()) for line in body.splitlines() if line.strip())
    return dict(re.findall(rf"^ {{{indentation}}}(\w+) += (.+)$", body, re.M))


def functions() -> dict[str, dict[str, str]]:
    """Return what each function is given, by entry point."""
    body = block(LOCALS, "functions")
    return {name: attributes(block(body, name)) for name in attributes(body)}


def words(value: str) -> set[str]:
    """Return the quoted words of a value."""
    return set(re.findall(r'"([^"]*)"', value))
