"""Rows whose cells are the same but for number, days, status and address: one of them is read and checked for all.

A place says nothing of what is counted, and what is counted nothing of the place. So a row is read for each different
place and for each different rest only; together they are placed and checked in each combination there is.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest import tidy
from ingest.cells import Codes, Repeated, combined, different
from ingest.lines import Block
from ingest.parsed import in_the_promised_form, placed_and_checked
from ingest.sources import displacement_sheet
from tracker.errors import RecordError
from tracker.places import Gazetteer, Placed
from tracker.records import DisplacementFigure, ParsedRow, Payload, PlaceName
from tracker.vocabulary import Measure, ObservationStatus

_WHERE = (1 << 32) - 1
"""The half of a pair that says where; what is counted is in the other half. Both are numbers of combinations."""


@dataclass(slots=True)
class _Combinations:
    """The combinations of some columns' cells, numbered in the order in which they are first seen."""

    columns: list[Repeated]
    known: dict[bytes, int] = field(default_factory=dict)

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
        self,
        payload: Payload,
        column: Callable[[str, Callable[[Any], int]], Repeated],
        columns: Iterable[str],
        gazetteer: Gazetteer,
        today: date,
    ) -> None:
        """Nothing is known yet; ``columns`` are ours whose cells are combined, and ``column`` makes one of them."""
        self.payload, self.gazetteer, self.today = payload, gazetteer, today
        read = [made for made in (column(ours, different()) for ours in columns) if made.column.theirs]
        self._what = _Combinations([one for one in read if one.column.ours not in tidy.PLACE])
        self._where = _Combinations([one for one in read if one.column.ours in tidy.PLACE])
        self.placed: list[Placed] = []
        self.known: dict[int, int] = {}
        self._figures: dict[int, DisplacementFigure] = {}
        self._places: dict[int, PlaceName] = {}

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
        whats, wheres = set(self._figures), set(self._places)
        asked = []
        for pair in new:
            if pair >> 32 not in whats or pair & _WHERE not in wheres:
                asked.append(pair)
                whats.add(pair >> 32)
                wheres.add(pair & _WHERE)
        self._read(asked, new, block)
        # A row that cannot be read tells nothing of the half it was read for.
        rest = [pair for pair in new if pair >> 32 not in self._figures or pair & _WHERE not in self._places]
        self._read([pair for pair in rest if pair not in self.known], new, block)
        for pair in new.keys() - self.known.keys():
            self.known[pair] = self._template(pair)

    def _read(self, pairs: Collection[int], rows: dict[int, int], block: Block) -> None:
        """Read the rows of some pairs for what they say of both halves."""
        records = [(f"csv:{block.first + rows[pair]}", block.row(rows[pair]).cells()) for pair in pairs]
        parsed = in_the_promised_form(displacement_sheet.parse_some(self.payload, records), self.payload.url)
        for pair, row in zip(pairs, parsed, strict=True):
            figure = _figure(row)
            if figure:
                self._figures.setdefault(pair >> 32, figure)
                self._places.setdefault(pair & _WHERE, figure.location)
            else:
                self.known[pair] = -1

    def _template(self, pair: int) -> int:
        """The position of a new template; -1 where the two do not go together."""
        figure = replace(self._figures[pair >> 32], location=self._places[pair & _WHERE])
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
