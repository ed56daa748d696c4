"""The clock of the local stack's meetings, which can be moved forward over HTTP.

Everything else keeps the real time: tokens, the queue's tries, how long a caller waits.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, request
from pydantic import BaseModel, ConfigDict, Field

from functions.api.validation import parse_body
from functions.errors import Fault, InvalidRequest
from functions.json_body import read_object
from functions.web import create_app

PATH = "/simulated-clock"
"""Where the stack serves it."""

AHEAD_AT_MOST_SECONDS = 10 * 365 * 24 * 3600


class SimulatedClock:
    """Runs as the real one does, ahead of it by all that it was moved."""

    def __init__(self, real_now: Callable[[], datetime]) -> None:
        self._real_now = real_now
        self._lock = threading.Lock()
        self.ahead_seconds = 0

    def __call__(self) -> datetime:
        return self._real_now() + timedelta(seconds=self.ahead_seconds)

    def advance(self, seconds: int) -> None:
        """Move it forward; raises InvalidRequest where that would be too far."""
        with self._lock:
            left = AHEAD_AT_MOST_SECONDS - self.ahead_seconds
            if seconds > left:
                message = f"It can be moved {left} more seconds, until the stack starts anew."
                raise InvalidRequest([Fault("/advance_seconds", "out_of_range", message)])
            self.ahead_seconds += seconds


class Advance(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    advance_seconds: int = Field(ge=1)


def clock_app(clock: SimulatedClock, sweep: Callable[[], None]) -> Flask:
    """Return the app that shows the clock, moves it, and then has all seen to that is due."""
    app = create_app("simulated_clock")

    @app.get("/")
    def show() -> dict[str, Any]:
        return {"now": clock().isoformat(), "ahead_seconds": clock.ahead_seconds}

    @app.post("/")
    def advance() -> dict[str, Any]:
        clock.advance(parse_body(Advance, read_object(request)).advance_seconds)
        sweep()
        return show()

    return app
