"""Reading what providers write: JSON, counts and dates, with an error that says what is wrong and where."""

import json
import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker.errors import RecordError, SourceChanged
from tracker.records import Payload
from tracker.vocabulary import SetAsideReason

_WHOLE = re.compile(r"[+-]?\d+(\.0+)?")


def read_json(payload: Payload) -> Any:
    """The payload as JSON.

    Raises:
        SourceChanged: It is cut off, a web page, or otherwise not JSON.
    """
    try:
        text = payload.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceChanged(f"{payload.url} is not UTF-8 text (byte {error.start})") from error
    if text.lstrip()[:1] == "<":
        raise SourceChanged(f"{payload.url} is a web page, not JSON: the provider may ask for a login or be down")
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (json.JSONDecodeError, RecursionError) as error:
        at = getattr(error, "pos", len(text))
        what = "is cut off" if at >= len(text.rstrip()) - 1 or "Unterminated" in str(error) else "is not JSON"
        raise SourceChanged(f"{payload.url} {what} (after {at} of {len(text)} characters)") from error


def _refuse_constant(word: str) -> float:
    raise json.JSONDecodeError(f"{word} is not a number in JSON", word, 0)


def require(row: Any, field: str, payload: Payload, locator: str) -> Any:
    """A field that the provider promises on every row.

    Raises:
        SourceChanged: The field is gone, or the row is not an object; carrying on would lose a dimension silently.
    """
    if not isinstance(row, Mapping) or field not in row:
        raise SourceChanged(f"{payload.url}: field {field!r} is missing at {locator}; the provider changed its format")
    return row[field]


def count(value: Any, field: str) -> int | None:
    """A count of people: an integer, or text of one; ``None``, "" and "-" are "not reported", never 0.

    Raises:
        RecordError: It is neither.
    """
    if value is None or (isinstance(value, str) and value.strip() in ("", "-")):
        return None
    if isinstance(value, bool):
        raise RecordError(SetAsideReason.UNREADABLE_NUMBER, f"{field} is {value!r}: expected a whole number")
    if isinstance(value, int):
        return value
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(float(value)) if "." in value else int(value)
    raise RecordError(
        SetAsideReason.UNREADABLE_NUMBER, f"{field} is {value!r}: expected a whole number, '-' or nothing"
    )


def day(value: Any, field: str) -> date:
    """An ISO date.

    Raises:
        RecordError: It is not one.
    """
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        raise RecordError(
            SetAsideReason.UNREADABLE_DATE, f"{field} is {value!r}: expected a date such as 2024-12-08"
        ) from None
