"""A big displacement sheet column by column, for the rows that can be read so with certainty.

Numbers and days aside, the cells of a long table repeat: `ingest.templates` has each combination of them read, placed
and checked once. Every row that may differ from the others of its combination in more than number, days, status and
address is left over, to be read as any row is. So both ways come to the same figures.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest import cells
from ingest.cells import EMPTY, UNREADABLE, Repeated
from ingest.contract import SourceModule
from ingest.lines import Block, Lines, NotPlainError, Row, find_lines
from ingest.parsed import Read, in_the_promised_form, require_readable, take
from ingest.reading import is_data
from ingest.sheet import Column, Mapping, read_mapping, require
from ingest.sources import displacement_sheet
from ingest.spool import Spool
from ingest.templates import Templates
from ingest.values import MOST_PEOPLE
from tracker.errors import SourceChanged, UsageError
from tracker.held import STATUSES
from tracker.places import Gazetteer
from tracker.records import Payload
from tracker.vocabulary import ObservationStatus

FEWEST = 5_000
"""Rows below which nothing is gained."""

ENOUGH = 300_000
"""Rows that show whether a table repeats itself: one sorted by date does so late."""

_NUMBERS = ("value", "value_low", "value_high")
_DAYS = ("reference_period_start", "reference_period_end", "published_on")
_READ_APART = {*_NUMBERS, *_DAYS, "qualifier", "observation_status", "publication_url"}
_COMBINED = [ours for ours in displacement_sheet.COLUMNS if ours not in _READ_APART]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file.

    Attributes:
        names: The file's columns.
        certain: The rows that are read by columns.
        left_over: All other rows, each with its locator.
    """

    names: list[str]
    certain: Spool
    left_over: list[tuple[str, Row]]


def is_by_columns(module: SourceModule) -> bool:
    """Whether big payloads of a source are read by columns, and need not be in memory as a whole."""
    return module.SOURCE.code == displacement_sheet.SOURCE.code


def parse_by_columns(
    module: SourceModule, kept: Sequence[tuple[int, Payload]], gazetteer: Gazetteer, today: date, folder: Path
) -> Read | None:
    """A run of one big displacement sheet, read by columns as far as that goes; null for all others.

    Args:
        module: The source.
        kept: The run's payloads.
        gazetteer: All places.
        today: The day of the run.
        folder: Where rows may lie on disk for as long as the run lasts.

    Raises:
        UsageError: The mapping does not fit.
        SourceChanged: Reading stumbles over a row, or the file was changed after it was archived.
        StoreError: The folder cannot be written.
    """
    if not is_by_columns(module) or len(kept) != 1:
        return None
    ((payload_id, payload),) = kept
    sheet = read(payload, gazetteer, today, folder)
    if sheet is None or not len(sheet.certain):
        return None
    found = Read(rows=len(sheet.certain), columns=sheet.certain)
    found.values["value"] += len(sheet.certain)
    if not payload.mapping:
        found.fields.update(sheet.names)
    records = ((locator, row.cells()) for locator, row in sheet.left_over)
    parsed = in_the_promised_form(displacement_sheet.parse_some(payload, records), payload.url)
    for (_, raw), row in zip(sheet.left_over, parsed, strict=True):
        take(found, replace(row, raw=raw), payload_id, gazetteer, today)
    require_readable(found)
    return found


def read(payload: Payload, gazetteer: Gazetteer, today: date, folder: Path) -> Sheet | None:
    """A displacement sheet by columns; null where it has to be read row by row.

    Raises:
        UsageError: The mapping does not fit.
        SourceChanged: Reading stumbles over a row, or the file was changed after it was archived.
        StoreError: The folder cannot be written.
    """
    mapping = read_mapping(payload.mapping, displacement_sheet.COLUMNS)
    lines = find_lines(payload)
    if lines is None or not _fits(payload, mapping, lines):
        return None
    return _Reader(mapping, lines, gazetteer, today, folder).sheet()


def _fits(payload: Payload, mapping: Mapping, lines: Lines) -> bool:
    """Whether there is a column for all that must be, and each number is that of one column."""
    try:
        require(dict.fromkeys(lines.names), mapping, displacement_sheet.REQUIRED, payload, "csv:1")
    except (UsageError, SourceChanged):
        # There may be more amiss in the file, and what is said of it first is for the other reading to say.
        return False
    made = {*mapping.templates, *mapping.constants, *mapping.values}
    return not made & set(_NUMBERS) and all(len(mapping.sources(ours, lines.names)) <= 1 for ours in _NUMBERS)


class _Reader:
    """What is known of a file while it is read."""

    def __init__(self, mapping: Mapping, lines: Lines, gazetteer: Gazetteer, today: date, folder: Path) -> None:
        self.mapping, self.lines, self.today = mapping, lines, today
        self.days = [self._repeated(ours, cells.ordinal) for ours in _DAYS]
        self.status = self._repeated("observation_status", cells.status)
        self.qualified = self._repeated("qualifier", cells.is_filled)
        self.templates = Templates(mapping, lines, _COMBINED, gazetteer, today)
        self.certain = Spool(folder, self.templates.placed)
        self.left_over: list[tuple[str, Row]] = []

    def sheet(self) -> Sheet | None:
        words = {
            name for ours in displacement_sheet.COLUMNS if ours not in _NUMBERS for name in self._column(ours).theirs
        }
        texts = {name for ours in _NUMBERS for name in self._column(ours).theirs} - words
        rows = 0
        try:
            for block in self.lines.blocks(texts, words):
                if not rows and block.rows < FEWEST:
                    return None
                self._take(block)
                before, rows = rows, rows + block.rows
                if before < ENOUGH <= rows and not self._repeats(rows):
                    return None
                del block  # before there is another
        except NotPlainError:
            return None
        if rows < ENOUGH and not self._repeats(rows):
            return None
        return Sheet(self.lines.names, self.certain, self.left_over)

    def _repeats(self, rows: int) -> bool:
        """Whether so many rows have so few combinations that reading by columns pays."""
        return 3 * len(self.templates.known) <= rows

    def _column(self, ours: str) -> Column:
        return self.mapping.column(ours, self.lines.names)

    def _repeated(self, ours: str, number: Callable[[Any], int]) -> Repeated:
        return Repeated(self._column(ours), number)

    def _take(self, block: Block) -> None:
        """Put the rows of a block where they belong."""
        value, low, high = (cells.read_numbers(block, self._column(ours)) for ours in _NUMBERS)
        start, end, published = (day.of(block) for day in self.days)
        url, texts, has_url = cells.read_texts(block, self._column("publication_url"))
        status, qualified = self.status.of(block), self.qualified.of(block) > 0
        certain = (
            ~block.tagged
            & ~qualified
            & (status != UNREADABLE)
            & (value >= 0)
            & (value <= MOST_PEOPLE)
            & (((low == EMPTY) & (high == EMPTY)) | ((low >= 0) & (low <= value) & (value <= high)))
            & (start != UNREADABLE)
            & (start <= end)
            & (end >= 0)
            & (end <= np.minimum(published, self.today.toordinal()) + 1)
        )
        filled = {
            "value_low": low != EMPTY,
            "value_high": high != EMPTY,
            "qualifier": qualified,
            "reference_period_start": start != EMPTY,
            "publication_url": has_url,
            "observation_status": status != EMPTY,
        }
        for ours in filled.keys() & set(self.mapping.required):
            certain &= filled[ours]
        template = np.full(block.rows, -1, np.int32)
        rows = np.flatnonzero(certain)
        template[rows] = self.templates.of(block, rows)
        for n in np.flatnonzero(template < 0).tolist():
            row = block.row(n)
            if is_data(row.cells().values()):
                self.left_over.append((block.locator(n), row))
        arrays: dict[str, NDArray[Any]] = {
            "template": template,
            "value": value,
            "low": low,
            "high": high,
            "start": start,
            "end": end,
            "published": published,
            "status": np.where(status == EMPTY, STATUSES.index(ObservationStatus.NORMAL), status),
            "line": block.number,
        }
        rows = np.flatnonzero(template >= 0)
        self.certain.add({name: array[rows] for name, array in arrays.items()}, url[rows], texts)
