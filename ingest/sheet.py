"""Tables in a person's own hand: CSV, XLSX, NDJSON or Parquet, and the mapping from their columns to ours.

The columns are those of our own tidy form (``docs/sheets.md``). A file in somebody else's form comes with a mapping,
a small TOML file that a user writes::

    [columns]                       # ours = theirs; of a list, the first cell that is filled
    location_code = ["admin2", "admin1", "country"]
    value = "IDPs (individuals)"

    [constants]                     # ours = the same for every row
    indicator = "population"

    [values.population_group]       # their word = ours
    "internally displaced" = "IDP"
"""

import io
import json
import tomllib
from collections.abc import Callable, Collection, Iterator
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

_PARQUET = b"PAR1"
_DELIMITERS = ",;\t"


def _is_word(entry: Any) -> bool:
    return isinstance(entry, str | int | float | date)


_PARTS: dict[str, Callable[[Any], bool]] = {
    "columns": lambda entry: (
        isinstance(entry, str) or (isinstance(entry, list) and bool(entry) and all(isinstance(c, str) for c in entry))
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
    """

    locator: str
    raw: dict[str, Any]
    cells: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Mapping:
    columns: dict[str, tuple[str, ...]]
    constants: dict[str, Any]
    values: dict[str, dict[str, Any]]


def read_sheet(payload: Payload, columns: Collection[str], required: Collection[str]) -> Iterator[SheetRow]:
    """Every row of a file by our columns.

    Args:
        payload: The file, with its mapping if it needs one.
        columns: Our columns.
        required: Those a file must have, or its mapping give a constant for.

    Raises:
        UsageError: The mapping is not TOML, maps what is none of our columns, or reads a column the file does not have.
        SourceChanged: The file cannot be read as a table, or lacks a column.
    """
    mapping = _read_mapping(payload.mapping, columns)
    named = [name for names in mapping.columns.values() for name in names]
    anchor = next(iter([*mapping.columns.get("reference_period_end", ()), *named, "reference_period_end"]))
    checked = False
    for locator, record in _records(payload, anchor):
        raw = record if payload.mapping else {_plain(name): value for name, value in record.items()}
        if not checked:
            _require(raw, mapping, required, payload, locator)
            checked = True
        yield SheetRow(locator, raw, _cells(raw, mapping, columns))


def _read_mapping(text: str, columns: Collection[str]) -> _Mapping:
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the mapping is not TOML: {error}") from error
    for part, entries in told.items():
        if part not in _PARTS or not isinstance(entries, dict):
            raise UsageError(f"the mapping has {part!r}; its parts are [columns], [constants] and [values]")
        for name, entry in entries.items():
            if name not in columns:
                raise UsageError(f"the mapping's [{part}] names {name!r}, which is none of: {', '.join(columns)}")
            if not _PARTS[part](entry):
                raise UsageError(f"the mapping's [{part}] has {name} = {entry!r}; see docs/sheets.md for its form")
    theirs = {ours: (c,) if isinstance(c, str) else tuple(c) for ours, c in told.get("columns", {}).items()}
    return _Mapping(theirs, told.get("constants", {}), told.get("values", {}))


def _require(raw: dict[str, Any], mapping: _Mapping, required: Collection[str], payload: Payload, locator: str) -> None:
    for ours, theirs in mapping.columns.items():
        for name in theirs:
            if name not in raw:
                raise UsageError(f"{payload.url}: no column {name!r} at {locator}, which the mapping reads as {ours}")
    for name in required:
        if name not in raw and name not in mapping.columns and name not in mapping.constants:
            raise SourceChanged(f"{payload.url}: column {name!r} is missing at {locator}; name it so, or map another")


def _cells(raw: dict[str, Any], mapping: _Mapping, columns: Collection[str]) -> dict[str, Any]:
    cells = {}
    for ours in columns:
        theirs = mapping.columns.get(ours, (ours,) if ours in raw else ())
        value = next((raw[name] for name in theirs if _is_filled(raw.get(name))), mapping.constants.get(ours))
        if isinstance(value, str):
            value = value.strip()
        words = mapping.values.get(ours, {})
        value = words.get(str(value), value) if words else value
        if _is_filled(value):
            cells[ours] = value
    return cells


def _is_filled(value: Any) -> bool:
    # Parquet may write what is not there as NaN, which is not equal to itself.
    return value is not None and value == value and not (isinstance(value, str) and value.strip().lower() in NOTHING)


def _plain(name: str) -> str:
    """A header as our columns are written: "Reference period end" is ``reference_period_end``."""
    return "_".join(str(name).lower().split())


def _records(payload: Payload, anchor: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if payload.content.startswith(_PARQUET):
        return _of_parquet(payload)
    if is_workbook(payload):
        return _of_workbook(payload, anchor)
    text = read_text(payload, "CSV, NDJSON, XLSX or Parquet")
    if text.lstrip().startswith("{"):
        return _of_ndjson(text, payload)
    header = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    return ((f"csv:{line}", dict(row)) for line, row in read_csv(payload, delimiter=delimiter))


def _of_workbook(payload: Payload, anchor: str) -> Iterator[tuple[str, dict[str, Any]]]:
    sheets = read_workbook(payload)
    spelt = {_plain(cell): str(cell).strip() for rows in sheets.values() for row in rows[:10] for cell in row if cell}
    table = find_table(sheets, spelt.get(_plain(anchor), anchor), payload)
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
