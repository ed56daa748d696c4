"""The token bucket that paces a queue."""

WHOLE_TOKEN = 1 - 1e-9
"""Tokens are a sum of floats: a whole one may come out a little below 1."""


class TokenBucket:
    """Gives at most `rate_per_second` tokens on average, and `burst` at once. It starts full.

    It reads no clock: every call passes the time, in seconds.
    """

    def __init__(self, rate_per_second: float, burst: int, now: float) -> None:
        self.rate_per_second = rate_per_second
        self.burst = burst
        self._tokens = float(burst)
        self._filled_at = now

    def ready_at(self, now: float) -> float:
        """Return when a token can be taken: `now`, or a later time."""
        self._fill(now)
        if self._tokens >= WHOLE_TOKEN:
            return now
        return now + (1 - self._tokens) / self.rate_per_second

    def take(self, now: float) -> None:
        """Take a token, which `ready_at` has promised."""
        self._fill(now)
        self._tokens -= 1

    def _fill(self, now: float) -> None:
        # The wall clock may step back; a negative time span must not take tokens away.
        elapsed_seconds = max(0.0, now - self._filled_at)
        self._tokens = min(float(self.burst), self._tokens + elapsed_seconds * self.rate_per_second)
        self._filled_at = now
