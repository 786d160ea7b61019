"""Reading what providers write: bytes become JSON or rows, with an error that says what is wrong and where."""

import csv
import io
import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from tracker.errors import SourceChanged
from tracker.records import Payload

_TAG = re.compile(r"\s*#\s*[a-z]")


def read_text(payload: Payload, what: str) -> str:
    """The payload as text; ``what`` names the form that was expected.

    Raises:
        SourceChanged: It is not UTF-8, or a web page.
    """
    try:
        text = payload.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceChanged(f"{payload.url} is not UTF-8 text (byte {error.start}); expected {what}") from error
    if text.lstrip()[:1] == "<":
        raise SourceChanged(f"{payload.url} is a web page, not {what}: the provider may ask for a login or be down")
    if not text.strip():
        raise SourceChanged(f"{payload.url} is empty; expected {what}")
    return text


def read_json(payload: Payload) -> Any:
    """The payload as JSON.

    Raises:
        SourceChanged: It is cut off, a web page, or otherwise not JSON.
    """
    text = read_text(payload, "JSON")
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        if not isinstance(error, json.JSONDecodeError):
            raise SourceChanged(f"{payload.url} holds what no JSON reader takes ({type(error).__name__})") from error
        cut = error.pos >= len(text.rstrip()) - 1 or "Unterminated" in error.msg
        what = "is cut off" if cut else f"is not JSON: {error.msg}"
        raise SourceChanged(f"{payload.url} {what} (after {error.pos} of {len(text)} characters)") from error


def _refuse_constant(word: str) -> float:
    raise json.JSONDecodeError(f"{word} is not a number in JSON", "", 0)


def is_csv(payload: Payload) -> bool:
    """Whether a payload that may be JSON or CSV is the latter: its first line has commas, and opens no JSON."""
    start = payload.content.lstrip(b"\xef\xbb\xbf \r\n")
    return start[:1] not in (b"{", b"[", b"<") and b"," in start.partition(b"\n")[0]


def read_csv(payload: Payload, *, open_end: bool = False, delimiter: str = ",") -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV by column, each with the number of the line it ends in, without blank ones and HXL tags.

    Args:
        payload: The payload.
        open_end: Whether this provider writes no line end after the last row, as published spreadsheets do; from all
            others that is the sign of half a file.
        delimiter: What stands between the cells.

    Raises:
        SourceChanged: It is cut off, a web page, or its rows do not fit its header.
    """
    text = read_text(payload, "CSV")
    if text.lstrip()[:1] in ("{", "["):
        raise SourceChanged(f"{payload.url} is JSON, not CSV; the provider changed its format, or the file is another")
    if not open_end and not text.endswith("\n"):
        # Half a last number would read as a smaller one.
        raise SourceChanged(f"{payload.url} is cut off: its last line has no end; if it is whole, add a line break")
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    rows = []
    try:
        for row in reader:
            if None in row or None in row.values():
                raise SourceChanged(f"{payload.url}: line {reader.line_num} does not have as many cells as the header")
            if is_data(row.values()):
                rows.append((reader.line_num, {name.strip(): value for name, value in row.items()}))
    except csv.Error as error:
        raise SourceChanged(f"{payload.url} is not CSV or cut off (line {reader.line_num}: {error})") from error
    if not rows and not text.endswith("\n"):
        raise SourceChanged(f"{payload.url} is no CSV, or was cut off after its header")
    return rows


def is_data(cells: Collection[str]) -> bool:
    """Whether a row of a CSV is neither blank nor a row of HXL tags."""
    return any(cell.strip() for cell in cells) and not is_tag_row(cells)


def is_tag_row(cells: Any) -> bool:
    """Whether a row holds HXL tags (``#affected +killed``): a second header, wherever it stands.

    Some may have been misspelt into plain words, so most of its cells decide, as HXL's own readers have it.
    """
    filled = [str(cell) for cell in cells if cell not in (None, "")]
    return 2 * sum(bool(_TAG.match(cell)) for cell in filled) > len(filled)


def require(row: Any, field: str, payload: Payload, locator: str, looks_like: Mapping[str, str] | None = None) -> Any:
    """A field that the provider promises on every row.

    Args:
        row: The provider's row.
        field: The field's name.
        payload: Where the row comes from.
        locator: Where in the payload the row stands.
        looks_like: What a row is that has a field of this name instead; for the message.

    Raises:
        SourceChanged: The field is gone, or the row is not an object; carrying on would lose a dimension silently.
    """
    if isinstance(row, Mapping) and field in row:
        return row[field]
    names = row if isinstance(row, Mapping) else ()
    other = next((what for name, what in (looks_like or {}).items() if name in names), None)
    why = f"this looks like {other}" if other else "the provider changed its format"
    raise SourceChanged(f"{payload.url}: field {field!r} is missing at {locator}; {why}")


def require_list(page: Any, field: str, payload: Payload, looks_like: Mapping[str, str] | None = None) -> list[Any]:
    """The list that the provider promises in a field of its answer; `require` says what the arguments are.

    Raises:
        SourceChanged: The field is gone, or is not a list.
    """
    found = require(page, field, payload, "$", looks_like)
    if not isinstance(found, list):
        raise SourceChanged(f"{payload.url}: {field!r} is not a list; the provider changed its format")
    return found
