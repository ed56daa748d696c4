"""How many meetings a month each quota leaves room for.

https://developers.google.com/workspace/calendar/api/guides/quota,
https://support.google.com/a/answer/2905486 (guests),
https://developers.google.com/workspace/meet/api/guides/limits,
https://cloud.google.com/tasks/docs/quotas, https://cloud.google.com/firestore/docs/best-practices
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.costs.life import Use

MONTH_HOURS = 730
MONTH_MINUTES = MONTH_HOURS * 60
MONTH_DAYS = MONTH_HOURS / 24
MONTH_SECONDS = MONTH_MINUTES * 60

PEAK_FACTOR = 10
"""The busiest minute beside the average one: 220 of 730 hours are worked, which is 3.3, and
appointments begin and end on the hour and the half hour, which is 3."""

PEAK_DAY_FACTOR = 1.4
"""The busiest day beside the average one: 22 of 30 are worked."""


@dataclass(frozen=True)
class Quota:
    name: str
    a_minute: float
    a_meeting: float
    peak: float = PEAK_FACTOR

    @property
    def meetings_a_month(self) -> float:
        """As many as their busiest minute leaves room for."""
        return self.a_minute / self.a_meeting * MONTH_MINUTES / self.peak


DAY_MINUTES = 24 * 60


def quotas(life: Use) -> Sequence[Quota]:
    looks = life.delivered_tasks - 1
    rows = [
        Quota("Meet, reads of one mailbox", 600, life.meet_calls),
        Quota("Meet, reads of the project", 6_000, life.meet_calls),
        Quota("Calendar, calls of one mailbox", 600, life.calendar_calls),
        Quota("Calendar, calls of the project", 10_000, life.calendar_calls),
        Quota(
            "Calendar, 1,000,000 calls a day",
            1_000_000 / DAY_MINUTES,
            life.calendar_calls,
            PEAK_DAY_FACTOR,
        ),
        Quota(
            "Calendar, 10,000 guests outside of one mailbox a day",
            10_000 / DAY_MINUTES,
            1,
            PEAK_DAY_FACTOR,
        ),
        Quota("`recording_tasks_per_second` = 2", 2 * 60, looks),
        Quota("`recording_tasks_per_second` = 25, the most", 25 * 60, looks),
        Quota("`calendar_tasks_per_second` = 5", 5 * 60, 1),
        Quota("`calendar_tasks_per_second` = 80, the most", 80 * 60, 1),
        Quota("Cloud Tasks, 500/s of a queue", 500 * 60, looks),
        Quota("Firestore, 500 writes/s by time", 500 * 60, life.writes),
        # docs/figures.md, and RUN_AT_MOST of functions/sweep.py.
        Quota("one sweep a minute", 242 * 40, looks),
    ]
    return sorted(rows, key=lambda row: row.meetings_a_month)
