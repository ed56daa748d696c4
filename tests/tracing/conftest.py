from collections.abc import Iterator

import pytest

from tests.processes.local_stack import Stack
from tests.tracing.receiver import Receiver


@pytest.fixture(scope="package")
def receiver() -> Iterator[Receiver]:
    """The one that the stack sends to."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture(scope="package")
def stack(receiver: Receiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One whose own sweeps come too late for any test."""
    log = tmp_path_factory.mktemp("traced-stack") / "log"
    variables = {"OTLP_TRACES_ENDPOINT": receiver.url}
    with Stack(log, "--sweep-every", "3600", variables=variables) as stack:
        stack.start()
        yield stack
