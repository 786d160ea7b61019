"""Load by the million: figures that differ by number and day alone, as columns, merged as sets.

The answers are those of `tracker.merge`, which takes figures one by one: facts that the store does not know, or whose
last word is older than what is said now, are merged here, and all others are handed over to it (facts that contradict
themselves, that are told late, or that single figures of the same run speak of). Both write in one transaction.
"""

from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from tracker.courses import coded
from tracker.held import NOTHING, QUALIFIERS, Held, Vintages
from tracker.places import Placed
from tracker.records import DisplacementFigure
from tracker.rows import Columns, Family
from tracker.vocabulary import Qualifier

Array = npt.NDArray[Any]
Fact = tuple[Any, ...]

EXACT, APPROX = QUALIFIERS.index(Qualifier.EXACT), QUALIFIERS.index(Qualifier.APPROX)


class Figures(Protocol):
    """Figures as columns; arrays have one entry a figure.

    Attributes:
        templates: A placed figure of each kind; the others of its kind differ by number, period, day of publication,
            line, status and address alone.
        template: Index into ``templates``.
        value: The number; ``low`` and ``high`` are its bounds, -1 where there are none.
        start: First day of the period, as a proleptic ordinal; ``end`` and ``published`` likewise.
        status: Index into `tracker.held.STATUSES`.
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

    All arrays are in the order of series, period and day of publication, so that the figures of a fact are neighbours.

    Attributes:
        order: Indices of the figures.
        told: What they say, as rows would; ``id``, ``vintage`` and ``said_order`` of them mean nothing yet.
        template: Index of each figure's template.
        fact: Number of its fact.
        match: Position in ``held.open`` of the last word on the fact; -1 where there is none.
        opens: Whether it is the first of its fact that may be the last word.
        news: Whether it says something else than what was said of the fact before it.
        left: Whether its fact has to be taken by itself.
        changes: How many figures of the fact, up to this one, were news.
        doubts: Why a written figure may be wrong, by its position.
    """

    def __init__(self, figures: Figures, family: Family, series_of: list[Columns], held: Held) -> None:
        """Bring facts together, and find what is news.

        Args:
            figures: The columns.
            family: Their kind.
            series_of: The series of each template, with its id.
            held: What the store has of these series.
        """
        self.figures, self.series_of, self.held = figures, series_of, held
        of_series = np.asarray([of["id"] for of in series_of], np.int32)[figures.template]
        period = coded(figures.end, figures.start)
        self.order = np.lexsort((figures.line, figures.published, period, of_series))
        self.template = figures.template[self.order]
        self.told = self._told(family, of_series)
        told = self.told
        first = ~_as_before(told.series, told.end, told.start)
        self.fact = np.cumsum(first, dtype=np.int32) - 1
        self.match = held.find(told.series, told.end, told.start).astype(np.int32)
        self.doubts: dict[int, str] = {}
        self.left = np.zeros(len(self.order), bool)
        late = self._is_late()
        self.opens = ~late & (first | np.append(False, late[:-1]))
        self.news = self.opens | (~late & ~_as_before(*told.statements()))
        if len(held.open.id):
            before = zip(told.statements(), held.open.statements(), strict=True)
            same = np.logical_and.reduce([now == then[self.match] for now, then in before])
            self.news &= ~(self.opens & self.known & same)
        begin = np.flatnonzero(first)
        so_far = np.cumsum(self.news, dtype=np.int32)
        self.changes = so_far - (so_far[begin] - self.news[begin])[self.fact]
        self._late = late
        self._leave(~first & ~_as_before(*told.statements()) & _as_before(told.published))

    def _told(self, family: Family, of_series: Array) -> Vintages:
        figures, order = self.figures, self.order
        value, low, high = figures.value[order], figures.low[order], figures.high[order]
        bounded = low != NOTHING
        said = [family.observation_columns(placed.figure) for placed in figures.templates]
        known = self.held.words
        words = [known.setdefault((one["value_text"], one["household_size"]), len(known)) for one in said]
        published = figures.published[order]
        nothing = np.zeros(len(order), np.int8)
        return Vintages(
            id=nothing,
            series=of_series[order],
            end=figures.end[order],
            start=figures.start[order],
            vintage=nothing,
            said_order=nothing,
            published=published,
            said=published,
            value=value,
            low=np.where(bounded, low, value),
            high=np.where(bounded, high, value),
            qualifier=np.where(bounded, np.int8(APPROX), np.int8(EXACT)),
            status=figures.status[order].astype(np.int8),
            words=np.asarray(words, np.int32)[self.template],
        )

    def _is_late(self) -> Array:
        """Which figures were published before the last word; a fact with one that the store has not is handed over."""
        late = np.zeros(len(self.order), bool)
        if len(self.held.open.id):
            late = self.known & (self.told.published < self.held.open.said[self.match])
            at = np.flatnonzero(late)
            self._leave_at(at[~self.held.was_said(self.told.take(at))])
        return late

    @property
    def known(self) -> Array:
        """Whether the store has the fact."""
        return self.match >= 0

    def _leave(self, marked: Array) -> None:
        """Hand over the facts of the marked figures."""
        self._leave_at(np.flatnonzero(marked))

    def _leave_at(self, positions: Array) -> None:
        self.left |= np.isin(self.fact, self.fact[positions])

    def leave_facts(self, facts: Iterable[Fact]) -> None:
        """Hand over facts of `tracker.rows.fact_of`, since something else of the run speaks of them."""
        wanted = [(fact[0], fact[1].toordinal(), fact[2].toordinal()) for fact in facts if not fact[3]]
        if wanted:
            theirs = np.asarray(wanted, np.int64).T
            pairs = zip((self.told.series, self.told.end, self.told.start), theirs, strict=True)
            own, others = np.split(coded(*(np.concatenate(pair) for pair in pairs)), [len(self.order)])
            self._leave(np.isin(own, others))

    @property
    def singles(self) -> list[int]:
        """The figures that are to be taken one by one, in the order of their lines."""
        return sorted(self.order[self.left].tolist())

    @property
    def written(self) -> Array:
        """Positions of the figures that become rows."""
        return np.flatnonzero(self.news & ~self.left)

    def counts(self) -> tuple[int, int, int, int]:
        """How many figures are new, revised, unchanged and duplicate."""
        here = ~self.left
        again = here & ~self.news
        new, said_again = int((here & self.opens & ~self.known).sum()), int(again.sum())
        unchanged = int((again & (self.changes == 0)).sum())
        return new, int((here & self.news).sum()) - new, unchanged, said_again - unchanged

    def before(self) -> Array:
        """The value that each written figure replaces, as float; nan for a new fact, and where there was no number."""
        at, follow = self.written, self._follow_held
        values = np.append(np.nan, self.told.value[:-1])[at]
        values[self.opens[at]] = np.nan
        values[follow] = self.held.open.value[self.match[at[follow]]]
        values[values == NOTHING] = np.nan
        return values

    def vintages(self) -> tuple[Array, Array]:
        """Number of each written figure's vintage, and the order in which it was said."""
        at = self.written
        number, order = self.changes[at].copy(), self.changes[at].astype(np.float64)
        known = self.known[at]
        if known.any():
            match = self.match[at[known]]
            number[known] += self.held.last_vintage[match]
            order[known] += self.held.open.said_order[match]
        return number, order

    def closed(self) -> Array:
        """Ids of the rows that are the last word no longer."""
        ids: Array = self.held.open.id[self.match[self.written[self._follow_held]]]
        return ids

    @property
    def _follow_held(self) -> Array:
        """Which of the written figures replace a row of the store."""
        follow: Array = (self.known & (self.changes == 1))[self.written]
        return follow

    def said_again(self) -> tuple[Array, Array]:
        """Ids of rows that were published again, and the last day on which they were."""
        again = self.known & (self.changes == 0) & ~self.left & ~self._late
        goes_on = np.append(again[1:] & (self.fact[1:] == self.fact[:-1]), False)
        at = np.flatnonzero(again & ~goes_on)
        at = at[self.told.published[at] != self.held.open.said[self.match[at]]]
        return self.held.open.id[self.match[at]], self.told.published[at]


def codes(values: Iterable[Hashable]) -> Array:
    """A whole number for each value, the same for the same."""
    known: dict[Hashable, int] = {}
    return np.asarray([known.setdefault(value, len(known)) for value in values], np.int64)


def _as_before(*columns: Array) -> Array:
    """Whether a figure has what the one before it has in all of these columns."""
    alike = np.ones(len(columns[0]), bool)
    alike[:1] = False
    for column in columns:
        alike[1:] &= column[1:] == column[:-1]
    return alike
