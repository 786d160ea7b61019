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
from tracker.held import NOTHING, QUALIFIERS, Held
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
        series: Id of each figure's series; ``end``, ``start``, ``published``, ``value``, ``low``, ``high`` (of numbers
            without bounds, the number), ``status`` and ``template`` are the figure's own.
        first: Whether a figure is the first of its fact.
        match: Position in ``held`` of what the store has of the fact; -1 where it has nothing.
        news: Whether a figure says something else than what was said of the fact before it.
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
        of_series = np.asarray([of["id"] for of in series_of], np.int64)[figures.template]
        period = coded(figures.end, figures.start)
        self.order = np.lexsort((figures.line, figures.published, period, of_series))
        self.series = of_series[self.order]
        self.end, self.start = figures.end[self.order], figures.start[self.order]
        self.published, self.status = figures.published[self.order], figures.status[self.order]
        self.template, self.value = figures.template[self.order], figures.value[self.order]
        low, high = figures.low[self.order], figures.high[self.order]
        self.bounded = low != NOTHING
        self.low, self.high = np.where(self.bounded, low, self.value), np.where(self.bounded, high, self.value)
        self.first = ~_as_before(self.series, self.end, self.start)
        self.match = held.find(self.series, self.end, self.start)
        self.doubts: dict[int, str] = {}
        told = [family.observation_columns(placed.figure) for placed in figures.templates]
        self.news = self._is_news([(one["value_text"], one["household_size"]) for one in told])
        begin = np.flatnonzero(self.first)
        self.fact = np.cumsum(self.first) - 1
        so_far = np.cumsum(self.news)
        self.changes = so_far - (so_far[begin] - self.news[begin])[self.fact]
        self.left = np.zeros(len(self.order), bool)
        contradictory = ~self.first & self.news & _as_before(self.published)
        late = (
            self.known & ((self.published < held.said[self.match]) | held.late[self.match]) if len(held.id) else False
        )
        self._leave(contradictory | late)

    def _is_news(self, words: list[tuple[Any, Any]]) -> Array:
        """Whether each figure differs from the one before it, or the first of a fact from what the store has."""
        said = codes([*words, *self.held.words])
        own, theirs = said[: len(words)][self.template], said[len(words) :]
        qualifier = np.where(self.bounded, APPROX, EXACT)
        columns = (self.value, self.low, self.high, qualifier, self.status, own)
        news = self.first | ~_as_before(*columns)
        if len(self.held.id):
            held = self.held
            before = (held.value, held.value_low, held.value_high, held.qualifier, held.status, theirs)
            at = self.match
            same = np.logical_and.reduce([now == then[at] for now, then in zip(columns, before, strict=True)])
            news[self.first & self.known & same] = False
        return news

    @property
    def known(self) -> Array:
        """Whether the store has the fact."""
        return self.match >= 0

    def _leave(self, marked: Array) -> None:
        """Hand over the facts of the marked figures."""
        self.left |= np.isin(self.fact, self.fact[marked])

    def leave_facts(self, facts: Iterable[Fact]) -> None:
        """Hand over facts of `tracker.rows.fact_of`, since something else of the run speaks of them."""
        wanted = [(fact[0], fact[1].toordinal(), fact[2].toordinal()) for fact in facts if not fact[3]]
        if wanted:
            theirs = np.asarray(wanted, np.int64).T
            pairs = zip((self.series, self.end, self.start), theirs, strict=True)
            own, others = np.split(coded(*(np.concatenate(pair) for pair in pairs)), [len(self.series)])
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
        added = here & self.first & ~self.known
        told = here & ~self.news
        unchanged = told & (self.changes == 0)
        new, said_again, same = int(added.sum()), int(told.sum()), int(unchanged.sum())
        return new, int((here & self.news).sum()) - new, same, said_again - same

    def before(self) -> Array:
        """The value that each written figure replaces, as float; nan for a new fact, and where there was no number."""
        at = self.written
        values = np.append(np.nan, self.value[:-1])[at]
        values[self.first[at]] = np.nan
        begins = self._follow_held
        values[begins] = self.held.value[self.match[at[begins]]]
        values[values == NOTHING] = np.nan
        return values

    def closed(self) -> Array:
        """Ids of the rows that are the last word no longer."""
        ids: Array = self.held.id[self.match[self.written[self._follow_held]]]
        return ids

    @property
    def _follow_held(self) -> Array:
        """Which of the written figures replace a row of the store."""
        follow: Array = (self.known & (self.changes == 1))[self.written]
        return follow

    def said_again(self) -> tuple[Array, Array]:
        """Ids of rows that were published again, and the last day on which they were."""
        again = self.known & (self.changes == 0) & ~self.left
        last = again & ~np.append(again[1:] & ~self.first[1:], False)
        at = np.flatnonzero(last)
        at = at[self.published[at] != self.held.said[self.match[at]]]
        return self.held.id[self.match[at]], self.published[at]


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
