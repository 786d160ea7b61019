"""Pointers between figures of one batch: what relays what, and what is a part of what.

Records name each other by labels, which last for a batch; rows point by id, which only written rows have.
"""

from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from tracker.records import DisplacementFigure, Figure
from tracker.rows import Columns, Family, chunks, fact_of
from tracker.tables.observation import FACT

Fact = tuple[Any, ...]


def point(
    connection: Connection,
    run_id: int,
    family: Family,
    figures: list[Figure],
    rows: list[Columns],
    written: list[Columns],
) -> None:
    """Fill the pointers of a batch's rows, once all of them have ids.

    Args:
        connection: A write transaction.
        run_id: The run.
        family: Their kind.
        figures: The batch.
        rows: The row of each figure.
        written: Those of the rows that were written.
    """
    new = {id(row) for row in written}
    pointing = [
        (row, figure.primary, figure.subset_of if isinstance(figure, DisplacementFigure) else None)
        for figure, row in zip(figures, rows, strict=True)
        if id(row) in new
    ]
    pointing = [(row, primary, subset_of) for row, primary, subset_of in pointing if primary or subset_of]
    if not pointing:
        return
    ids = _ids(connection, run_id, family, {row["series_id"] for row in rows})
    by_label = {figure.label: row for figure, row in zip(figures, rows, strict=True) if figure.label}

    def target(label: str | None) -> int | None:
        row = by_label.get(label or "")
        if row is None:
            return None
        return ids.get((fact_of(row), row["vintage"] if id(row) in new else None))

    table = family.observation
    statement = update(table).where(table.id == bindparam("of")).values(primary_id=bindparam("primary"))
    if hasattr(table, "subset_of_id"):
        statement = statement.values(subset_of_id=bindparam("subset"))
    connection.execute(
        statement.execution_options(synchronize_session=False),
        [
            {"of": ids[fact_of(row), row["vintage"]], "primary": target(primary), "subset": target(subset_of)}
            for row, primary, subset_of in pointing
        ],
    )


def _ids(
    connection: Connection, run_id: int, family: Family, series_ids: set[int]
) -> dict[tuple[Fact, int | None], int]:
    """Ids of this run's rows by fact and vintage, and of every open row by fact and None."""
    table = family.observation
    columns = [table.id, table.vintage, table.run_id, table.superseded_run_id]
    found: dict[tuple[Fact, int | None], int] = {}
    for ids in chunks(series_ids):
        wanted = or_(table.run_id == run_id, table.superseded_run_id.is_(None))
        query = select(*columns, *(getattr(table, name) for name in FACT)).where(table.series_id.in_(ids), wanted)
        for row in connection.execute(query).mappings():
            if row["run_id"] == run_id:
                found[fact_of(row), row["vintage"]] = row["id"]
            if row["superseded_run_id"] is None:
                found[fact_of(row), None] = row["id"]
    return found
