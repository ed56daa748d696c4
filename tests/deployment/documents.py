"""What the documents say in code, where their links lead, and the commands of a shell's text."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.deployment.configuration import TOP

DOCUMENTS = sorted([*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")])
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
BEFORE_A_COMMAND = r"(?:^|[\n;|(]|&&|\bdo|\bthen)[ \t]*"
AFTER_A_COMMAND = "\n;|&)<>"


def blocks(text: str, language: str) -> list[str]:
    return [body for found, body in FENCE.findall(text) if found == language]


def spans(text: str) -> list[str]:
    """Return what stands between backticks in the running text."""
    return SPAN.findall(FENCE.sub("", text))


def code(text: str) -> list[str]:
    """Return all that a reader may paste or set: blocks of a shell's, and spans."""
    return [*blocks(text, "sh"), *spans(text)]


def links(text: str) -> list[str]:
    """Return the targets of the links to other files or headings of ours."""
    return [to for to in LINK.findall(FENCE.sub("", text)) if not to.startswith(("http", "mailto"))]


def anchors(text: str) -> set[str]:
    """Return the headings as GitHub names them in an address."""
    titles = HEADING.findall(FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def commands(script: str, program: str) -> Iterator[str]:
    """Yield each command that runs a program, on one line, up to where the shell ends it."""
    joined = re.sub(r"\\\n[ \t]*", "", script)
    for found in re.finditer(rf"{BEFORE_A_COMMAND}({program} )", joined):
        yield _command_at(joined, found.start(1))


def _command_at(text: str, start: int) -> str:
    quote, position = "", start
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 1
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in AFTER_A_COMMAND or text.startswith(" #", position):
            break
        position += 1
    return text[start:position].strip()


def name_of(document: Path) -> str:
    return str(document.relative_to(TOP))
