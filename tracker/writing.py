"""Write columns of a million rows past SQLAlchemy, by the fastest way the driver has."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv
from sqlalchemy import Connection, Date, func, select
from sqlalchemy.types import TypeEngine

from tracker.tables.base import EPOCH, Day, day_numbers

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Coded:
    """A column whose values repeat: each row has the place of its value among ``words``; null may be one of them."""

    codes: Array
    words: list[Any]


Column = Array | Coded | list[Any] | str | int | None
"""Values of a column, one a row, or the one value that all rows have. Days are proleptic ordinals, 0 for null."""


def write_columns(connection: Connection, table: Any, rows: int, columns: Mapping[str, Column]) -> None:
    """Insert rows.

    Args:
        connection: A write transaction.
        table: The table.
        rows: How many there are.
        columns: The columns that are given; the others become null.
    """
    driver: Any = connection.connection.driver_connection
    listed = ", ".join(columns)
    kinds = {name: table.c[name].type for name in columns}
    if connection.dialect.name == "postgresql":
        arrays = {name: _arrow(column, rows, kinds[name]) for name, column in columns.items()}
        content = io.BytesIO()
        csv.write_csv(pa.table(arrays), content, csv.WriteOptions(include_header=False))
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({listed}) FROM STDIN (FORMAT csv)") as copy:
            copy.write(content.getbuffer())
        return
    places = ", ".join("?" * len(columns))
    values = (_values(column, kinds[name]) for name, column in columns.items())
    driver.executemany(f"INSERT INTO {table.name} ({listed}) VALUES ({places})", zip(*values, strict=False))  # noqa: S608


def set_by_id(connection: Connection, table: Any, name: str, ids: Array, column: Array | int) -> None:
    """Give a column of some rows, which are found by their id, another value."""
    if not len(ids):
        return
    driver: Any = connection.connection.driver_connection
    kind = table.c[name].type
    if connection.dialect.name == "sqlite":
        pairs = zip(_values(column, kind), ids.tolist(), strict=False)
        driver.executemany(f"UPDATE {table.name} SET {name} = ? WHERE id = ?", pairs)  # noqa: S608
        return
    changes = "unnest(CAST(%s AS INTEGER[]), CAST(%s AS INTEGER[])) AS change (id, value)"
    is_day = isinstance(kind, Day)
    value = "DATE '1970-01-01' + change.value" if is_day else "change.value"
    numbers = column if isinstance(column, np.ndarray) else np.full(len(ids), column)
    numbers = numbers - EPOCH if is_day else numbers
    statement = f"UPDATE {table.name} SET {name} = {value} FROM {changes} WHERE {table.name}.id = change.id"  # noqa: S608
    with driver.cursor() as cursor:
        cursor.execute(statement, (ids.tolist(), numbers.tolist()))


def new_ids(connection: Connection, table: Any, many: int) -> Array:
    """Ids for rows that are about to be written in this transaction, rising."""
    if connection.dialect.name == "sqlite":
        last = connection.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0
        return np.arange(last + 1, last + 1 + many)
    sequence = select(func.pg_get_serial_sequence(table.name, "id")).scalar_subquery()
    drawn = select(func.nextval(sequence)).select_from(func.generate_series(1, many))
    return np.sort(np.fromiter(connection.scalars(drawn), np.int64, many))


def slices(rows: int) -> Iterator[slice]:
    """So many rows as slices of some thousands: what is in memory as objects at a time."""
    for begin in range(0, rows, BATCH):
        yield slice(begin, min(begin + BATCH, rows))


def objects(values: Sequence[Any]) -> Array:
    """Values as an array of objects."""
    array = np.empty(len(values), object)
    array[:] = values
    return array


BATCH = 50_000


def _values(column: Column, kind: TypeEngine[Any]) -> Any:
    """A column as the objects that SQLite takes."""
    if isinstance(column, Coded):
        return objects(column.words)[column.codes].tolist()
    if isinstance(column, np.ndarray) and isinstance(kind, Day | Date):
        days = day_numbers(column) if isinstance(kind, Day) else (column - EPOCH).astype("datetime64[D]").astype(str)
        dated = zip(days.tolist(), column.tolist(), strict=True)
        return days.tolist() if column.all() else [day if told else None for day, told in dated]
    if isinstance(column, np.ndarray):
        return column.tolist()
    return column if isinstance(column, list) else repeat(column)


def _arrow(column: Column, rows: int, kind: TypeEngine[Any]) -> Any:
    """A column as Arrow's, whose CSV tells an empty text from a null."""
    if isinstance(column, Coded):
        return pa.array(column.words).take(pa.array(column.codes))
    if isinstance(column, np.ndarray) and isinstance(kind, Day | Date):
        return pa.array(column - EPOCH, pa.int32(), mask=column == 0).cast(pa.date32())
    if isinstance(column, np.ndarray):
        return pa.array(column)
    return pa.array(column) if isinstance(column, list) else pa.repeat(pa.scalar(column), rows)
