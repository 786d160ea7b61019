"""Python row by row: csv.DictReader, a check of every cell that counts, SQLAlchemy Core's executemany into one table.

The usual way to write such an ingest. The key keeps every vintage once and makes it safe to run again.
"""

import csv
import sys
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine
from sqlalchemy.dialects.sqlite import insert

BATCH = 10_000
KEY = ("source", "external_id", "publication_date")
REQUIRED = (*KEY, "country", "measure", "value", "period_start", "period_end")
DAYS = ("publication_date", "period_start", "period_end")
NUMBERS = ("value", "value_low", "value_high")
PLACES = ("country", "admin1", "admin2")


def main(observations: Path, places: Path, target: Path) -> None:
    """Load the feed into a new SQLite file."""
    with places.open(encoding="utf-8", newline="") as lines:
        known = {code for row in csv.DictReader(lines) for code in (row["Location"], row["P-Code"])}
    engine = create_engine(f"sqlite:///{target}")
    with observations.open(encoding="utf-8", newline="") as lines, engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql("PRAGMA synchronous = NORMAL")
        reader = csv.DictReader(lines)
        table = _table(reader.fieldnames or ())
        table.create(connection)
        statement = insert(table).on_conflict_do_nothing()
        rows = _good(reader, known)
        while batch := list(islice(rows, BATCH)):
            connection.execute(statement, batch)
        connection.commit()


def _table(names: Any) -> Table:
    columns = [Column(name, Integer if name in NUMBERS else Text, primary_key=name in KEY) for name in names]
    return Table("observations", MetaData(), *columns, sqlite_with_rowid=False)


def _good(rows: Iterator[dict[str, Any]], known: set[str]) -> Iterator[dict[str, Any]]:
    """The rows that pass every check, with their numbers as numbers."""
    for row in rows:
        try:
            checked = _checked(row, known)
        except ValueError:
            continue
        yield checked


def _checked(row: dict[str, Any], known: set[str]) -> dict[str, Any]:
    for name in REQUIRED:
        if not row[name]:
            raise ValueError(f"{name} is empty")
    for name in DAYS:
        date.fromisoformat(row[name])
    for name in PLACES:
        if row[name] and row[name] not in known:
            raise ValueError(f"{name} {row[name]} is unknown")
    for name in NUMBERS:
        if row[name]:
            row[name] = int(row[name])
            if row[name] < 0:
                raise ValueError(f"{name} is negative")
        else:
            row[name] = None
    return row


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
