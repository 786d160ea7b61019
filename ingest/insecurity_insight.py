"""The forms of Insecurity Insight's data: lists of incidents, and overviews that add them up by country and year.

Lists come as JSON, or as workbooks (HDX) with the same columns. Overviews are JSON; all their counts are text, and the
year that runs is in them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.reading import read_json, require
from ingest.values import count, day, mend, year
from ingest.workbook import find_table, is_workbook, read_workbook
from tracker.errors import RecordError, SourceChanged
from tracker.records import AccessFigure, ParsedRow, Payload, Period, PlaceName
from tracker.vocabulary import Precision, SetAsideReason

ADDRESS = "https://sind-api.herokuapp.com/hdx/v1/"
ID = "SiND Event ID"
EVENTS = "Number Of Events"
AREAS = frozenset({"Chechnya", "Puntland"})
"""Regions that overviews list beside their country, under its code."""

NO_NAME = frozenset({"", "no information", "none", "n/a"})
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
DATED = re.compile(rf"\s*(?:(\d{{1,2}}) )?({'|'.join(MONTHS)}) (\d{{4}})")
PRECISIONS = {
    "exact": Precision.DAY,
    "close": Precision.WEEK,
    "week": Precision.WEEK,
    "month": Precision.MONTH,
    "year": Precision.YEAR,
}
"""The first word of ``Time Precision``; "Close" means within 2 to 6 days."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Which incident, where and when; nothing that names people or points at a house."""

    event: str
    location: PlaceName
    period: Period


@dataclass(frozen=True, slots=True)
class Total:
    """A count of an overview: the number in a column, where and of when."""

    column: str
    number: int
    location: PlaceName
    period: Period
    locator: str


def records(payload: Payload) -> Iterator[tuple[str, dict[str, Any]]]:
    """Locator and record of everything in a list or an overview.

    Raises:
        SourceChanged: It is no list.
    """
    if is_workbook(payload):
        table = find_table(read_workbook(payload), ID, payload)
        yield from ((f"{table.sheet}!{number}", record) for number, record in table.rows)
        return
    listed = read_json(payload)
    if not isinstance(listed, list):
        raise SourceChanged(f"{payload.url}: expected a list of incidents; the provider changed its format")
    yield from ((f"[{number}]", record) for number, record in enumerate(listed))


def incident(record: dict[str, Any], payload: Payload, locator: str) -> Incident:
    """Read what every list says of an incident.

    Raises:
        RecordError: It has no id, no country or no date.
        SourceChanged: A field is gone.
    """
    event = count(require(record, ID, payload, locator), ID)
    if event is None:
        raise RecordError(SetAsideReason.MISSING_FIELD, f"the incident has no {ID}, so it could be counted twice")
    country = _country(record, payload, locator)
    area = mend(str(require(record, "Admin 1", payload, locator) or "").strip())
    happened = day(require(record, "Date", payload, locator), "Date")
    return Incident(
        str(event),
        PlaceName(iso3=country, name=None if area.lower() in NO_NAME else area),
        Period.on(happened, _precision(record, happened, payload, locator)),
    )


def parse_overview(
    payload: Payload, columns: Iterable[str], looks_like: Mapping[str, str], figure: Callable[[Total], AccessFigure]
) -> Iterator[ParsedRow]:
    """One row for each country and year, with a figure for each column that has a number.

    Raises:
        SourceChanged: It is no list, or a field is gone.
    """
    for locator, record in records(payload):
        row = ParsedRow(locator, record)
        for column in columns:
            value = require(record, column, payload, locator, looks_like)
            with row.attempt(column) as place:
                number = count(value, column)
                if number is not None:
                    row.figures.append(figure(Total(column, number, *_country_year(record, payload, locator), place)))
        yield row


def _country_year(record: dict[str, Any], payload: Payload, locator: str) -> tuple[PlaceName, Period]:
    """What a row of an overview is about; the year that runs ends on the day the row was retrieved."""
    country = _country(record, payload, locator)
    named = str(require(record, "Country", payload, locator) or "").strip()
    period = Period.year(year(require(record, "Year", payload, locator), "Year"))
    seen_on = payload.retrieved_at.date()
    if period.start <= seen_on < period.end:
        period = Period(period.start, seen_on)
    return PlaceName(iso3=country, name=named if named in AREAS else None), period


def _country(record: dict[str, Any], payload: Payload, locator: str) -> str:
    country = str(require(record, "Country ISO", payload, locator) or "").strip()
    if not country:
        raise RecordError(SetAsideReason.UNKNOWN_PLACE, "Country ISO is empty: expected an ISO3 country code")
    return country


def _precision(record: dict[str, Any], happened: date, payload: Payload, locator: str) -> Precision:
    """As the workbook states it; else from the words: "25 February 2024:" is a day, "February 2024:" a month.

    Unknown where the words name another date than the record does, or none.
    """
    if "Time Precision" in record:
        words = re.findall(r"\w+", str(record["Time Precision"]).lower())
        return PRECISIONS.get(words[0] if words else "", Precision.UNKNOWN)
    found = DATED.match(str(require(record, "Event Description", payload, locator) or ""))
    if found is None or (int(found[3]), MONTHS.index(found[2]) + 1) != (happened.year, happened.month):
        return Precision.UNKNOWN
    if found[1] is None:
        return Precision.MONTH
    return Precision.DAY if int(found[1]) == happened.day else Precision.UNKNOWN
