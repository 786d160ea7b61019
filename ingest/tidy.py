"""Our own tidy form, cell by cell: what the three sheets share.

Every column and its meaning stands in `COLUMNS`; ``docs/sheets.md`` is made from it. A cell that is not filled is not
reported. A date may be a day, a month ("2024-12") or a year ("2024"), and is known that exactly.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from ingest import values
from ingest.values import people, quantity, shown, text
from tracker.errors import RecordError
from tracker.records import Amount, Period, PlaceName, Publication
from tracker.vocabulary import (
    Attribution,
    Coverage,
    ObservationStatus,
    Precision,
    Qualifier,
    Role,
    Sensitivity,
    SetAsideReason,
)

Cells = Mapping[str, Any]
Word = TypeVar("Word", bound=Enum)

PLACE = {
    "location_code": "ISO3 of a country or p-code of an area",
    "iso3": "ISO3 of the country, where the area has a name only",
    "admin1_code": "p-code of the first-level area; instead of location_code, beside iso3",
    "admin2_code": "p-code of the second-level area, beside admin1_code",
    "location_name": "the area's name, as you write it",
}
PERIOD = {
    "reference_period_start": "first day a flow is about, or a count since then; a stock is of its last day",
    "reference_period_end": "last day the figure is about: 2024-12-08, 2024-12 or 2024",
    "published_on": "day it was published",
}
NUMBER = {
    "value": "the number; empty where there is a range or words only; * or <5 where it is kept confidential",
    "value_low": "lower end of a range",
    "value_high": "upper end of a range",
    "qualifier": "exact, approx (if empty beside bounds), range (if empty, with bounds alone), more_than, at_least, "
    "less_than, at_most, order_of_magnitude",
    "value_text": "the figure in words, such as thousands",
}
PROVENANCE = {
    "asserted_by": "the body that says so; figures of different bodies are different series",
    "publisher": "who published it",
    "publication_title": "title of the report or page",
    "publication_url": "its address",
    "attribution": "direct (if empty), relayed or unattributed",
    "coverage": "full, partial or unknown (if empty): whether the whole place and group is covered",
    "role": "recommended (if empty), triangulation or context: only recommended figures become key figures",
    "credibility": "1 (confirmed) to 6 (cannot be judged)",
    "sensitivity": "0 low (if empty) to 3 severe; what is above 1 is never shown or exported",
    "external_id": "your id of an incident, where several share a place and a day",
    "excerpt": "the source's own words, short, with the number in them",
    "note": "what a reader should know",
}

_MONTH = re.compile(r"((?:19|20)[0-9]{2})-([0-9]{2})")
_YEAR = re.compile(r"(19|20)[0-9]{2}")


def word(cells: Cells, column: str, words: type[Word], default: Word | None = None) -> Word:
    """One of our words, in any case.

    Raises:
        RecordError: It is none, or not given where there is no default.
    """
    value = cells.get(column)
    if value is None and default is not None:
        return default
    if value is None:
        raise RecordError(SetAsideReason.MISSING_FIELD, f"{column} is empty: expected {_listed(words)}")
    found: Word | None = _spelt(words).get(str(value).strip().lower())
    if found is None:
        raise RecordError(SetAsideReason.UNKNOWN_WORD, f"{column} is {shown(value)}: expected {_listed(words)}")
    return found


def optional(cells: Cells, column: str, words: type[Word]) -> Word | None:
    """One of our words, or null where the cell is empty."""
    return word(cells, column, words) if column in cells else None


@cache
def _spelt(words: type[Enum]) -> dict[str, Any]:
    return {str(one.value).lower(): one for one in words}


def _listed(words: type[Enum]) -> str:
    return "one of " + ", ".join(str(one.value) for one in words)


def words_of(cells: Cells, column: str) -> str | None:
    """A cell as text."""
    return text(cells.get(column))


def flag(cells: Cells, column: str) -> bool:
    """Yes or no; empty is no.

    Raises:
        RecordError: It is neither.
    """
    value = str(cells.get(column, "no")).strip().lower()
    if value not in ("yes", "no", "true", "false", "1", "0"):
        raise RecordError(SetAsideReason.UNKNOWN_WORD, f"{column} is {shown(value)}: expected yes or no")
    return value in ("yes", "true", "1")


def place(cells: Cells, prefix: str = "location") -> PlaceName:
    """Where; `PlaceName` says what follows from which cells.

    Raises:
        RecordError: Nothing says where.
    """
    code, iso3, name = words_of(cells, f"{prefix}_code"), words_of(cells, "iso3"), words_of(cells, f"{prefix}_name")
    areas = [words_of(cells, column) for column in ("admin1_code", "admin2_code")] if prefix == "location" else []
    if any(areas) and not code:
        if iso3 is None:
            raise RecordError(SetAsideReason.MISSING_FIELD, "iso3 is empty: a p-code is read within its country")
        return PlaceName(iso3=iso3.upper(), within_country=tuple(area.upper() for area in areas if area))
    if not (code or iso3 or name):
        raise RecordError(SetAsideReason.UNKNOWN_PLACE, "neither location_code nor iso3 is filled")
    return PlaceName(code=code.upper() if code else None, iso3=iso3.upper() if iso3 else None, name=name)


def day(cells: Cells, column: str, *, last: bool = True) -> tuple[date, Precision] | None:
    """A date and how exactly it is known; a month or year is its last day, or its first.

    Raises:
        RecordError: It is no date.
    """
    value = cells.get(column)
    if value is None:
        return None
    if isinstance(value, datetime | date):
        return (value.date() if isinstance(value, datetime) else value), Precision.DAY
    written = str(value).strip()
    try:
        month = _MONTH.fullmatch(written)
        if month:
            year, number = int(month[1]), int(month[2])
            return date(year, number, monthrange(year, number)[1] if last else 1), Precision.MONTH
        if _YEAR.fullmatch(written):
            return (date(int(written), 12, 31) if last else date(int(written), 1, 1)), Precision.YEAR
        return values.day(written, column), Precision.DAY
    except (ValueError, RecordError) as error:
        said = f"{column} is {shown(value)}: expected a date such as 2024-12-08, 2024-12 or 2024"
        raise RecordError(SetAsideReason.UNREADABLE_DATE, said) from error


def period(cells: Cells, *, starts_unknown: bool = False) -> Period:
    """The reference period; without a start it is one date, or has an unknown start.

    Raises:
        RecordError: It has no end, or one that is no date.
    """
    end = day(cells, "reference_period_end")
    if end is None:
        raise RecordError(SetAsideReason.MISSING_FIELD, "reference_period_end is empty: of when is the figure?")
    start = day(cells, "reference_period_start", last=False)
    if start is not None:
        return Period(start[0], end[0], start[1], end[1])
    return Period(end[0], end[0], Precision.UNKNOWN if starts_unknown else end[1], end[1])


def amount(cells: Cells, *, whole: bool) -> tuple[Amount, ObservationStatus]:
    """The number with its qualifier and bounds, which stand for a qualifier that is not given.

    Args:
        cells: The row.
        whole: Whether it counts people, who are whole.

    Raises:
        RecordError: A cell is no number, or there are bounds that the qualifier does not allow.
    """
    low, high = (quantity(cells.get(column), column) for column in ("value_low", "value_high"))
    if whole:
        counted = people(cells.get("value"), "value")
        if counted and counted[1] is ObservationStatus.SUPPRESSED:
            return replace(counted[0], low=low, high=high), counted[1]
        value = counted[0].value if counted else None
    else:
        value = quantity(cells.get("value"), "value")
    bounded = Qualifier.RANGE if value is None else Qualifier.APPROX
    implied = Qualifier.EXACT if low is None and high is None else bounded
    qualifier = word(cells, "qualifier", Qualifier, implied)
    made = Amount.of(qualifier, value, low, high)
    if low not in (None, made.low) or high not in (None, made.high):
        raise RecordError(
            SetAsideReason.QUALIFIER_MISMATCH, f"{qualifier} does not fit value {value}, low {low}, high {high}"
        )
    return made, ObservationStatus.NORMAL


def common(cells: Cells, locator: str) -> dict[str, Any]:
    """What every figure carries, as arguments of its record.

    Raises:
        RecordError: A cell has none of our words, or is no date.
    """
    published = day(cells, "published_on")
    title = words_of(cells, "publication_title")
    return {
        "locator": locator,
        "external_id": _incident(cells),
        "published_on": published[0] if published and published[1] is Precision.DAY else None,
        "publication": Publication(
            words_of(cells, "publisher") or words_of(cells, "asserted_by") or "",
            title,
            words_of(cells, "publication_url") or "",
        )
        if title
        else None,
        "attribution": word(cells, "attribution", Attribution, Attribution.DIRECT),
        "coverage": word(cells, "coverage", Coverage, Coverage.UNKNOWN),
        "role": word(cells, "role", Role, Role.RECOMMENDED),
        "credibility": _credibility(cells),
        "sensitivity": word(cells, "sensitivity", Sensitivity, Sensitivity.LOW),
        "excerpt": words_of(cells, "excerpt"),
        "note": words_of(cells, "note"),
    }


def _incident(cells: Cells) -> str:
    """A body's id of an incident; another body's incident of the same id is another one."""
    own = words_of(cells, "external_id")
    return ": ".join(part for part in (words_of(cells, "asserted_by"), own) if part) if own else ""


def _credibility(cells: Cells) -> int | None:
    grade = values.count(cells.get("credibility"), "credibility")
    if grade is not None and not 1 <= grade <= 6:
        raise RecordError(SetAsideReason.OUT_OF_SCALE, f"credibility is {grade}: expected 1 to 6")
    return grade


def variant(cells: Cells) -> str:
    """What tells the series of different bodies, and a body's own kinds of count, apart."""
    return ": ".join(part for part in (words_of(cells, "asserted_by"), words_of(cells, "variant")) if part)
