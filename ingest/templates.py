"""Rows whose cells are the same but for number, days, status and address: one of them is read and checked for all.

A place says nothing of what is counted, and what is counted nothing of the place. So a row is read for each different
thing that is counted, and the cells of each different place by themselves; together they are placed and checked in each
combination there is.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ingest import tidy
from ingest.cells import Codes, Repeated, combined, different
from ingest.lines import Block, Lines
from ingest.parsed import in_the_promised_form, placed_and_checked
from ingest.sheet import Column, Mapping
from ingest.sources import displacement_sheet
from tracker.errors import RecordError
from tracker.places import Gazetteer, Placed
from tracker.records import DisplacementFigure, ParsedRow, PlaceName
from tracker.vocabulary import Measure, ObservationStatus

_WHERE = (1 << 32) - 1
"""The half of a pair that says where; what is counted is in the other half. Both are numbers of combinations."""


@dataclass(slots=True)
class _Combinations:
    """The combinations of some columns' cells, numbered in the order in which they are first seen."""

    columns: list[Repeated]
    known: dict[bytes, int] = field(default_factory=dict)

    @classmethod
    def of_columns(cls, columns: Iterable[Column]) -> "_Combinations":
        """None yet, of those of the columns that are read from a file's."""
        return cls([Repeated(column, different()) for column in columns if column.theirs])

    def of(self, block: Block, rows: NDArray[np.int64]) -> Codes:
        """Their numbers for some rows of a block."""
        told = [column.of(block)[rows] for column in self.columns]
        codes, first = combined([(column, int(column.max(initial=0)) + 1) for column in told], len(rows))
        keys = np.array([column[first] for column in told], np.int32).T.tobytes()
        size = len(keys) // max(len(first), 1)
        known = self.known
        found = [known.setdefault(keys[n * size : n * size + size], len(known)) for n in range(len(first))]
        return np.array(found, np.int32)[codes]


class Templates:
    """Every combination of cells that a file was found to have.

    Attributes:
        placed: The figure of one row of each, where the others' are like it, with the status of any number.
        known: By the pair of what is counted where, the position in ``placed``; -1 for what is left over.
    """

    def __init__(
        self, mapping: Mapping, lines: Lines, columns: Collection[str], gazetteer: Gazetteer, today: date
    ) -> None:
        """Nothing is known yet; ``columns`` are ours whose cells are combined."""
        self.payload, self.gazetteer, self.today = lines.payload, gazetteer, today
        read = {ours: mapping.column(ours, lines.names) for ours in columns}
        self._what = _Combinations.of_columns(read[ours] for ours in columns if ours not in tidy.PLACE)
        self._where = _Combinations.of_columns(read[ours] for ours in tidy.PLACE)
        self._place = [read[ours] for ours in tidy.PLACE]
        self._required = set(mapping.required) & set(tidy.PLACE)
        self.placed: list[Placed] = []
        self.known: dict[int, int] = {}
        self._figures: dict[int, DisplacementFigure] = {}
        self._places: dict[int, PlaceName | None] = {}

    def of(self, block: Block, rows: NDArray[np.int64]) -> Codes:
        """Positions among the templates, -1 where there is none."""
        what, where = self._what.of(block, rows), self._where.of(block, rows)
        codes, first = combined([(what, len(self._what.known)), (where, len(self._where.known))], len(rows))
        pairs = (what[first].astype(np.int64) << 32 | where[first]).tolist()
        known = self.known
        new = {pair: n for pair, n in zip(pairs, rows[first].tolist(), strict=True) if pair not in known}
        self._learn(new, block)
        return np.array([known[pair] for pair in pairs], np.int32)[codes]

    def _learn(self, new: dict[int, int], block: Block) -> None:
        """Make a template for each new pair, of which there is a row each."""
        for pair, n in new.items():
            if pair & _WHERE not in self._places:
                self._places[pair & _WHERE] = self._place_of(block.row(n).cells())
        for pair in new:
            if not self._places[pair & _WHERE]:
                self.known[pair] = -1
        asked = {pair >> 32: pair for pair in new if pair not in self.known and pair >> 32 not in self._figures}
        self._read(asked.values(), new, block)
        # A row that cannot be read tells nothing of others with what it counts.
        self._read([p for p in new if p not in self.known and p >> 32 not in self._figures], new, block)
        for pair in new.keys() - self.known.keys():
            self.known[pair] = self._template(pair)

    def _place_of(self, raw: dict[str, str]) -> PlaceName | None:
        """The place a row names, as the sheet reads it; null where it names none, or lacks what it must have."""
        cells = {one.ours: cell for one in self._place if (cell := one.cell(raw)) is not None}
        if not cells.keys() >= self._required:
            return None
        try:
            return tidy.place(cells)
        except RecordError:
            return None

    def _read(self, pairs: Collection[int], rows: dict[int, int], block: Block) -> None:
        """Read the rows of some pairs for what they count."""
        records = [(block.locator(rows[pair]), block.row(rows[pair]).cells()) for pair in pairs]
        parsed = in_the_promised_form(displacement_sheet.parse_some(self.payload, records), self.payload.url)
        for pair, row in zip(pairs, parsed, strict=True):
            figure = _figure(row)
            if figure:
                self._figures.setdefault(pair >> 32, figure)
            else:
                self.known[pair] = -1

    def _template(self, pair: int) -> int:
        """The position of a new template; -1 where the two do not go together."""
        location = self._places[pair & _WHERE]
        assert location is not None
        figure = replace(self._figures[pair >> 32], location=location)
        try:
            self.placed.append(placed_and_checked(figure, self.gazetteer, self.today))
        except RecordError:
            return -1
        return len(self.placed) - 1


def _figure(row: ParsedRow) -> DisplacementFigure | None:
    """The figure of a row, if others may differ from it by place, number, days, status and address alone."""
    for figure in row.figures:
        assert isinstance(figure, DisplacementFigure)
        # What a count since some day is of is in its start; a quotation vouches for one number.
        if figure.measure is Measure.CUMULATIVE or figure.excerpt is not None or figure.external_id:
            return None
        normal = figure.observation_status is ObservationStatus.NORMAL
        return figure if normal else replace(figure, observation_status=ObservationStatus.NORMAL)
    return None


def figure_of(placed: Placed) -> DisplacementFigure:
    """What is placed, which is displacement in all templates."""
    assert isinstance(placed.figure, DisplacementFigure)
    return placed.figure
