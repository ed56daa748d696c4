"""Say loudly, but once an hour, what may be wrong for every meeting alike."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.errors import UpstreamError
from functions.ports import AllowanceStore

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class HourlyWarnings:
    """Counted in the store, so that it is once an hour for all instances together."""

    allowances: AllowanceStore
    now: Callable[[], datetime]

    def warn(self, code: str, detail: str, meeting_id: str) -> None:
        """Log an error with what to fix, and with one of the meetings that it was noticed at."""
        now = self.now()
        hour = f"{now:%Y%m%dT%H}"
        try:
            times = self.allowances.take(f"warning-{code}", hour, 1, now + timedelta(hours=2))
        except UpstreamError:
            times = 1
        if times == 1:
            logger.error(detail, extra={"code": code, "meeting_id": meeting_id})
