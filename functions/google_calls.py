"""What was asked of Google, and what came of it, for the journal of a meeting."""

import time
from collections.abc import Callable
from typing import TypeVar

from functions import measurements
from functions.errors import UpstreamError
from functions.models import GoogleCall
from functions.tracing import SpanKind, span

Result = TypeVar("Result")


class GoogleCalls:
    def __init__(self) -> None:
        self.made: list[GoogleCall] = []

    def ask(self, method: str, call: Callable[[], Result]) -> Result:
        """Make a call and note it by the method's name in Google's reference."""
        begun = time.perf_counter()
        outcome = "internal_error"
        try:
            with span(method, SpanKind.CLIENT):
                result = call()
            outcome = "ok"
        except UpstreamError as error:
            outcome = error.code
            raise
        finally:
            self.made.append(GoogleCall(method=method, outcome=outcome))
            measurements.google_call(method, outcome, time.perf_counter() - begun)
        return result
