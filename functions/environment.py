"""Variables of an environment, read one after the other; what is wrong with them is collected."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
"""https://cloud.google.com/storage/docs/buckets#naming"""

DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
Choice = TypeVar("Choice", bound=str)
Number = TypeVar("Number", int, None)


class Environment:
    """Every method but `fault` reads a variable; a faulty one is noted in `faults`."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.faults: list[str] = []

    def fault(self, text: str) -> None:
        self.faults.append(text)

    def text(self, name: str) -> str | None:
        return self._environ.get(name, "").strip() or None

    def required(self, name: str, meaning: str) -> str:
        value = self.text(name)
        if value is None:
            self.fault(f"{name} is missing: {meaning}")
        return value or ""

    def choice(self, name: str, choices: tuple[Choice, ...], default: Choice | None) -> Choice:
        value = self.text(name) or default
        for choice in choices:
            if value == choice:
                return choice
        found = "is missing" if value is None else f"is {value!r}"
        self.fault(f"{name} {found}: set it to {' or '.join(choices)}")
        return choices[0]

    def number(self, name: str, default: Number, least: int, most: int) -> int | Number:
        value = self.text(name)
        if value is None:
            return default
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            self.fault(f"{name} is {value!r}: set it to a whole number from {least} to {most}")
            return default
        return int(value)

    def email(self, name: str) -> str | None:
        value = self.text(name)
        if value and not EMAIL.fullmatch(value):
            self.fault(f"{name} is not an email address")
        return value and value.lower()

    def emails(self, name: str) -> tuple[str, ...]:
        emails = tuple(dict.fromkeys(word.lower() for word in self.words(name)))
        if not all(EMAIL.fullmatch(email) for email in emails):
            self.fault(f"{name} must be email addresses, separated by commas")
        return emails

    def bucket(self, name: str) -> str | None:
        value = self.text(name)
        if value and not BUCKET.fullmatch(value):
            self.fault(f"{name} is {value!r}: set it to the name of a Cloud Storage bucket")
        return value

    def words(self, name: str) -> list[str]:
        """Return the parts of a list separated by commas, in their order."""
        parts = (part.strip() for part in (self.text(name) or "").split(","))
        return [part for part in parts if part]

    def domains(self, name: str) -> frozenset[str]:
        domains = {part.lower() for part in self.words(name)}
        for domain in sorted(domains):
            if not DOMAIN.fullmatch(domain):
                self.fault(f"{name} has {domain!r}: set it to domains, separated by commas")
        return frozenset(domains)

    def file(self, name: str) -> str | None:
        value = self.text(name)
        if value and not Path(value).is_file():
            self.fault(f"{name} must be the path of a readable service account key file")
        return value

    def url(self, name: str, meaning: str) -> str:
        self.required(name, meaning)
        return self.optional_url(name) or ""

    def optional_url(self, name: str, is_secret: bool = False) -> str | None:
        value = self.text(name)
        self._check_url(name, value, is_secret)
        return value

    def urls(self, name: str) -> tuple[str, ...]:
        values = self.words(name)
        for value in values:
            self._check_url(name, value)
        return tuple(values)

    def _check_url(self, name: str, value: str | None, is_secret: bool = False) -> None:
        if value and not is_url(value, {"https"}) and not is_loopback_url(value):
            found = "is no URL of that kind" if is_secret else f"is {value!r}"
            self.fault(f"{name} {found}: set it to an https URL, or an http one on loopback")

    def loopback_url(self, name: str) -> str | None:
        value = self.text(name)
        if value and not is_loopback_url(value):
            self.fault(f"{name} is {value!r}: only a URL on loopback may stand in for Google")
        return value

    def loopback_host(self, name: str) -> str | None:
        value = self.text(name)
        if value and not is_loopback_url(f"http://{value}"):
            self.fault(f"{name} is {value!r}: only HOST:PORT on loopback may stand in for Google")
        return value


def is_url(value: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_loopback_url(value: str) -> bool:
    return is_url(value, {"http", "https"}) and urlsplit(value).hostname in LOOPBACK_HOSTS
