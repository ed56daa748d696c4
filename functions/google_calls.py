"""What was asked of Google, and what came of it, for the journal of a meeting."""

from collections.abc import Callable
from typing import TypeVar

from functions.errors import UpstreamError
from functions.models import GoogleCall

Result = TypeVar("Result")


class GoogleCalls:
    def __init__(self) -> None:
        self.made: list[GoogleCall] = []

    def ask(self, method: str, call: Callable[[], Result]) -> Result:
        """Make a call and note it by the method's name in Google's reference."""
        try:
            result = call()
        except UpstreamError as error:
            self.made.append(GoogleCall(method=method, outcome=error.code))
            raise
        self.made.append(GoogleCall(method=method, outcome="ok"))
        return result
