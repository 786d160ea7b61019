"""Reading one cell: counts, scores, dates and text as providers write them, or a reason why it cannot be read."""

import math
import re
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.errors import RecordError
from tracker.records import Amount
from tracker.vocabulary import ObservationStatus, Qualifier, SetAsideReason

MOST_PEOPLE = 10_000_000_000
"""More than the world holds: a count beyond it is a misread column, not people."""

NOTHING = frozenset({"", "-", "n/a", "na", "none", "null", "#n/a", "not available"})
"""How providers write that they say nothing, in lower case. None of them is zero."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?([eE]\+?[0-9]{1,2})?")
_SUPPRESSED = re.compile(r"\*+|[<≤]\s*[0-9]+")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9:.,+Z-]*)?")
_DOUBLE_ENCODED = re.compile(r"[\u00c2-\u00f4][\u0080-\u00bf]")


def text(value: Any) -> str | None:
    """A name or code without the blanks around it; null for any of the ways to say nothing."""
    words = " ".join(str(value).split()) if value is not None else ""
    return None if words.lower() in NOTHING else mend(words)


def people(value: Any, field: str) -> tuple[Amount, ObservationStatus] | None:
    """A count as an amount, or as suppressed (``*``, ``<5``); null where nothing is reported.

    Raises:
        RecordError: It is neither a count, nor suppressed, nor nothing.
    """
    if isinstance(value, str) and _SUPPRESSED.fullmatch(value.strip()):
        return Amount(None, None, None, Qualifier.EXACT), ObservationStatus.SUPPRESSED
    number = count(value, field)
    return None if number is None else (Amount.exact(number), ObservationStatus.NORMAL)


def quantity(value: Any, field: str) -> float | None:
    """A score, rate or share as the provider writes it; null where nothing is reported.

    Raises:
        RecordError: It is no number.
    """
    if value is None or (isinstance(value, str) and value.strip().lower() in NOTHING):
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    raise RecordError(SetAsideReason.UNREADABLE_NUMBER, f"{field} is {shown(value)}: expected a number, '-' or nothing")


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
        raise RecordError(SetAsideReason.UNREADABLE_NUMBER, f"{field} is {shown(value)}: {expected}")
    if abs(number) > MOST_PEOPLE:
        raise RecordError(SetAsideReason.UNREADABLE_NUMBER, f"{field} is {shown(value)}: more than there are people")
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
            SetAsideReason.UNREADABLE_DATE, f"{field} is {shown(value)}: expected a date such as 2024-12-08"
        )
    return read


def year(value: Any, field: str) -> int:
    """A calendar year.

    Raises:
        RecordError: It is not one.
    """
    number = _whole(value)
    if number is None or not 1900 <= number <= 2200:
        raise RecordError(SetAsideReason.UNREADABLE_DATE, f"{field} is {shown(value)}: expected a year such as 2024")
    return number


def mend(text: str) -> str:
    """Text whose UTF-8 was encoded twice ("SÃ©gou") as it was meant ("Ségou"); other text as it is."""
    if not _DOUBLE_ENCODED.search(text):
        return text
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def shown(value: Any) -> str:
    """A value for a message: never longer than a line."""
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**40 else "a number of over 40 digits"
    return text if len(text) <= 60 else f"{text[:57]}..."
