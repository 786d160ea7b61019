"""A CSV of one line a row, block by block as Arrow's columns, wherever Python's reader would find the same cells."""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from ingest.sheet import PARQUET, delimiter_of, plain
from ingest.workbook import is_workbook
from tracker.records import Payload

BLOCK = 1 << 26
_BOM = b"\xef\xbb\xbf"
_QUOTE, _HASH, _LINE_END = b'"#\n'

Mask = NDArray[np.bool_]


class NotPlainError(Exception):
    """Two readers may differ over this file."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a CSV below its header.

    Attributes:
        content: All bytes of the file.
        start: Where the first of them starts.
        names: The columns, as reading row by row calls them.
    """

    content: bytes
    start: int
    names: list[str]
    delimiter: str

    def blocks(self, texts: Collection[str], words: Collection[str]) -> Iterator["Block"]:
        """The rows, some at a time.

        Args:
            texts: Columns to read as they are.
            words: Columns to read whose cells repeat.

        Raises:
            NotPlainError: Rows are no lines, or do not fit the header.
        """
        start, first, view = self.start, 2, memoryview(self.content)
        while start < len(view):
            stop = self.content.rfind(b"\n", start, start + BLOCK) + 1
            if not stop:
                raise NotPlainError
            block = self._block(view[start:stop], first, texts, words)
            yield block
            start, first = stop, first + block.rows

    def _block(self, view: memoryview, first: int, texts: Collection[str], words: Collection[str]) -> "Block":
        content = np.frombuffer(view, np.uint8)
        ends = np.flatnonzero(content == _LINE_END)
        _require_plain(content, ends, ord(self.delimiter))
        kinds = {**dict.fromkeys(texts, pa.string()), **dict.fromkeys(words, pa.dictionary(pa.int32(), pa.string()))}
        try:
            str(view, "utf-8")
            table = arrow_csv.read_csv(
                pa.BufferReader(pa.py_buffer(view)),
                arrow_csv.ReadOptions(column_names=self.names, block_size=len(view) + 1, use_threads=False),
                arrow_csv.ParseOptions(delimiter=self.delimiter),
                arrow_csv.ConvertOptions(column_types=kinds, include_columns=list(kinds)),
            )
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise NotPlainError from error
        if table.num_rows != len(ends):
            raise NotPlainError
        columns = {name: table[name].combine_chunks() for name in kinds}
        hashes = np.flatnonzero(content == _HASH)
        before = content[hashes - 1]
        # Whatever may be a blank, in any writing, counts as one.
        tags = hashes[(before <= ord(" ")) | (before > ord("~")) | np.isin(before, [ord(self.delimiter), _QUOTE])]
        tagged = np.zeros(len(ends), bool)
        tagged[np.searchsorted(ends, tags)] = True
        return Block(self, view, first, ends, columns, tagged)


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file, one after the other.

    Attributes:
        first: The line of the first one.
        ends: Where their lines end.
        columns: Arrow's arrays of strings, or of dictionaries.
        tagged: Which rows may be HXL tags.
    """

    lines: Lines
    view: memoryview
    first: int
    ends: NDArray[np.int64]
    columns: dict[str, Any]
    tagged: Mask

    @property
    def rows(self) -> int:
        """How many they are."""
        return len(self.ends)

    def cells(self, row: int) -> dict[str, str]:
        """One of them, by column."""
        line = self.view[self.ends[row - 1] + 1 if row else 0 : self.ends[row] + 1]
        return dict(zip(self.lines.names, _split(str(line, "utf-8"), self.lines.delimiter), strict=True))


def find_lines(payload: Payload) -> Lines | None:
    """The lines of a payload; null where it is no CSV, or its first line is not a header of different names."""
    content = payload.content
    if content.startswith(PARQUET) or is_workbook(payload) or not content.endswith(b"\n") or b"\0" in content:
        return None
    stop = content.find(b"\n") + 1
    try:
        header = content[:stop].removeprefix(_BOM).decode()
        delimiter = delimiter_of(header)
        names = [name.strip() if payload.mapping else plain(name) for name in _split(header, delimiter)]
    except (UnicodeDecodeError, csv.Error):
        return None
    if header.lstrip()[:1] in ("", "<", "{", "[") or len(set(names)) < len(names):
        return None
    return Lines(content, stop, names, delimiter)


def row_at(payload: Payload, locator: str) -> dict[str, str]:
    """The row of a CSV at ``csv:LINE/...``, by the columns of its header."""
    lines = payload.content.removeprefix(_BOM).split(b"\n")
    number = int(locator.removeprefix("csv:").partition("/")[0])
    header = lines[0].decode()
    delimiter = delimiter_of(header)
    cells = _split(lines[number - 1].decode(), delimiter)
    return dict(zip((name.strip() for name in _split(header, delimiter)), cells, strict=False))


def _split(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], strict=True, delimiter=delimiter))


def _require_plain(content: NDArray[np.uint8], ends: NDArray[np.int64], delimiter: int) -> None:
    """Every row is a line, every quote opens, closes or stands for one within a quoted cell, and no cell is too long.

    Raises:
        NotPlainError: Otherwise.
    """
    returns = np.flatnonzero(content == ord("\r"))
    quotes = np.flatnonzero(content == _QUOTE)
    if len(quotes) % 2 or np.diff(ends, prepend=-1).max() > csv.field_size_limit():
        raise NotPlainError
    opening, closing = quotes[::2], quotes[1::2]
    # What is before the first byte is the last one here, which ends a line as well.
    opens = np.isin(content[opening - 1], [delimiter, _LINE_END, _QUOTE])
    closes = np.isin(content[closing + 1], [delimiter, *b'\r\n"'])
    within = np.searchsorted(ends, opening) == np.searchsorted(ends, closing)
    if not (opens & closes & within).all() or (content[returns + 1] != _LINE_END).any():
        raise NotPlainError
