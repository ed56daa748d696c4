"""The local stack's clock for meetings, which can be moved on."""

from datetime import datetime

from tests.processes.asking import Answer, ask

CLOCK = "/simulated-clock/"


def now(url: str) -> datetime:
    return datetime.fromisoformat(ask(url, "GET", CLOCK).json["now"])


def advance(url: str, seconds: object) -> Answer:
    return ask(url, "POST", CLOCK, {"advance_seconds": seconds})
