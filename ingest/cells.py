"""Our columns in a block of a CSV: its numbers and days as arrays, and its other cells, each read once."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ingest import tidy
from ingest.lines import Block
from ingest.sheet import Mapping, cells_of
from tracker.errors import RecordError
from tracker.vocabulary import Precision

EMPTY, UNREADABLE = -1, -2
"""Stand for a number or a day."""

_DIGITS = pa.scalar(15, pa.int32())
"""As many as a number may have that is read row by row."""

Codes = NDArray[np.int32]
Numbers = NDArray[np.int64]


def read_numbers(block: Block, mapping: Mapping, ours: str) -> Numbers:
    """A column's plain whole numbers."""
    names = mapping.sources(ours, block.lines.names)
    if not names:
        return np.full(block.rows, EMPTY, np.int64)
    texts = block.columns[names[0]]
    texts = texts.dictionary_decode() if pa.types.is_dictionary(texts.type) else texts
    length = pc.binary_length(texts)
    is_plain = pc.and_(pc.ascii_is_decimal(texts), pc.less_equal(length, _DIGITS))
    numbers = pc.cast(pc.if_else(is_plain, texts, pa.scalar(str(UNREADABLE))), pa.int64())
    return np.where(length.to_numpy() == 0, EMPTY, numbers.to_numpy())


def read_days(block: Block, mapping: Mapping, ours: str) -> Codes:
    """A column's days as ordinals."""
    codes, cells = read_cells(block, mapping, ours)
    return np.array([_ordinal(cell, ours) for cell in cells], np.int32)[codes]


def read_cells(block: Block, mapping: Mapping, ours: str) -> tuple[Codes, list[Any]]:
    """A column of ours: for each row a position in a list, which has null for what is not filled."""
    names = mapping.sources(ours, block.lines.names)
    columns = [block.columns[name] for name in names]
    if len(columns) == 1:
        codes, made_of = columns[0].indices.to_numpy(), [columns[0].dictionary.to_pylist()]
    else:
        codes, first = combined([(column.indices.to_numpy(), len(column.dictionary)) for column in columns], block.rows)
        made_of = [column.take(first).to_pylist() for column in columns]
    rows = zip(*made_of, strict=True) if columns else [()]
    raws = (dict(zip(names, row, strict=True)) for row in rows)
    return codes, [cells_of(raw, mapping, (ours,)).get(ours) for raw in raws]


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
    # Arrow's own way to take an array over loads pandas.
    array = pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])
    codes: Codes = array.dictionary_encode().indices.to_numpy()
    return codes


def _ordinal(cell: Any, ours: str) -> int:
    try:
        found = tidy.day({} if cell is None else {ours: cell}, ours)
    except RecordError:
        return UNREADABLE
    if found is None:
        return EMPTY
    return found[0].toordinal() if found[1] is Precision.DAY else UNREADABLE
