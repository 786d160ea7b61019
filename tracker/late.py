"""Earlier publications that are loaded after later ones: history that came late, never the last word.

A list of June, loaded in August, must not replace August's; but it is what the world had said in July. Such a vintage
is written closed, and takes its place in the order in which the vintages of its fact were said.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from tracker.asof import stands
from tracker.rows import Columns, Family, chunks, fact_of
from tracker.tables import IngestRun
from tracker.tables.observation import FACT
from tracker.vocabulary import RevisionReason

Fact = tuple[Any, ...]


def last_said(row: Columns) -> date | None:
    """The last day on which it was published; null when nobody dated it."""
    day: date | None = row["republished_on"] or row["published_on"]
    return day


def said_later(row: Columns, other: Columns) -> bool:
    """Whether a row was published after another one appeared; without days nobody knows."""
    last, published = last_said(row), other["published_on"]
    return bool(last and published and last > published)


def late_vintages(
    connection: Connection, run_id: int, family: Family, earlier: list[Columns], number: Callable[[Fact], int]
) -> list[Columns]:
    """The rows that say what nobody had said by their day, ready to be written.

    Args:
        connection: The store.
        run_id: The run that brings them; it also closes them.
        family: Their kind.
        earlier: Rows published before the last word on their fact.
        number: Gives a fact's next vintage.
    """
    said = _said_so_far(connection, family, {row["series_id"] for row in earlier})
    late = []
    for row in earlier:
        known = said[fact_of(row)]
        at = next((n for n, one in enumerate(known) if said_later(one, row)), len(known))
        before = known[at - 1] if at else None
        if before and before["published_on"] and family.same(before, row):
            continue
        row["vintage"], row["revision_reason"] = number(fact_of(row)), RevisionReason.LATE.value
        after = known[at]["said_order"] if at < len(known) else row["vintage"]
        row["said_order"] = ((before["said_order"] if before else after - 1) + after) / 2
        row["superseded_run_id"] = run_id
        known.insert(at, row)
        late.append(row)
    return late


def _said_so_far(connection: Connection, family: Family, series_ids: set[int]) -> dict[Fact, list[Columns]]:
    """What runs that stand have said of each fact of these series, in the order in which it was said."""
    said: dict[Fact, list[Columns]] = defaultdict(list)
    table = family.observation
    columns = [table.said_order, table.published_on, table.republished_on]
    columns += [getattr(table, name) for name in dict.fromkeys((*FACT, *family.asserted))]
    for ids in chunks(series_ids):
        query = (
            select(*columns)
            .join(IngestRun, IngestRun.id == table.run_id)
            .where(table.series_id.in_(ids), stands(IngestRun))
            .order_by(table.said_order, table.vintage)
        )
        for stored in connection.execute(query).mappings():
            said[fact_of(stored)].append(dict(stored))
    return said
