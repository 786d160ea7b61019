"""Reading what providers write: JSON, CSV, counts and dates, with an error that says what is wrong and where."""

import csv
import io
import json
import math
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.errors import RecordError, SourceChanged
from tracker.records import Payload
from tracker.vocabulary import SetAsideReason

MOST_PEOPLE = 10_000_000_000
"""More than the world holds: a count beyond it is a misread column, not people."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?([eE]\+?[0-9]{1,2})?")
_SUPPRESSED = re.compile(r"\*+|[<≤]\s*[0-9]+")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9:.,+Z-]*)?")
_TAG = re.compile(r"\s*#\s*[a-z]")
_DOUBLE_ENCODED = re.compile(r"[\u00c2-\u00f4][\u0080-\u00bf]")


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


def read_csv(payload: Payload) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV by column, each with its line; a row of HXL tags is left out.

    Raises:
        SourceChanged: It is cut off, a web page, or its rows do not fit its header.
    """
    text = read_text(payload, "CSV")
    if not text.endswith("\n"):
        # Half a last number would read as a smaller one.
        raise SourceChanged(f"{payload.url} is cut off: its last line has no end")
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows = []
    try:
        for row in reader:
            if None in row or None in row.values():
                raise SourceChanged(f"{payload.url}: line {reader.line_num} does not have as many cells as the header")
            if not is_tag_row(row.values()):
                rows.append((reader.line_num, {name.strip(): value for name, value in row.items()}))
    except csv.Error as error:
        raise SourceChanged(f"{payload.url} is not CSV or cut off (line {reader.line_num}: {error})") from error
    return rows


def is_tag_row(cells: Any) -> bool:
    """Whether a row holds HXL tags (``#affected +killed``): a second header, wherever it stands."""
    filled = [str(cell) for cell in cells if cell not in (None, "")]
    return bool(filled) and all(_TAG.match(cell) for cell in filled)


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


def count(value: Any, field: str) -> int | None:
    """A count of people: an integer, or text of one; ``None``, "" and "-" are "not reported", never 0.

    Raises:
        RecordError: It is neither, or suppressed, or more than there are people.
    """
    if value is None or (isinstance(value, str) and value.strip() in ("", "-")):
        return None
    number = _whole(value)
    if number is None:
        expected = "expected a whole number, '-' or nothing"
        if isinstance(value, str) and _SUPPRESSED.fullmatch(value.strip()):
            expected = "the provider suppressed it, which means few, not none"
        raise RecordError(SetAsideReason.UNREADABLE_NUMBER, f"{field} is {_shown(value)}: {expected}")
    if abs(number) > MOST_PEOPLE:
        raise RecordError(SetAsideReason.UNREADABLE_NUMBER, f"{field} is {_shown(value)}: more than there are people")
    return number


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if math.isfinite(value) and value.is_integer() else None
    if not isinstance(value, str) or not _NUMBER.fullmatch(value.strip()):
        return None
    number = Decimal(value.strip())
    return int(number) if number == number.to_integral_value() else None


def day(value: Any, field: str) -> date:
    """An ISO date; a time after it is left away, not converted, since that could move the day.

    Raises:
        RecordError: It is not one.
    """
    found = _DAY.fullmatch(str(value).strip())
    try:
        read = date.fromisoformat(found[1] if found else "")
    except ValueError:
        read = date.min
    if read.year < 1900:
        raise RecordError(
            SetAsideReason.UNREADABLE_DATE, f"{field} is {_shown(value)}: expected a date such as 2024-12-08"
        )
    return read


def year(value: Any, field: str) -> int:
    """A calendar year.

    Raises:
        RecordError: It is not one.
    """
    number = _whole(value)
    if number is None or not 1900 <= number <= 2200:
        raise RecordError(SetAsideReason.UNREADABLE_DATE, f"{field} is {_shown(value)}: expected a year such as 2024")
    return number


def mend(text: str) -> str:
    """Text whose UTF-8 was encoded twice ("SÃ©gou") as it was meant ("Ségou"); other text as it is."""
    if not _DOUBLE_ENCODED.search(text):
        return text
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def _shown(value: Any) -> str:
    """A value for a message: never longer than a line."""
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**40 else "a number of over 40 digits"
    return text if len(text) <= 60 else f"{text[:57]}..."
