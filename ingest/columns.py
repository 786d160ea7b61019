"""A big displacement sheet column by column, for the rows that can be read so with certainty.

Numbers and days aside, the cells of a long table repeat. Each combination of them is read, placed and checked once, as
any row is, on one of its rows; the others differ in nothing but number, days and addresses. Every row in which more
than that may be otherwise is left over, to be read as any row is. So both ways come to the same figures.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest import tidy
from ingest.cells import EMPTY, UNREADABLE, Codes, Numbers, combined, read_cells, read_days, read_numbers
from ingest.contract import SourceModule
from ingest.lines import Block, Lines, Mask, NotPlainError, find_lines
from ingest.parsed import Read, in_the_promised_form, placed_and_checked, require_readable, take
from ingest.reading import is_data
from ingest.sheet import Mapping, read_mapping, require
from ingest.sources import displacement_sheet
from ingest.values import MOST_PEOPLE
from tracker.errors import RecordError, SourceChanged, UsageError
from tracker.held import STATUSES
from tracker.places import Gazetteer, Placed
from tracker.records import Amount, DisplacementFigure, ParsedRow, Payload, Period
from tracker.vocabulary import Measure, Qualifier

FEWEST = 5_000
"""Rows below which nothing is gained."""

_NUMBERS = ("value", "value_low", "value_high")
_DAYS = ("reference_period_start", "reference_period_end", "published_on")
_REPEATED = tuple(
    name for name in displacement_sheet.COLUMNS if name not in {*_NUMBERS, *_DAYS, "qualifier", "publication_url"}
)

Raw = dict[str, Any]


@dataclass(slots=True)
class Sheet:
    """The rows of a file: arrays have an entry for each that is certain, in the file's order.

    Attributes:
        rows: How many the file has.
        templates: Of each combination of cells, the figure of one row.
        template: Which of these a row's figure is like.
        low: -1 where there are no bounds, as is ``high``.
        start: ``date.toordinal()``, as are ``end`` and ``published``; that of the end for a stock.
        status: Position among `tracker.bulk.STATUSES`.
        line: Where the row stands.
        url: Which of ``urls`` its publication has; -1 where it has no publication.
        left_over: All other rows, each with its locator.
        names: The file's columns.
    """

    rows: int
    names: list[str]
    templates: list[Placed]
    template: Codes
    value: Numbers
    low: Numbers
    high: Numbers
    start: Codes
    end: Codes
    published: Codes
    status: Codes
    line: Codes
    url: Codes
    urls: list[str]
    left_over: list[tuple[str, Raw]]

    def __len__(self) -> int:
        """How many rows are certain."""
        return len(self.template)

    def __iter__(self) -> Iterator["Sheet"]:
        """The parts: all of it is one."""
        yield self

    @property
    def newest(self) -> date:
        """The newest day a row is about."""
        return _day(self.end.max())

    @property
    def any_number(self) -> bool:
        """Whether some number is not zero."""
        return bool(self.value.any())

    @property
    def countries(self) -> frozenset[str | None]:
        """Where its people are."""
        return frozenset(placed.location.iso3 for placed in self.templates if placed.location)

    def figure(self, n: int) -> DisplacementFigure:
        """The figure of a certain row, as it is read from the row alone."""
        like = _like(self.templates[self.template[n]])
        value, low, high = int(self.value[n]), float(self.low[n]), float(self.high[n])
        bounded = low != EMPTY
        publication = like.publication
        return replace(
            like,
            locator=f"csv:{self.line[n]}/value",
            amount=Amount.of(Qualifier.APPROX, value, low, high) if bounded else Amount.exact(value),
            period=Period(_day(self.start[n]), _day(self.end[n])),
            published_on=_day(self.published[n]),
            observation_status=STATUSES[self.status[n]],
            publication=replace(publication, url=self.urls[self.url[n]]) if publication else None,
        )


def parse_by_columns(
    module: SourceModule, kept: Sequence[tuple[int, Payload]], gazetteer: Gazetteer, today: date
) -> Read | None:
    """A run of one big displacement sheet, read by columns as far as that goes; null for all others.

    Raises:
        UsageError: The mapping does not fit.
        SourceChanged: Reading stumbles over a row.
    """
    if module.SOURCE.code != displacement_sheet.SOURCE.code or len(kept) != 1:
        return None
    ((payload_id, payload),) = kept
    sheet = read(payload, gazetteer, today)
    if sheet is None or not len(sheet.template):
        return None
    found = Read(rows=len(sheet.template), columns=sheet)
    found.values["value"] += len(sheet.template)
    if not payload.mapping:
        found.fields.update(sheet.names)
    left_over = displacement_sheet.parse_some(payload, sheet.left_over)
    for row in in_the_promised_form(left_over, payload.url):
        take(found, row, payload_id, gazetteer, today)
    require_readable(found)
    return found


def read(payload: Payload, gazetteer: Gazetteer, today: date) -> Sheet | None:
    """A displacement sheet by columns; null where it has to be read row by row.

    Raises:
        UsageError: The mapping does not fit.
        SourceChanged: Reading stumbles over a row.
    """
    mapping = read_mapping(payload.mapping, displacement_sheet.COLUMNS)
    lines = find_lines(payload)
    if lines is None or payload.content.count(b"\n") <= FEWEST:
        return None
    reader = _Reader(payload, mapping, lines, gazetteer, today)
    return reader.sheet() if reader.fits() else None


@dataclass(slots=True)
class _Reader:
    """What is known of a file while it is read.

    Attributes:
        known: By the cells that repeat, the position among the templates; -1 for what is left over.
    """

    payload: Payload
    mapping: Mapping
    lines: Lines
    gazetteer: Gazetteer
    today: date
    templates: list[Placed] = field(default_factory=list)
    known: dict[tuple[str, ...], int] = field(default_factory=dict)
    urls: dict[str, int] = field(default_factory=dict)
    left_over: list[tuple[str, Raw]] = field(default_factory=list)

    def fits(self) -> bool:
        """Whether there is a column for all that must be, and each number is that of one column."""
        try:
            require(dict.fromkeys(self.lines.names), self.mapping, displacement_sheet.REQUIRED, self.payload, "csv:1")
        except (UsageError, SourceChanged):
            # There may be more amiss in the file, and what is said of it first is for the other reading to say.
            return False
        made = {*self.mapping.templates, *self.mapping.constants, *self.mapping.values}
        return not made & set(_NUMBERS) and all(len(self._named([ours])) <= 1 for ours in _NUMBERS)

    def sheet(self) -> Sheet | None:
        parts = []
        words = self._named([ours for ours in displacement_sheet.COLUMNS if ours not in _NUMBERS])
        texts = self._named(_NUMBERS) - words
        try:
            for block in self.lines.blocks(texts, words):
                parts.append(self._part(block))
                if len(parts) == 1 and 3 * len(self.known) > block.rows:
                    return None
        except NotPlainError:
            return None
        arrays = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        rows = len(arrays["line"]) + len(self.left_over)
        return Sheet(rows, self.lines.names, self.templates, urls=list(self.urls), left_over=self.left_over, **arrays)

    def _named(self, columns: Sequence[str]) -> set[str]:
        """The file's columns that these are read from."""
        return {name for ours in columns for name in self.mapping.sources(ours, self.lines.names)}

    def _part(self, block: Block) -> dict[str, NDArray[Any]]:
        """The arrays of a block's certain rows."""
        value, low, high = (read_numbers(block, self.mapping, ours) for ours in _NUMBERS)
        start, end, published = (read_days(block, self.mapping, ours) for ours in _DAYS)
        url, has_url = self._urls(block)
        codes, words = read_cells(block, self.mapping, "qualifier")
        qualified = _mask(word is not None for word in words)[codes]
        certain = (
            ~block.tagged
            & ~qualified
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
        }
        for ours in filled.keys() & set(self.mapping.required):
            certain &= filled[ours]
        template = np.full(block.rows, -1, np.int32)
        rows = np.flatnonzero(certain)
        template[rows] = self._template(block, rows)
        for n in np.flatnonzero(template < 0).tolist():
            cells = block.cells(n)
            if is_data(cells.values()):
                self.left_over.append((f"csv:{block.first + n}", cells))
        rows = np.flatnonzero(template >= 0)
        template = template[rows]
        one_day = _mask(_like(placed).measure is Measure.STOCK for placed in self.templates)[template]
        titled = _mask(_like(placed).publication is not None for placed in self.templates)[template]
        start, end = start[rows], end[rows]
        return {
            "template": template,
            "value": value[rows],
            "low": low[rows],
            "high": high[rows],
            "start": np.where(one_day | (start == EMPTY), end, start),
            "end": end,
            "published": published[rows],
            "status": np.array([STATUSES.index(_like(one).observation_status) for one in self.templates], np.int32)[
                template
            ],
            "line": (block.first + rows).astype(np.int32),
            "url": np.where(titled, url[rows], np.int32(-1)),
        }

    def _urls(self, block: Block) -> tuple[Codes, Mask]:
        """Positions among the addresses, and whether there is one."""
        codes, cells = read_cells(block, self.mapping, "publication_url")
        words = [tidy.words_of({"url": cell}, "url") or "" for cell in cells]
        known = np.array([self.urls.setdefault(url, len(self.urls)) for url in words], np.int32)
        return known[codes], _mask(cell is not None for cell in cells)[codes]

    def _template(self, block: Block, rows: NDArray[np.int64]) -> Codes:
        """Positions among the templates, -1 where there is none."""
        columns = []
        for ours in _REPEATED:
            if self._named([ours]):
                codes, cells = read_cells(block, self.mapping, ours)
                # Many a cell of theirs is one of ours; and 1 and 1.0 are equal, but no longer so as words.
                words = {repr(cell): None for cell in cells}
                position = {word: n for n, word in enumerate(words)}
                columns.append((np.array([position[repr(cell)] for cell in cells], np.int32)[codes[rows]], list(words)))
        codes, first = combined([(codes, len(words)) for codes, words in columns], len(rows))
        told = ([words[n] for n in codes[first]] for codes, words in columns)
        keys = list(zip(*told, strict=True)) if columns else [()] * len(first)
        self._place({key: n for key, n in zip(keys, rows[first], strict=True) if key not in self.known}, block)
        return np.array([self.known[key] for key in keys], np.int32)[codes]

    def _place(self, new: dict[tuple[str, ...], int], block: Block) -> None:
        """Read, place and check one row of each new combination of cells."""
        records = [(f"csv:{block.first + n}", block.cells(n)) for n in new.values()]
        parsed = in_the_promised_form(displacement_sheet.parse_some(self.payload, records), self.payload.url)
        for key, row in zip(new, parsed, strict=True):
            template = self._template_of(row)
            self.known[key] = len(self.templates) if template else -1
            if template:
                self.templates.append(template)

    def _template_of(self, row: ParsedRow) -> Placed | None:
        """The placed figure of a row, if others may differ from it by number, days and address alone."""
        for figure in row.figures:
            assert isinstance(figure, DisplacementFigure)
            # What a count since some day is of is in its start; a quotation vouches for one number.
            if figure.measure is Measure.CUMULATIVE or figure.excerpt is not None or figure.external_id:
                return None
            try:
                return placed_and_checked(figure, self.gazetteer, self.today)
            except RecordError:
                return None
        return None


def _day(ordinal: np.int32) -> date:
    return date.fromordinal(int(ordinal))


def _like(placed: Placed) -> DisplacementFigure:
    assert isinstance(placed.figure, DisplacementFigure)
    return placed.figure


def _mask(truths: Iterable[bool]) -> Mask:
    return np.fromiter(truths, np.bool_)
