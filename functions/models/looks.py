"""When Google Meet is asked about a meeting: a ladder of looks that ends when all is known.

Every look has a fixed place on the ladder, so that one which is repeated, or is late, neither
moves the next one nor makes another.
"""

from datetime import datetime, timedelta

NOT_STARTED_AFTER = timedelta(minutes=5)
"""Nobody in the room by then is worth telling."""

PREPARED_BEFORE = timedelta(minutes=10)
"""A setting of the room that could not be made is tried once more then."""

OPENS_BEFORE = timedelta(hours=1)
CLOSES_AFTER = timedelta(hours=2)
"""A conference that lasts, or begins, between these around the schedule is the meeting's."""

CONFERENCES_LAST_AT_MOST = timedelta(days=1)
"""Google ends a call then.

https://support.google.com/meet/answer/7317473
"""

RECORDING_TOLD_AFTER = timedelta(minutes=10)
"""A conference that ended this long ago without a recording was not recorded."""

LIVE_INTERVAL = timedelta(minutes=10)
STEPS = (
    timedelta(seconds=30),
    *(timedelta(minutes=minutes) for minutes in (2, 5, 10, 20, 40, 80)),
    *(timedelta(hours=hours) for hours in (2, 4, 8, 16)),
    *(timedelta(days=days) for days in range(1, 31)),
)
"""After the end: of the appointment, or of the last conference if that was later."""

WARNED_AFTER = timedelta(days=25)
RECORDS_KEPT_FOR = timedelta(days=30)
"""Google deletes a conference record this long after its end.

https://developers.google.com/workspace/meet/api/guides/artifacts
"""


def first_look_at(start: datetime, end: datetime) -> datetime:
    return min(start + NOT_STARTED_AFTER, end + STEPS[0])


def look_while_live_at(now: datetime, end: datetime) -> datetime:
    """Return the look after this one while somebody is in the room."""
    if now < end:
        return end + STEPS[0]
    return end + ((now - end) // LIVE_INTERVAL + 1) * LIVE_INTERVAL


def look_while_unanswered_at(now: datetime, start: datetime, end: datetime) -> datetime:
    """Return the look after one before the end that Google did not answer."""
    steps = max(0, (now - start) // NOT_STARTED_AFTER) + 1
    return min(start + steps * NOT_STARTED_AFTER, end + STEPS[0])


def next_look_at(now: datetime, start: datetime, end: datetime) -> datetime | None:
    """Return the look after this one; None after the last. `end` is where the steps begin."""
    if now < first_look_at(start, end):
        return first_look_at(start, end)
    return next((end + step for step in STEPS if end + step > now), None)
