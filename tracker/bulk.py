"""Load by the million: figures that differ by number and day alone, as columns, merged as sets.

The answers are those of `tracker.store`, which takes figures one by one: what is simple is merged here (facts the store
does not know, or knows just so), and all else is handed over to it (facts that contradict themselves, that the store
knows otherwise, or that single figures of the same run speak of). Both write in one transaction.
"""

import functools
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from sqlalchemy import Dialect

from tracker.places import Placed
from tracker.records import DisplacementFigure, Publication
from tracker.rows import Columns, Family, common_columns
from tracker.tables.base import Day
from tracker.vocabulary import ObservationStatus, Qualifier, RevisionReason

Array = npt.NDArray[Any]
Fact = tuple[Any, ...]

SHARED = ("sensitivity", "note", "value_text", "household_size", "household_size_source")
"""What all figures of a template have in their rows."""

COLUMNS = (
    "series_id", "reference_period_start", "reference_period_end", "external_id", "vintage", "said_order",
    "published_on", "locator", "publication_id", "payload_id", "run_id", "superseded_run_id", "value", "value_low",
    "value_high", "qualifier", "observation_status", "revision_reason", "doubt", "standing_id", *SHARED,
)  # fmt: skip
"""The columns of a written row; all others are null."""

STATUSES = tuple(ObservationStatus)
"""What the codes of a status stand for."""

_QUALIFIERS = (Qualifier.EXACT.value, Qualifier.APPROX.value)
_REASONS = (None, RevisionReason.SOURCE_REVISION.value)

BATCH = 50_000
"""Rows that are Python objects at a time."""

SIMPLE, UNCHANGED, LEFT = 0, 1, 2


class Figures(Protocol):
    """Figures as columns; arrays have one entry a figure.

    Attributes:
        templates: A placed figure of each kind; the others of its kind differ by number, period, day of publication,
            line, status and address alone.
        template: Index into ``templates``.
        value: The number; ``low`` and ``high`` are its bounds, -1 where there are none.
        start: First day of the period, as a proleptic ordinal; ``end`` and ``published`` likewise.
        status: Index into `STATUSES`.
        line: Line of the payload.
        url: Index into ``urls``; -1 where there is no publication.
    """

    templates: list[Placed]
    template: Array
    value: Array
    low: Array
    high: Array
    start: Array
    end: Array
    published: Array
    status: Array
    line: Array
    url: Array
    urls: list[str]

    def figure(self, n: int) -> DisplacementFigure:
        """Figure ``n`` as a record."""

    @property
    def countries(self) -> frozenset[str | None]:
        """ISO3 codes of the places of the templates; null among them for places that lie in no country."""


class Parts(Protocol):
    """Figures in parts, of which one is in memory at a time; all figures about a country are in one part."""

    def __len__(self) -> int:
        """How many figures there are in all parts; one at least."""

    def __iter__(self) -> Iterator[Figures]:
        """The parts."""

    @property
    def newest(self) -> date:
        """The newest day they are about."""

    @property
    def any_number(self) -> bool:
        """Whether any of their numbers is not zero."""


class Bulk:
    """The columns of one payload on their way into the store.

    Attributes:
        order: Indices of the figures by series, period and day of publication; the other arrays are in that order.
        series: Id of each figure's series.
        first: Whether a figure is the first of its fact.
        fate: What becomes of it: merged here, known already, or left to be taken one by one.
        news: Whether it is written: it says something else than the one before it of the same fact.
        doubts: Why a written figure may be wrong, by its position.
    """

    def __init__(self, figures: Figures, family: Family, series_of: list[Columns]) -> None:
        """Bring facts together, and hand over those that contradict themselves.

        Args:
            figures: The columns.
            family: Their kind.
            series_of: The series of each template, with its id.
        """
        self.figures, self.family, self.series_of = figures, family, series_of
        self.told = [_told(family, placed) for placed in figures.templates]
        of_series = np.asarray([of["id"] for of in series_of], np.int64)[figures.template]
        self.order = np.lexsort((figures.line, figures.published, figures.start, figures.end, of_series))
        self.series = of_series[self.order]
        self.first = ~self._as_before(self.series, self._sorted(figures.end), self._sorted(figures.start))
        said = codes([tuple(told.values()) for told in self.told])[figures.template][self.order]
        numbers = (self._sorted(column) for column in (figures.value, figures.low, figures.high, figures.status))
        same = ~self.first & self._as_before(said, *numbers)
        self.news = ~same
        self.fate = np.full(len(self.order), SIMPLE, np.int8)
        self.doubts: dict[int, str] = {}
        self._leave(~self.first & ~same & self._as_before(self._sorted(figures.published)))

    def _sorted(self, column: Array) -> Array:
        return column[self.order]

    @staticmethod
    def _as_before(*columns: Array) -> Array:
        """Whether a figure has what the one before it has in all of these columns."""
        alike = np.ones(len(columns[0]), bool)
        alike[:1] = False
        for column in columns:
            alike[1:] &= column[1:] == column[:-1]
        return alike

    def _leave(self, marked: Array) -> None:
        """Hand over the facts of the marked figures."""
        if marked.any():
            fact = np.cumsum(self.first)
            self.fate[np.isin(fact, fact[marked])] = LEFT

    def leave_facts(self, facts: Iterable[Fact]) -> None:
        """Hand over facts of `tracker.rows.fact_of`, since something else of the run speaks of them."""
        wanted = {(fact[0], fact[1].toordinal(), fact[2].toordinal()) for fact in facts if not fact[3]}
        if not wanted:
            return
        marked = np.zeros(len(self.order), bool)
        for at in np.flatnonzero(np.isin(self.series, [fact[0] for fact in wanted]) & self.first):
            n = self.order[at]
            marked[at] = (int(self.series[at]), int(self.figures.end[n]), int(self.figures.start[n])) in wanted
        self._leave(marked)

    def compare(self, stored: Mapping[Fact, Columns]) -> None:
        """Find what the store holds just so, and hand over all other facts that it knows."""
        if not stored:
            return
        marked = np.zeros(len(self.order), bool)
        known = np.isin(self.series, list({fact[0] for fact in stored}))
        for at in np.flatnonzero(known & (self.fate == SIMPLE)):
            n = int(self.order[at])
            before = stored.get((int(self.series[at]), *self._days(n)[::-1], ""))
            if before is not None:
                last = before["republished_on"] or before["published_on"]
                unchanged = self.family.same(before, self._statement(n)) and last == self._day(
                    self.figures.published[n]
                )
                self.fate[at] = UNCHANGED
                marked[at] = not unchanged
        self._leave(marked)

    def _day(self, ordinal: Any) -> date:
        return date.fromordinal(int(ordinal))

    def _days(self, n: int) -> tuple[date, date]:
        return self._day(self.figures.start[n]), self._day(self.figures.end[n])

    def _statement(self, n: int) -> Columns:
        bounded = self.figures.low[n] >= 0
        value = int(self.figures.value[n])
        return {
            **self.told[self.figures.template[n]],
            "value": value,
            "value_low": int(self.figures.low[n]) if bounded else value,
            "value_high": int(self.figures.high[n]) if bounded else value,
            "qualifier": (Qualifier.APPROX if bounded else Qualifier.EXACT).value,
            "observation_status": STATUSES[self.figures.status[n]].value,
        }

    @property
    def left(self) -> list[int]:
        """The figures that are to be taken one by one, in the order of their lines."""
        return sorted(self.order[self.fate == LEFT].tolist())

    @property
    def written(self) -> Array:
        """Positions of the figures that become rows."""
        return np.flatnonzero((self.fate == SIMPLE) & self.news)

    def counts(self) -> tuple[int, int, int, int]:
        """How many figures are new, revised, unchanged and duplicate."""
        simple = self.fate == SIMPLE
        new, kept = int((simple & self.first).sum()), int((simple & self.news).sum())
        return new, kept - new, int((self.fate == UNCHANGED).sum()), int(simple.sum()) - kept

    def before(self) -> Array:
        """The value that each written figure replaces, as float; nan for a new fact."""
        at = self.written
        values = self._sorted(self.figures.value)[at].astype(np.float64)
        before = np.full(len(at), np.nan)
        later = ~self.first[at]
        before[later] = values[np.flatnonzero(later) - 1]
        return before

    def publications(self) -> dict[Publication, date]:
        """What the figures cite, each with the last day it is cited for."""
        cited = [placed.figure.publication for placed in self.figures.templates]
        titles = [(one.publisher, one.title) if one else None for one in cited]
        title = codes(titles)
        of_code = dict(zip(title.tolist(), cited, strict=True))
        many = len(self.figures.urls) + 1
        pairs = title[self.figures.template] * many + self.figures.url + 1
        keys, self._pair = np.unique(pairs, return_inverse=True)
        last = np.zeros(len(keys), np.int64)
        np.maximum.at(last, self._pair, self.figures.published)
        found: dict[Publication, date] = {}
        self._cited: list[Publication | None] = []
        for key, day in zip(keys.tolist(), last.tolist(), strict=True):
            code, url = divmod(key, many)
            one = of_code[code]
            self._cited.append(replace(one, url=self.figures.urls[url - 1]) if one and url else None)
            if self._cited[-1]:
                found[self._cited[-1]] = date.fromordinal(day)
        return found

    def rows(
        self, run_id: int, payload_id: int, standings: list[int], ids: Mapping[Publication, int], dialect: Dialect
    ) -> Iterator[tuple[Any, ...]]:
        """What is written, in the order of `COLUMNS`.

        Args:
            run_id: The run.
            payload_id: The payload they were read from.
            standings: The standing of each template.
            ids: Ids of the publications.
            dialect: Of the database, which decides what a day is in it.
        """
        f, at = self.figures, self.written
        vintage = _numbered(self.first[at])
        replaced = np.append(vintage[1:] > 1, False)
        publication = np.asarray([ids[one] if one else 0 for one in self._cited], np.int64)[self._pair]
        shared = [
            (standing, *(told[name] for name in SHARED)) for standing, told in zip(standings, self.told, strict=True)
        ]
        day = functools.cache(lambda ordinal: Day().process_bind_param(date.fromordinal(ordinal), dialect))
        for begin in range(0, len(at), BATCH):
            positions = at[begin : begin + BATCH]
            n = self.order[positions]
            bounded = f.low[n] >= 0
            low, high = np.where(bounded, f.low[n], f.value[n]), np.where(bounded, f.high[n], f.value[n])
            columns = (
                self.series[positions], f.start[n], f.end[n], vintage[begin : begin + BATCH], f.published[n],
                f.line[n], publication[n], replaced[begin : begin + BATCH], f.value[n], low, high, bounded,
                f.status[n], positions, f.template[n],
            )  # fmt: skip
            for (
                series, start, end, number, published, line, cited, closed, value, lowest, highest, approx, status,
                position, template,
            ) in zip(*(column.tolist() for column in columns), strict=True):  # fmt: skip
                yield (
                    series, day(start), day(end), "", number, float(number), day(published), f"csv:{line}/value",
                    cited or None, payload_id, run_id, run_id if closed else None, value, lowest, highest,
                    _QUALIFIERS[approx], STATUSES[status].value, _REASONS[number > 1],
                    self.doubts.get(position), *shared[template],
                )  # fmt: skip


def codes(values: Iterable[Hashable]) -> Array:
    """A whole number for each value, the same for the same."""
    known: dict[Hashable, int] = {}
    return np.asarray([known.setdefault(value, len(known)) for value in values], np.int64)


def _told(family: Family, placed: Placed) -> Columns:
    """What a template's rows say beside their numbers and days."""
    told = {**common_columns(placed.figure), **family.observation_columns(placed.figure)}
    return {name: told[name] for name in SHARED}


def _numbered(first: Array) -> Array:
    """1, 2, ... from each first figure on."""
    at = np.arange(len(first))
    return at - np.maximum.accumulate(np.where(first, at, 0)) + 1
