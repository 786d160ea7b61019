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

BLOCK = 1 << 23
"""How many bytes are read at a time; twice as many are in memory, beside what is made of them."""

FIRST = 2
"""The line below the header."""

_BOM = b"\xef\xbb\xbf"
_QUOTE, _HASH, _RETURN, _LINE_END = b'"#\r\n'
_LINE_ENDS = b"\r\n"

Mask = NDArray[np.bool_]


class NotPlainError(Exception):
    """Two readers may differ over this file."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a CSV below its header.

    Attributes:
        start: Where the first of them starts.
        names: The columns, as reading row by row calls them.
    """

    payload: Payload
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
            SourceChanged: The file was changed after it was archived.
        """
        for first, content in self.whole_lines():
            if content.strip(_LINE_ENDS):
                yield self._block(content, first, texts, words)

    def whole_lines(self) -> Iterator[tuple[int, bytes]]:
        """The bytes below the header, some lines at a time, with the number of the first of them.

        Raises:
            NotPlainError: A line is longer than a block, or the last one has no end.
            SourceChanged: The file was changed after it was archived.
        """
        first, skipped, rest = FIRST, self.start, b""
        for block in self.payload.blocks(BLOCK):
            stop = block.rfind(b"\n") + 1
            if not stop:
                raise NotPlainError
            content = b"".join((rest, memoryview(block)[skipped:stop]))
            skipped, rest = 0, block[stop:]
            if content:
                yield first, content
                first += content.count(b"\n")
        if rest:
            raise NotPlainError

    def _block(self, content: bytes, first: int, texts: Collection[str], words: Collection[str]) -> "Block":
        array = np.frombuffer(content, np.uint8)
        ends = np.flatnonzero(array == _LINE_END)
        _require_plain(content, array, ends, ord(self.delimiter))
        kinds = {**dict.fromkeys(texts, pa.string()), **dict.fromkeys(words, pa.dictionary(pa.int32(), pa.string()))}
        try:
            if not content.isascii():
                content.decode()
            table = arrow_csv.read_csv(
                pa.BufferReader(content),
                arrow_csv.ReadOptions(column_names=self.names, block_size=len(content) + 1, use_threads=False),
                arrow_csv.ParseOptions(delimiter=self.delimiter),
                arrow_csv.ConvertOptions(column_types=kinds, include_columns=list(kinds)),
            )
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise NotPlainError from error
        starts = np.append(0, ends[:-1] + 1)
        # Arrow passes over lines with nothing in them, as the other reader does.
        filled = np.flatnonzero((starts < ends) & ~((starts + 1 == ends) & (array[starts] == _RETURN)))
        if table.num_rows != len(filled):
            raise NotPlainError
        columns = {name: table[name].combine_chunks() for name in kinds}
        tagged = np.zeros(len(ends), bool)
        if b"#" in content:
            hashes = np.flatnonzero(array == _HASH)
            before = array[hashes - 1]
            # Whatever may be a blank, in any writing, counts as one.
            tags = hashes[(before <= ord(" ")) | (before > ord("~")) | np.isin(before, [ord(self.delimiter), _QUOTE])]
            tagged[np.searchsorted(ends, tags)] = True
        return Block(self, content, first + filled, starts[filled], ends[filled], columns, tagged[filled])


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file, one after the other.

    Attributes:
        number: Those of their lines.
        starts: Where their lines start; ``ends`` is where they end.
        columns: Arrow's arrays of strings, or of dictionaries.
        tagged: Which rows may be HXL tags.
    """

    lines: Lines
    content: bytes
    number: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    columns: dict[str, Any]
    tagged: Mask

    @property
    def rows(self) -> int:
        """How many they are."""
        return len(self.ends)

    def row(self, n: int) -> "Row":
        """One of them."""
        return Row(self.lines, self.content[self.starts[n] : self.ends[n] + 1])

    def locator(self, n: int) -> str:
        """Where one of them stands."""
        return f"csv:{self.number[n]}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row as its line: its cells would take ten times the room."""

    lines: Lines
    line: bytes

    def cells(self) -> dict[str, str]:
        """Its cells, by column."""
        names, told = self.lines.names, _split(self.line.decode(), self.lines.delimiter)
        return dict(zip(names, told, strict=True))


def find_lines(payload: Payload) -> Lines | None:
    """The lines of a payload; null where it is no CSV, or its first line is not a header of different names."""
    head = next(payload.blocks(BLOCK), b"")
    stop = head.find(b"\n") + 1
    if not stop or head.startswith(PARQUET) or is_workbook(payload):
        return None
    try:
        header = head[:stop].removeprefix(_BOM).decode()
        delimiter = delimiter_of(header)
        names = [name.strip() if payload.mapping else plain(name) for name in _split(header, delimiter)]
    except (UnicodeDecodeError, csv.Error):
        return None
    if "\0" in header or header.lstrip()[:1] in ("", "<", "{", "[") or len(set(names)) < len(names):
        return None
    return Lines(payload, stop, names, delimiter)


def rows_at(payload: Payload, numbers: Collection[int]) -> dict[int, Row]:
    """Rows of a payload that was read by columns, by the numbers of their lines."""
    found: dict[int, Row] = {}
    lines = find_lines(payload) if numbers else None
    if lines is None:
        return found
    for first, content in lines.whole_lines():
        end = first + content.count(b"\n")
        here = [number for number in numbers if first <= number < end]
        told = content.split(b"\n") if here else []
        found.update({number: Row(lines, told[number - first]) for number in here})
    return found


def line_of(locator: str) -> int:
    """The number of the line in ``csv:LINE/...``."""
    return int(locator.removeprefix("csv:").partition("/")[0])


def _split(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], strict=True, delimiter=delimiter))


def _require_plain(content: bytes, array: NDArray[np.uint8], ends: NDArray[np.int64], delimiter: int) -> None:
    """Every row is a line, every quote opens, closes or stands for one within a quoted cell, and no cell is too long.

    Raises:
        NotPlainError: Otherwise.
    """
    if b"\0" in content or np.diff(ends, prepend=-1).max() > csv.field_size_limit():
        raise NotPlainError
    if b"\r" in content and (array[np.flatnonzero(array == _RETURN) + 1] != _LINE_END).any():
        raise NotPlainError
    if b'"' not in content:
        return
    quotes = np.flatnonzero(array == _QUOTE)
    if len(quotes) % 2:
        raise NotPlainError
    opening, closing = quotes[::2], quotes[1::2]
    # What is before the first byte is the last one here, which ends a line as well.
    opens = np.isin(array[opening - 1], [delimiter, _LINE_END, _QUOTE])
    closes = np.isin(array[closing + 1], [delimiter, *b'\r\n"'])
    within = np.searchsorted(ends, opening) == np.searchsorted(ends, closing)
    if not (opens & closes & within).all():
        raise NotPlainError
