"""A receiver, and functions that fail under the real functions-framework."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.running import ROOT, Function, self_hosted
from tests.sentry.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def function_of(source: str, target: str, log: Path, **settings: str) -> Function:
    environ = self_hosted(
        PYTHONPATH=str(ROOT),
        FUNCTION_SOURCE=str(ROOT / "tests" / "sentry" / source),
        **settings,
    )
    return Function(target, environ, log)
