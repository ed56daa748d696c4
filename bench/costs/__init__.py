"""What the product costs a month, and which quota binds first, as the tables of docs/costs.md."""

from collections.abc import Sequence

from bench.costs.life import measure
from bench.costs.prices import month
from bench.costs.quotas import quotas

MONTHLY = (1_000, 100_000, 10_000_000)


def show(firestore_address: str) -> None:
    life, sweep = measure(firestore_address)
    table(
        ["of one", "meeting", "sweep"],
        [
            [name.replace("_", " "), f"{value:,.1f}", f"{vars(sweep)[name]:,.1f}"]
            for name, value in vars(life).items()
        ],
    )
    columns = [list(month(life, sweep, meetings)) for meetings in MONTHLY]
    totals = [sum(item.usd for item in column if "edge" not in item.name) for column in columns]
    table(
        ["USD a month", *(f"{meetings:,} meetings" for meetings in MONTHLY)],
        [[items[0].name, *map(str, items)] for items in zip(*columns, strict=True)]
        + [["**together, without `edge`**", *(f"**{total:,.0f}**" for total in totals)]],
    )
    table(
        ["what binds", "a minute", "a meeting takes", "meetings a month"],
        [
            [q.name, f"{q.a_minute:,.0f}", f"{q.a_meeting:.1f}", f"{q.meetings_a_month:,.0f}"]
            for q in quotas(life)
        ],
    )


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    print()
    for cells in (titles, ["---"] * len(titles), *rows):
        print(f"| {' | '.join(cells)} |")
