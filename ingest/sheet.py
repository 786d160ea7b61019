"""Tables in a person's own hand: CSV, XLSX, NDJSON or Parquet, and the mapping from their columns to ours.

The columns are those of our own tidy form (``docs/sheets.md``). A file in somebody else's form comes with a mapping,
a small TOML file that a user writes::

    required = ["published_on"]     # rows without it are set aside

    [columns]                       # ours = theirs; of a list, the first cell that is filled
    location_code = ["admin2", "admin1", "country"]
    value = "IDPs (individuals)"
    variant = "{Round} {Operation}" # several cells in one
    external_id = []                # theirs of this name is something else: not read

    [constants]                     # ours = the same for every row
    indicator = "population"

    [values.population_group]       # their word = ours
    "internally displaced" = "IDP"
"""

import io
import json
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.reading import read_csv, read_text
from ingest.values import NOTHING
from ingest.workbook import find_table, is_workbook, read_workbook
from tracker.errors import SourceChanged, UsageError
from tracker.records import Payload

PARQUET = b"PAR1"
_DELIMITERS = ",;\t"
_CELL = re.compile(r"\{([^{}]+)\}")


def _is_word(entry: Any) -> bool:
    return isinstance(entry, str | int | float | date)


_PARTS: dict[str, Callable[[Any], bool]] = {
    "columns": lambda entry: (
        isinstance(entry, str) or (isinstance(entry, list) and all(isinstance(c, str) for c in entry))
    ),
    "constants": _is_word,
    "values": lambda entry: isinstance(entry, dict) and all(_is_word(word) for word in entry.values()),
}
"""The parts of a mapping, each with what one of its entries may be."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet.

    Attributes:
        raw: The row as it stands in the file.
        cells: The same by our columns; what is not filled is not there.
        lacking: Columns that the mapping requires and that are not filled.
    """

    locator: str
    raw: dict[str, Any]
    cells: dict[str, Any]
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a mapping file says; a file in our own columns has an empty one."""

    required: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    templates: dict[str, str]
    constants: dict[str, Any]
    values: dict[str, dict[str, Any]]

    def reads(self) -> Iterator[tuple[str, str]]:
        """Every column of theirs that the mapping names, each after ours."""
        for ours, names in self.columns.items():
            yield from ((ours, name) for name in names)
        for ours, template in self.templates.items():
            yield from ((ours, name) for name in _CELL.findall(template))

    def sources(self, ours: str, names: Collection[str]) -> tuple[str, ...]:
        """Those of a file's columns that a cell of ours is read from."""
        if ours in self.templates:
            return tuple(_CELL.findall(self.templates[ours]))
        return self.columns.get(ours, (ours,) if ours in names else ())

    def column(self, ours: str, names: Collection[str]) -> "Column":
        """One of our columns, as it is read from a file of these columns."""
        theirs, template = self.sources(ours, names), self.templates.get(ours)
        return Column(ours, theirs, template, self.constants.get(ours), self.values.get(ours, {}))


@dataclass(frozen=True, slots=True)
class Column:
    """One of our columns in a file.

    Attributes:
        theirs: The file's columns it is read from.
        template: How cells of theirs make one text; null where it is the first of them that is filled.
        constant: What stands where none of them is filled; null for nothing.
        words: Ours, by theirs.
    """

    ours: str
    theirs: tuple[str, ...]
    template: str | None
    constant: Any
    words: dict[str, Any]

    @property
    def is_there(self) -> bool:
        """Whether a cell may be filled."""
        return bool(self.theirs or self.words) or self.constant is not None

    def cell(self, raw: dict[str, Any]) -> Any:
        """The cell of a row; null where it is not filled."""
        value = self.constant
        if self.template:
            value = _filled_in(self.template, raw) or value
        else:
            for name in self.theirs:
                if _is_filled(raw.get(name)):
                    value = raw[name]
                    break
        if isinstance(value, str):
            value = value.strip()
        if self.words:
            value = self.words.get(str(value), value)
        return value if _is_filled(value) else None


def read_sheet(
    payload: Payload,
    columns: Collection[str],
    required: Collection[str],
    records: Iterable[tuple[str, dict[str, Any]]] | None = None,
) -> Iterator[SheetRow]:
    """Every row of a file by our columns.

    Args:
        payload: The file, with its mapping if it needs one.
        columns: Our columns.
        required: Those a file must have, or its mapping give a constant for.
        records: Some of its rows, each with its locator, where not all of them are wanted.

    Raises:
        UsageError: The mapping is not TOML, maps what is none of our columns, or reads a column the file does not have.
        SourceChanged: The file cannot be read as a table, or lacks a column.
    """
    mapping = read_mapping(payload.mapping, columns)
    named = [name for _, name in mapping.reads()]
    anchor = next(iter([*mapping.columns.get("reference_period_end", ()), *named, "reference_period_end"]))
    names: Collection[str] | None = None
    read: list[Column] = []
    for locator, record in _records(payload, anchor) if records is None else records:
        raw = record if payload.mapping else {plain(name): value for name, value in record.items()}
        if names is None:
            require(raw, mapping, required, payload, locator)
        if raw.keys() != names:
            names = raw.keys()
            read = [column for column in (mapping.column(ours, raw) for ours in columns) if column.is_there]
        cells = {column.ours: cell for column in read if (cell := column.cell(raw)) is not None}
        yield SheetRow(locator, raw, cells, tuple(name for name in mapping.required if name not in cells))


def read_mapping(text: str, columns: Collection[str]) -> Mapping:
    """A mapping file's text, held against our columns.

    Raises:
        UsageError: It is not TOML, or maps what is none of our columns.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the mapping is not TOML: {error}") from error
    required = told.pop("required", [])
    if not isinstance(required, list) or not set(required) <= set(columns):
        raise UsageError(f"the mapping's required is {required!r}: expected a list of our columns")
    for part, entries in told.items():
        if part not in _PARTS or not isinstance(entries, dict):
            raise UsageError(f"the mapping has {part!r}; its parts are required, [columns], [constants] and [values]")
        for name, entry in entries.items():
            if name not in columns:
                raise UsageError(f"the mapping's [{part}] names {name!r}, which is none of: {', '.join(columns)}")
            if not _PARTS[part](entry):
                raise UsageError(f"the mapping's [{part}] has {name} = {entry!r}; see docs/sheets.md for its form")
    given = told.get("columns", {})
    templates = {ours: entry for ours, entry in given.items() if isinstance(entry, str) and _CELL.search(entry)}
    theirs = {ours: (c,) if isinstance(c, str) else tuple(c) for ours, c in given.items() if ours not in templates}
    return Mapping(tuple(required), theirs, templates, told.get("constants", {}), told.get("values", {}))


def require(raw: dict[str, Any], mapping: Mapping, required: Collection[str], payload: Payload, locator: str) -> None:
    """Hold a row against what the mapping reads and what a file must have.

    Raises:
        UsageError: It lacks a column that the mapping reads.
        SourceChanged: It lacks one that it must have.
    """
    for ours, name in mapping.reads():
        if name not in raw:
            raise UsageError(f"{payload.url}: no column {name!r} at {locator}, which the mapping reads as {ours}")
    for name in required:
        told = {*(ours for ours, _ in mapping.reads()), *mapping.constants}
        if name not in told and (name not in raw or name in mapping.columns):
            raise SourceChanged(f"{payload.url}: column {name!r} is missing at {locator}; name it so, or map another")


def _filled_in(template: str, raw: dict[str, Any]) -> str | None:
    """Several cells in one text; null where none of them is filled."""
    cells = {name: raw[name] for name in _CELL.findall(template) if _is_filled(raw.get(name))}
    text = _CELL.sub(lambda cell: str(cells.get(cell[1], "")), template)
    return " ".join(text.split()) if cells else None


def _is_filled(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().lower() not in NOTHING
    # Parquet may write what is not there as NaN, which is not equal to itself.
    return value is not None and bool(value == value)


def plain(name: str) -> str:
    """A header as our columns are written: "Reference period end" is ``reference_period_end``."""
    return "_".join(str(name).lower().split())


def _records(payload: Payload, anchor: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if payload.content.startswith(PARQUET):
        return _of_parquet(payload)
    if is_workbook(payload):
        return _of_workbook(payload, anchor)
    text = read_text(payload, "CSV, NDJSON, XLSX or Parquet")
    if text.lstrip().startswith("{"):
        return _of_ndjson(text, payload)
    delimiter = delimiter_of(text.partition("\n")[0])
    return ((f"csv:{line}", dict(row)) for line, row in read_csv(payload, delimiter=delimiter))


def delimiter_of(header: str) -> str:
    """What stands between the cells of a CSV with this first line."""
    return max(_DELIMITERS, key=header.count)


def _of_workbook(payload: Payload, anchor: str) -> Iterator[tuple[str, dict[str, Any]]]:
    sheets = read_workbook(payload)
    spelt = {plain(cell): str(cell).strip() for rows in sheets.values() for row in rows[:10] for cell in row if cell}
    table = find_table(sheets, spelt.get(plain(anchor), anchor), payload)
    return ((f"{table.sheet}!{number}", record) for number, record in table.rows)


def _of_ndjson(text: str, payload: Payload) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise SourceChanged(f"{payload.url}: line {number} is not JSON, or is cut off ({error})") from error
        if not isinstance(record, dict):
            raise SourceChanged(f"{payload.url}: line {number} is no JSON object")
        yield f"ndjson:{number}", record


def _of_parquet(payload: Payload) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        table = pq.read_table(io.BytesIO(payload.content))
    except (pa.ArrowException, OSError) as error:
        raise SourceChanged(f"{payload.url} is a damaged Parquet file ({type(error).__name__})") from error
    return ((f"parquet:{number}", record) for number, record in enumerate(table.to_pylist()))
