"""Which day a DTM sheet is about: offices write it in a column, in a title or in the file's name, or nowhere."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from ingest.values import day, shown, text
from ingest.workbook import Sheets
from tracker.errors import RecordError, SourceChanged
from tracker.records import Payload
from tracker.vocabulary import SetAsideReason

_ISO = re.compile(r"(?<!\d)(20\d{2})-(\d{2})-(\d{2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[-./](\d{1,2})[-./](20\d{2})(?!\d)")


def own_day(cells: Mapping[str, Any]) -> date | None:
    """The day a row itself is about; null where only the round has one.

    Raises:
        RecordError: It cannot be read.
    """
    for name in ("reported", "assessed"):
        if text(cells.get(name)) is not None:
            return _day(cells[name], name)
    return None


def _day(value: Any, name: str) -> date:
    """A day as sheets have it: a date, ISO, "14 Sep 2014", or month first where nothing else is possible."""
    if isinstance(value, datetime):
        return value.date()
    words = str(value).strip()
    slashed = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", words)
    try:
        if slashed and int(slashed[2]) > 12:  # noqa: PLR2004 - no month
            return date(int(slashed[3]), int(slashed[1]), int(slashed[2]))
        if re.fullmatch(r"\d{1,2} [A-Za-z]{3} \d{4}", words):
            return datetime.strptime(words, "%d %b %Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise RecordError(SetAsideReason.UNREADABLE_DATE, f"{name} is {shown(value)}: no day") from error
    return day(value, name)


def round_day(payload: Payload, sheets: Sheets, rows: list[dict[str, Any]]) -> date:
    """The day of the round: of the file's name, of a title, or the last one of the rows.

    Raises:
        SourceChanged: None of them has any.
    """
    for words in (payload.url, *_titles(sheets)):
        if found := _ISO.search(words):
            return _checked(payload, int(found[1]), int(found[2]), int(found[3]))
        if found := _DAY_FIRST.search(words):
            return _checked(payload, int(found[3]), int(found[2]), int(found[1]))
    days = _days(rows)
    if not days:
        raise SourceChanged(
            f"{payload.url}: no date of the round, neither in a sheet nor in a title; rename the file so that it ends "
            "in it, such as round_123_2021-09-30.xlsx"
        )
    return days[-1]


def span(rows: list[dict[str, Any]]) -> str:
    """From when to when the rows were assessed, in words; empty where that is one day."""
    days = _days(rows)
    return f"assessed {days[0]} to {days[-1]}" if days and days[0] != days[-1] else ""


def _days(rows: list[dict[str, Any]]) -> list[date]:
    """Every day of a row that can be read, the earliest first."""
    found = []
    for cells in rows:
        with suppress(RecordError):
            found.append(own_day(cells))
    return sorted(one for one in found if one)


def _titles(sheets: Sheets) -> Iterator[str]:
    """What stands alone in one of the first rows of a sheet."""
    for rows in sheets.values():
        for row in rows[:2]:
            filled = [cell for cell in row if cell is not None]
            if len(filled) == 1 and isinstance(filled[0], str):
                yield filled[0]


def _checked(payload: Payload, year: int, month: int, day_of: int) -> date:
    try:
        return date(year, month, day_of)
    except ValueError as error:
        raise SourceChanged(f"{payload.url}: {year}-{month}-{day_of} in its name or title is no day") from error
