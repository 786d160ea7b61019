"""What the store holds on the facts of some series, as columns: the last word on each, and all that was said before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, func, select

from tracker.asof import stands
from tracker.courses import coded
from tracker.rows import chunks
from tracker.tables import Displacement, IngestRun
from tracker.tables.base import day_number, ordinals
from tracker.vocabulary import ObservationStatus, Qualifier

Array = npt.NDArray[Any]

STATUSES = tuple(ObservationStatus)
QUALIFIERS = tuple(Qualifier)
"""What the codes of a status and of a qualifier stand for."""

NOTHING = -1
"""Stands for a null among numbers that are never negative."""


@dataclass(frozen=True, slots=True)
class Vintages:
    """Displacement rows, incidents not among them; each array has one entry a row.

    Attributes:
        id: Of the row; ``vintage`` and ``said_order`` likewise.
        series: Id of the series.
        end: Last day of the period, as a proleptic ordinal; ``start`` is its first.
        published: Day of publication; 0 where nobody dated it. ``said`` is the last day on which it was published.
        value: `NOTHING` for null; likewise ``low`` and ``high``.
        qualifier: Index into `QUALIFIERS`; ``status`` is one into `STATUSES`.
        words: Code of the row's ``value_text`` and ``household_size``.
    """

    id: Array
    series: Array
    end: Array
    start: Array
    vintage: Array
    said_order: Array
    published: Array
    said: Array
    value: Array
    low: Array
    high: Array
    qualifier: Array
    status: Array
    words: Array

    def take(self, which: Array) -> Self:
        """Some of them."""
        return type(self)(*(getattr(self, field.name)[which] for field in fields(self)))

    def statements(self) -> tuple[Array, ...]:
        """What a row asserts; two rows that are the same in all of these say the same."""
        return (self.value, self.low, self.high, self.qualifier, self.status, self.words)


@dataclass(frozen=True, slots=True)
class Held:
    """All rows of some series.

    Attributes:
        open: The last word on each fact.
        last_vintage: Of each of these facts, the highest number of a vintage.
        said: What runs that stand have said, fact by fact and in the order in which it was said.
        words: What the codes of words stand for.
    """

    open: Vintages
    last_vintage: Array
    said: Vintages
    words: dict[tuple[str | None, float | None], int]

    @classmethod
    def read(cls, connection: Connection, series_ids: Iterable[int]) -> "Held":
        """Read all rows of these series: as the driver gives them, since there may be a million."""
        table = Displacement
        numbers = {
            "id": table.id,
            "series": table.series_id,
            "end": day_number(table.reference_period_end),
            "start": day_number(table.reference_period_start),
            "vintage": table.vintage,
            "said_order": table.said_order,
            "published": func.coalesce(day_number(table.published_on), 0),
            "said": func.coalesce(day_number(func.coalesce(table.republished_on, table.published_on)), 0),
            "value": func.coalesce(table.value, NOTHING),
            "low": func.coalesce(table.value_low, NOTHING),
            "high": func.coalesce(table.value_high, NOTHING),
            "run": table.run_id,
            "closed_by": func.coalesce(table.superseded_run_id, NOTHING),
        }
        told = (table.qualifier, table.observation_status, table.value_text, table.household_size)
        query = select(*numbers.values(), *told).where(table.external_id == "")
        words: dict[tuple[str | None, float | None], int] = {}
        parts = [_arrays([], list(numbers), words)]
        for ids in chunks(series_ids):
            cursor: Any = connection.execute(query.where(table.series_id.in_(ids))).cursor
            parts.append(_arrays(cursor.fetchall(), list(numbers), words))
        arrays = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        run, closed_by = arrays.pop("run"), arrays.pop("closed_by")
        rows = Vintages(**arrays)
        fact = coded(rows.series, rows.end, rows.start)
        order = np.lexsort((rows.vintage, rows.said_order, fact))
        standing = np.isin(run, connection.scalars(select(IngestRun.id).where(stands(IngestRun))).all())
        is_open = closed_by == NOTHING
        _, number = np.unique(fact, return_inverse=True)
        last_vintage = np.zeros(len(fact), np.int64)
        np.maximum.at(last_vintage, number, rows.vintage)
        return cls(rows.take(is_open), last_vintage[number][is_open], rows.take(order[standing[order]]), words)

    def find(self, series: Array, end: Array, start: Array) -> Array:
        """Position of the last word on each of these facts; -1 where there is none."""
        rows = self.open
        pairs = ((rows.series, series), (rows.end, end), (rows.start, start))
        own, wanted = np.split(coded(*(np.concatenate(pair) for pair in pairs)), [len(rows.series)])
        if not len(own):
            return np.full(len(wanted), -1)
        order = np.argsort(own)
        at = order[np.minimum(np.searchsorted(own, wanted, sorter=order), len(own) - 1)]
        return np.where(own[at] == wanted, at, -1)

    def was_said(self, told: Vintages) -> Array:
        """Whether each of these was the last word on its fact, and dated, on the day it was published.

        False also where nobody can tell at once, since the days are not in the order in which things were said.
        """
        rows = self.said
        pairs = ((rows.series, told.series), (rows.end, told.end), (rows.start, told.start))
        own, theirs = np.split(coded(*(np.concatenate(pair) for pair in pairs)), [len(rows.series)])
        if not len(own):
            return np.zeros(len(theirs), bool)
        by_day = np.append(True, (own[1:] != own[:-1]) | (rows.said[1:] >= rows.said[:-1]))
        unclear = own[~by_day | (rows.published == 0)]
        day = np.concatenate([rows.said, told.published])
        stood, asked = np.split(coded(np.concatenate([own, theirs]), day), [len(own)])
        order = np.argsort(stood, kind="stable")
        before = np.searchsorted(stood, asked, side="right", sorter=order) - 1
        at = order[before]
        same: Array = (before >= 0) & (own[at] == theirs) & ~np.isin(theirs, unclear)
        for was, now in zip(rows.statements(), told.statements(), strict=True):
            same &= was[at] == now
        return same


def _arrays(
    rows: Sequence[tuple[Any, ...]], numbers: list[str], words: dict[tuple[str | None, float | None], int]
) -> dict[str, Array]:
    columns = list(zip(*rows, strict=True)) if rows else [()] * (len(numbers) + 4)
    kinds = {"said_order": np.float64}
    arrays: dict[str, Array] = {
        name: np.fromiter(column, kinds.get(name, np.int64), len(rows))
        for name, column in zip(numbers, columns, strict=False)
    }
    for name in ("end", "start", "published", "said"):
        arrays[name] = ordinals(arrays[name])
    qualifiers, statuses, *texts_and_sizes = columns[len(numbers) :]
    said = (words.setdefault(pair, len(words)) for pair in zip(*texts_and_sizes, strict=True))
    return arrays | {
        "qualifier": _codes(qualifiers, QUALIFIERS),
        "status": _codes(statuses, STATUSES),
        "words": np.fromiter(said, np.int64, len(rows)),
    }


def _codes(words: Sequence[str], known: tuple[Any, ...]) -> Array:
    code = {word.value: n for n, word in enumerate(known)}
    return np.fromiter(map(code.__getitem__, words), np.int8, len(words))
