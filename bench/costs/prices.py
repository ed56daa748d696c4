"""What the product costs a month in Google Cloud, in USD.

Use is measured (life.py); prices are Google's published ones for `europe-west1` and `eur3`, with
the page above them. What is neither is an assumption, and named one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.costs.life import Use
from bench.costs.quotas import MONTH_DAYS, MONTH_HOURS, MONTH_MINUTES, MONTH_SECONDS

GIB = 2**30
MILLION = 1_000_000

STORED_BYTES = 26_312
"""Of all documents of a meeting and their index entries, counted on 29 November 2026.

The rules are https://firebase.google.com/docs/firestore/storage-size.
"""

# terraform/: an instance, which has one CPU.
MEMORY_GIB = 0.5

# Assumptions.
GOOGLE_CALL_SECONDS = 0.5
"""Of a call to Calendar, Meet or Drive: the mock answers at once."""

ENVELOPE_BYTES = 600
"""What Cloud Logging stores of a line beside the line: resource, labels, times."""

PLATFORM_ENTRY_BYTES = 1000
"""An entry of Cloud Run's, Cloud Tasks' or Cloud Scheduler's own."""


@dataclass(frozen=True)
class Item:
    name: str
    quantity: float
    unit: str
    price: float | None
    """USD of one unit; None where none was found."""

    free: float = 0
    fixed: float = 0

    @property
    def usd(self) -> float:
        return self.fixed + max(0.0, self.quantity - self.free) * (self.price or 0)

    def __str__(self) -> str:
        digits = 1 if self.unit == "GiB" else 0
        usd = "?" if self.price is None else f"{self.usd:,.2f}"
        quantity = f"{self.quantity:,.{digits}f} {self.unit}".rstrip()
        return f"{usd} ({quantity})"


def month(life: Use, sweep: Use, meetings: int) -> Iterator[Item]:
    used = life * meetings
    swept = sweep * MONTH_MINUTES
    requests = used.api_requests + used.delivered_tasks + swept.sweeps
    # Each is rounded up to tenths.
    seconds = request_seconds(used, meetings) + swept.own_seconds + requests * 0.05
    stored_after_a_year = STORED_BYTES * meetings * 12 / GIB
    logged = log_bytes(used, requests) + log_bytes(swept, swept.sweeps)

    # https://cloud.google.com/run/pricing
    yield Item("Cloud Run requests", requests, "", 0.40 / MILLION, 2 * MILLION)
    yield Item("Cloud Run CPU", seconds, "s", 0.000024, 180_000)
    yield Item("Cloud Run memory", seconds * MEMORY_GIB, "GiB-s", 0.0000025, 360_000)
    # production.tfvars; an idle second of a CPU costs as much as one of a GiB.
    warm = MONTH_SECONDS * (1 + MEMORY_GIB) * 0.0000025
    yield Item("… kept warm", 2, "instances", warm)

    # https://cloud.google.com/firestore/pricing; TTL deletes have no free quota.
    reads, writes = used.reads + swept.reads, used.writes + swept.writes
    yield Item("Firestore reads", reads, "", 0.6 / MILLION, 50_000 * MONTH_DAYS)
    yield Item("Firestore writes", writes, "", 1.8 / MILLION, 20_000 * MONTH_DAYS)
    yield Item("Firestore TTL deletes", used.deletes, "", 0.2 / MILLION)
    yield Item("Firestore storage, after a year", stored_after_a_year, "GiB", 0.18, 1)
    yield Item("… PITR and 14 backups of it", stored_after_a_year, "GiB", None)

    # https://cloud.google.com/tasks/docs/pricing
    operations = used.created_tasks + used.delivered_tasks
    yield Item("Cloud Tasks operations", operations, "", 0.40 / MILLION, MILLION)
    # https://cloud.google.com/scheduler/pricing
    yield Item("Cloud Scheduler", 1, "job", 0.10, 3)
    # https://cloud.google.com/stackdriver/pricing
    yield Item("Cloud Logging", logged / GIB, "GiB", 0.50, 50)
    # https://cloud.google.com/build/pricing; ten deployments of half an hour are assumed.
    yield Item("Cloud Build", 10 * 30, "minutes", 0.016)
    yield Item("Artifact Registry", 5, "images of each function", None)
    # https://cloud.google.com/load-balancing/pricing by the hour,
    # https://cloud.google.com/armor/pricing for a policy, ten rules and the requests.
    balancer = MONTH_HOURS * 0.025 + 5 + 10 * 1
    asked = used.api_requests
    yield Item("with `edge`: balancer and Armor", asked, "requests", 0.75 / MILLION, fixed=balancer)


def request_seconds(used: Use, meetings: int) -> float:
    """Return for how long requests are under way, each alone in its instance.

    The request for a meeting waits for its insert, which is counted once in the task.
    """
    calls = used.calendar_calls + used.meet_calls + used.drive_calls + meetings
    return used.own_seconds + calls * GOOGLE_CALL_SECONDS


def log_bytes(used: Use, requests: float) -> float:
    entries = requests + 2 * used.delivered_tasks + 2 * used.sweeps
    ours = used.log_bytes + used.log_lines * ENVELOPE_BYTES
    return ours + entries * PLATFORM_ENTRY_BYTES
