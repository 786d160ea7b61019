"""Reading workbooks (XLSX): values only, every sheet whole, and nothing that would fill the memory."""

import io
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from ingest.reading import is_tag_row
from tracker.errors import SourceChanged
from tracker.records import Payload

LARGEST_BYTES = 200 * 1024 * 1024
MOST_CELLS = 5_000_000
HEADER_WITHIN = 10
"""Title rows may stand above the header."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Sheets = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under a header, by column.

    Attributes:
        rows: Row number in the sheet, and the row. Of a header that stands twice, the second is ``NAME (2)``.
    """

    sheet: str
    rows: list[tuple[int, dict[str, Any]]]


def is_workbook(payload: Payload) -> bool:
    """Whether a payload is, or says it is, a workbook."""
    named = PurePosixPath(urlsplit(payload.url).path).suffix.lower() in (".xlsx", ".xls")
    return named or next(payload.blocks(8), b"").startswith((_ZIP, _OLE)) or "spreadsheet" in payload.media_type


def read_workbook(payload: Payload) -> Sheets:
    """Every sheet's rows by the sheet's name; blank cells are ``None``.

    Raises:
        SourceChanged: It is no workbook, locked, damaged, or larger than any source's could be.
    """
    _require_zip(payload)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles and validations, which nobody reads here
            return _sheets(payload)
    except SourceChanged:
        raise
    except Exception as error:
        # A damaged part surfaces as nearly any exception: XML, zlib, key, value, attribute.
        raise SourceChanged(f"{payload.url} is a damaged workbook ({type(error).__name__})") from error


def find_table(sheets: Sheets, column: str, payload: Payload, without: str = "") -> Table:
    """The first table with a column of this name, in whichever sheet; blank rows and HXL tag rows are left out.

    Args:
        sheets: The workbook.
        column: A column the table has.
        payload: Where the workbook comes from, for the message.
        without: A column by which another table is told that has ``column``, too.

    Raises:
        SourceChanged: There is none.
    """
    for sheet, rows in sheets.items():
        for top, header in enumerate(rows[:HEADER_WITHIN]):
            names = ["" if cell is None else str(cell).strip() for cell in header]
            if column in names and without not in (set(names) - {""}):
                return Table(sheet, _records(names, rows, top + 1))
    raise SourceChanged(f"{payload.url}: no sheet has a column {column!r}; there are the sheets {', '.join(sheets)}")


def _records(names: list[str], rows: Sequence[tuple[Any, ...]], first: int) -> list[tuple[int, dict[str, Any]]]:
    seen: dict[str, int] = {}
    columns = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        columns.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    records = []
    for number, cells in enumerate(rows[first:], first + 1):
        if all(cell is None or not str(cell).strip() for cell in cells) or is_tag_row(cells):
            continue
        padded = [*cells, *[None] * (len(columns) - len(cells))]
        records.append((number, {name: cell for name, cell in zip(columns, padded, strict=False) if name}))
    return records


def _require_zip(payload: Payload) -> None:
    if payload.content.startswith(_OLE):
        raise SourceChanged(
            f"{payload.url} is an old or password-protected Excel file: save it as XLSX without a password"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(payload.content)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise SourceChanged(f"{payload.url} is no XLSX workbook, or one that was cut off") from error
    if sum(entry.file_size for entry in entries) > LARGEST_BYTES:
        raise SourceChanged(f"{payload.url} unpacks to more than {LARGEST_BYTES // 1024**2} MB: not read")
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise SourceChanged(f"{payload.url} is a zip file, but no XLSX workbook")


def _sheets(payload: Payload) -> Sheets:
    # Few payloads are workbooks, and what reads them takes long to load.
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(payload.content), read_only=True, data_only=True)
    sheets: Sheets = {}
    cells = 0
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # the stated size is a claim; what is there is read
        rows = sheets[sheet.title] = []
        for row in sheet.iter_rows(values_only=True):
            cells += len(row) or 1
            if cells > MOST_CELLS:
                raise SourceChanged(f"{payload.url} has more than {MOST_CELLS:,} cells: not read")
            rows.append(row)
    book.close()
    return sheets
