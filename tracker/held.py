"""The last word the store holds on the facts of some series, as columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, func, or_, select

from tracker.courses import coded
from tracker.rows import chunks
from tracker.tables import Displacement
from tracker.tables.base import day_number, ordinals
from tracker.vocabulary import ObservationStatus, Qualifier

Array = npt.NDArray[Any]

STATUSES = tuple(ObservationStatus)
QUALIFIERS = tuple(Qualifier)
"""What the codes of a status and of a qualifier stand for."""

NOTHING = -1
"""Stands for a null among numbers that are never negative."""


@dataclass(frozen=True, slots=True)
class Held:
    """Open displacement rows; each array has one entry a row, and no fact has two. Incidents are not among them.

    Attributes:
        id: Of the row; ``vintage`` and ``said_order`` likewise.
        series: Id of the series.
        end: Last day of the period, as a proleptic ordinal; ``start`` is its first.
        said: Last day on which it was published; 0 where nobody dated it.
        value: `NOTHING` for null; likewise ``value_low`` and ``value_high``.
        qualifier: Index into `QUALIFIERS`; ``status`` is one into `STATUSES`.
        words: ``value_text`` and ``household_size`` of a row, a pair.
        late: Whether the fact has a vintage that came late.
    """

    id: Array
    series: Array
    end: Array
    start: Array
    vintage: Array
    said_order: Array
    said: Array
    value: Array
    value_low: Array
    value_high: Array
    qualifier: Array
    status: Array
    words: list[Any]
    late: Array

    @classmethod
    def read(cls, connection: Connection, series_ids: Iterable[int]) -> "Held":
        """All open rows of these series."""
        table = Displacement
        # A vintage that came late has a higher number than the one that is open.
        late = table.superseded_run_id == table.run_id
        numbers: dict[str, Any] = {
            "id": table.id,
            "series": table.series_id,
            "end": day_number(table.reference_period_end),
            "start": day_number(table.reference_period_start),
            "vintage": table.vintage,
            "said_order": table.said_order,
            "said": func.coalesce(day_number(func.coalesce(table.republished_on, table.published_on)), 0),
            **{name: func.coalesce(getattr(table, name), NOTHING) for name in ("value", "value_low", "value_high")},
        }
        words = (table.superseded_run_id, table.qualifier, table.observation_status)
        told = (table.value_text, table.household_size)
        query = select(*numbers.values(), *words, *told).where(
            table.external_id == "", or_(table.superseded_run_id.is_(None), late)
        )
        found: list[Any] = []
        for ids in chunks(series_ids):
            # The driver's own rows: there may be a million of them.
            cursor: Any = connection.execute(query.where(table.series_id.in_(ids))).cursor
            found += cursor.fetchall()
        columns: list[Any] = list(zip(*found, strict=True)) if found else [()] * (len(numbers) + 5)
        arrays = {name: _array(name, column) for name, column in zip(numbers, columns, strict=False)}
        superseded, qualifiers, statuses, *rest = columns[len(numbers) :]
        is_open = np.fromiter((run is None for run in superseded), bool, len(found))
        fact = coded(arrays["series"], arrays["end"], arrays["start"])
        return cls(
            **{name: array[is_open] for name, array in arrays.items()},
            qualifier=_codes(qualifiers, QUALIFIERS)[is_open],
            status=_codes(statuses, STATUSES)[is_open],
            words=[told for told, this in zip(zip(*rest, strict=True), is_open.tolist(), strict=True) if this],
            late=np.isin(fact[is_open], fact[~is_open]),
        )

    def find(self, series: Array, end: Array, start: Array) -> Array:
        """Position of each of these facts; -1 where it is not held."""
        pairs = ((self.series, series), (self.end, end), (self.start, start))
        own, wanted = np.split(coded(*(np.concatenate(pair) for pair in pairs)), [len(self.series)])
        if not len(own):
            return np.full(len(wanted), -1)
        order = np.argsort(own)
        at = order[np.minimum(np.searchsorted(own, wanted, sorter=order), len(own) - 1)]
        return np.where(own[at] == wanted, at, -1)


def _array(name: str, column: Sequence[Any]) -> Array:
    numbers = np.fromiter(column, np.float64 if name == "said_order" else np.int64, len(column))
    return ordinals(numbers) if name in ("end", "start", "said") else numbers


def _codes(words: Iterable[str], known: tuple[Any, ...]) -> Array:
    code = {word.value: n for n, word in enumerate(known)}
    return np.asarray([code[word] for word in words], np.int64)
