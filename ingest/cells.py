"""Our columns in a block of a CSV: its numbers as arrays, and its other cells, each different one read once a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ingest import tidy
from ingest.arrow import arrow_of, numbers_of, truths_of
from ingest.lines import Block, Mask
from ingest.sheet import Column
from tracker.errors import RecordError
from tracker.held import STATUSES
from tracker.vocabulary import VALUELESS, ObservationStatus, Precision

EMPTY, UNREADABLE = -1, -2
"""Stand for a number, a day or a status."""

_DIGITS = 15
"""As many as a number may have that is read row by row."""

_AS_IT_IS = "^[!-~]{6,}$"
"""An address that reading leaves as it is: plain signs, and more of them than any word for nothing has."""

Codes = NDArray[np.int32]
Numbers = NDArray[np.int64]


@dataclass(slots=True)
class Repeated:
    """A column of ours whose cells repeat.

    Attributes:
        number: What stands for a cell; the cell is null where it is not filled.
        known: What stands for the cells of theirs.
    """

    column: Column
    number: Callable[[Any], int]
    known: dict[tuple[str, ...], int] = field(default_factory=dict)

    def of(self, block: Block) -> Codes:
        """What stands for the cell of each row."""
        codes, raws = _different(block, self.column)
        numbers = [self._number(raw) for raw in raws]
        found: Codes = np.array(numbers, np.int32)[codes]
        return found

    def _number(self, raw: tuple[str, ...]) -> int:
        found = self.known.get(raw)
        if found is None:
            cell = self.column.cell(dict(zip(self.column.theirs, raw, strict=True)))
            found = self.known[raw] = self.number(cell)
        return found


def different() -> Callable[[Any], int]:
    """Numbers cells, from 0 on, in the order in which they are first seen."""
    seen: dict[str, int] = {}
    # 1 and 1.0 are equal, but no longer so as words.
    return lambda cell: seen.setdefault(repr(cell), len(seen))


def is_filled(cell: Any) -> int:
    """1 or 0."""
    return int(cell is not None)


def ordinal(cell: Any) -> int:
    """A day; a month or a year, which has many, is not readable so."""
    try:
        found = tidy.day({} if cell is None else {"day": cell}, "day")
    except RecordError:
        return UNREADABLE
    if found is None:
        return EMPTY
    return found[0].toordinal() if found[1] is Precision.DAY else UNREADABLE


def status(cell: Any) -> int:
    """The position of an observation status that goes with a number; one that has none is not readable so."""
    if cell is None:
        return EMPTY
    try:
        found = tidy.word({"status": cell}, "status", ObservationStatus)
    except RecordError:
        return UNREADABLE
    return UNREADABLE if found in VALUELESS else STATUSES.index(found)


def read_numbers(block: Block, column: Column) -> Numbers:
    """Plain whole numbers."""
    if not column.theirs:
        return np.full(block.rows, EMPTY, np.int64)
    texts = block.columns[column.theirs[0]]
    texts = texts.dictionary_decode() if pa.types.is_dictionary(texts.type) else texts
    length = numbers_of(pc.binary_length(texts))
    found = np.where(length == 0, EMPTY, UNREADABLE)
    plain = np.flatnonzero(truths_of(pc.ascii_is_decimal(texts)) & (length <= _DIGITS))
    found[plain] = numbers_of(pc.cast(texts.take(arrow_of(plain, pa.int64())), pa.int64()))
    return found


def read_texts(block: Block, column: Column) -> tuple[Codes, Any, Mask]:
    """Texts: for each row a position in an array of strings, and whether its cell is filled."""
    if len(column.theirs) == 1 and not (column.template or column.words):
        told = block.columns[column.theirs[0]]
        codes, texts = numbers_of(told.indices), told.dictionary
        odd = pc.invert(pc.match_substring_regex(texts, _AS_IT_IS))
        raws, is_odd = list(zip(texts.filter(odd).to_pylist(), strict=True)), truths_of(odd)
    else:
        codes, raws = _different(block, column)
        texts, is_odd = pa.nulls(len(raws), pa.string()), np.ones(len(raws), bool)
    filled = np.ones(len(texts), bool)
    if raws:
        cells = [column.cell(dict(zip(column.theirs, raw, strict=True))) for raw in raws]
        filled[is_odd] = [cell is not None for cell in cells]
        words = pa.array([tidy.words_of({"cell": cell}, "cell") or "" for cell in cells], pa.string())
        texts = pc.replace_with_mask(texts, pa.array(is_odd), words)
    return codes, texts, filled[codes]


def _different(block: Block, column: Column) -> tuple[Codes, list[tuple[Any, ...]]]:
    """For each row a position among the different cells of theirs that one of ours is read from."""
    columns = [block.columns[name] for name in column.theirs]
    if len(columns) == 1:
        return numbers_of(columns[0].indices), list(zip(columns[0].dictionary.to_pylist(), strict=True))
    codes, first = combined([(numbers_of(one.indices), len(one.dictionary)) for one in columns], block.rows)
    told = [column.take(arrow_of(first, pa.int64())).to_pylist() for column in columns]
    return codes, list(zip(*told, strict=True)) if columns else [()]


def combined(columns: Sequence[tuple[Codes, int]], rows: int) -> tuple[Codes, NDArray[np.int64]]:
    """Columns of codes, each with their number, as one: a code for each combination, and the first row of each."""
    joint, size = np.zeros(rows, np.int64), 1
    for codes, many in columns:
        if size * many >= 1 << 63:
            joint = _dense(joint).astype(np.int64)
            size = int(joint.max(initial=0)) + 1
        joint, size = joint * many + codes, size * many
    found = _dense(joint)
    return found, np.flatnonzero(np.diff(np.maximum.accumulate(found), prepend=-1))


def _dense(numbers: Numbers) -> Codes:
    """Equal numbers as equal codes, 0 and up in the order in which they first occur."""
    codes: Codes = numbers_of(arrow_of(numbers, pa.int64()).dictionary_encode().indices)
    return codes
