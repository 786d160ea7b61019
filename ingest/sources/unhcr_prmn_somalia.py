"""UNHCR Protection and Return Monitoring Network: displacement within Somalia, week by week, since 2016.

What is published: people who arrived in a district in a week, by district they left, reason and most urgent need; a
workbook on HDX, also read when saved as CSV.
Grain: one row a week, month, district of arrival and of departure, reason and need.
Key: ``Year Week``, ``Month End``, both districts, ``Reason``, ``Current (Arrival) Priority Need``.
Revisions and cadence: monthly; a new workbook with the whole history, in which earlier weeks change without notice.
Known traps: flows, so they may be added, but one person may move more than once; needs divide one flow and are added
up here; a third of the rows stays within one district; a week that runs over the end of a month is two rows, and weeks
are cut at the end of the year, where numbers 0 and 53 stand for the days that are left; a few districts stand in two
regions, so the district alone tells the place; an earlier release has other columns and is refused.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ingest.contract import Scope
from ingest.hdx import newest
from ingest.http import Client
from ingest.reading import is_csv, read_csv, read_json, require
from ingest.values import count, text
from ingest.workbook import find_table, is_workbook, read_workbook
from tracker.errors import RecordError, SourceChanged
from tracker.records import Amount, DisplacementFigure, ParsedRow, Payload, Period, PlaceName, Source
from tracker.vocabulary import (
    Cause,
    Coverage,
    DisplacementIndicator,
    Measure,
    PopulationGroup,
    Redistribution,
    Reliability,
    SetAsideReason,
    SourceKind,
)

DATASET = "somalia-internally-displaced-persons-idps"
NUMBER, WEEK, MONTH, REASON = "Number of Individuals", "Year Week", "Month End", "Reason"
HERE, BEFORE = "Current (Arrival) District", "Previous (Departure) District"
KEY = (WEEK, MONTH, HERE, BEFORE, REASON)
"""What the rows of one figure share; they differ by need, or by what region a district is said to be in."""

SOURCE = Source(
    code="unhcr_prmn_somalia",
    name="UNHCR PRMN: displacement within Somalia",
    kind=SourceKind.UN,
    reliability=Reliability.B,
    licence="CC BY",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="UNHCR, Protection and Return Monitoring Network (PRMN), Somalia",
    homepage=f"https://data.humdata.org/dataset/{DATASET}",
    cadence_days=30,
    measures="Arrivals of newly displaced people by week, district of arrival and of departure, and reason.",
    grain="One figure a week (cut at the end of a month), pair of districts and reason.",
    traps="Movements, not people: one person may move more than once; the monitors do not see everybody.",
    fields=frozenset(KEY)
    | {NUMBER, "Current (Arrival) Region", "Previous (Departure) Region", "Current (Arrival) Priority Need"},
)
CAUSES = {
    "conflict/insecurity": Cause.CONFLICT,
    "drought related": Cause.DISASTER,
    "flood": Cause.DISASTER,
    "other": Cause.OTHER,
}
DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The newest workbook of the data set."""
    yield newest(client, DATASET, "XLSX")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each row of the list; a figure hangs on the first of the rows that are added up in it."""
    rows = _rows(payload)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for locator, record in rows:
        for field in (*KEY, NUMBER):
            require(record, field, payload, locator)
        groups[_key(record)].append(record)
    for locator, record in rows:
        row, group = ParsedRow(locator, record), groups[_key(record)]
        if record is group[0]:
            name = NUMBER if len(group) == 1 else f"{NUMBER} (sum of {len(group)} rows)"
            with row.attempt(name) as place:
                people = _sum(group)
                if people is not None:
                    row.figures.append(_figure(record, people, place))
        yield row


def _rows(payload: Payload) -> list[tuple[str, dict[str, Any]]]:
    if is_workbook(payload):
        table = find_table(read_workbook(payload), WEEK, payload)
        return [(f"{table.sheet}!{number}", record) for number, record in table.rows]
    if is_csv(payload):
        return [(f"csv:{line}", record) for line, record in read_csv(payload)]
    read_json(payload)
    raise SourceChanged(f"{payload.url}: expected a workbook or CSV with a column {WEEK!r}")


def _key(record: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(record[field]).strip() for field in KEY)


def _sum(group: list[dict[str, Any]]) -> int | None:
    """Null where no row has a number."""
    numbers = [count(record[NUMBER], NUMBER) for record in group]
    known = [number for number in numbers if number is not None]
    if known and len(known) < len(numbers):
        raise RecordError(
            SetAsideReason.MISSING_FIELD, f"{len(numbers) - len(known)} of {len(numbers)} rows have no number: no sum"
        )
    return sum(known) if known else None


def _figure(record: dict[str, Any], people: int, locator: str) -> DisplacementFigure:
    reason = text(record[REASON]) or ""
    if reason.lower() not in CAUSES:
        raise RecordError(SetAsideReason.UNKNOWN_WORD, f"{REASON} is {reason!r}: expected one of {', '.join(CAUSES)}")
    return DisplacementFigure(
        source=SOURCE.code,
        indicator=DisplacementIndicator.NEW_DISPLACEMENT,
        measure=Measure.FLOW,
        population_group=PopulationGroup.IDP,
        location=_district(record, HERE),
        origin=_district(record, BEFORE),
        variant=reason,
        cause=CAUSES[reason.lower()],
        amount=Amount.exact(people),
        period=_period(record),
        coverage=Coverage.PARTIAL,
        credibility=3,
        locator=locator,
    )


def _district(record: dict[str, Any], field: str) -> PlaceName:
    name = text(record[field])
    if not name:
        raise RecordError(SetAsideReason.UNKNOWN_PLACE, f"{field} is empty: the flow has no such district")
    return PlaceName(iso3="SOM", name=name)


def _period(record: dict[str, Any]) -> Period:
    """The days of the week that lie in the month, and in the year the week is numbered in."""
    number, end = count(record[WEEK], WEEK), DAY.fullmatch(str(record[MONTH]).strip())
    of, week = divmod(number or 0, 100)
    if not 1900 < of < 2200 or week > 53 or end is None or not 1 <= int(end[2]) <= 12:
        told = f"{WEEK} is {record[WEEK]!r}, {MONTH} is {record[MONTH]!r}"
        raise RecordError(SetAsideReason.UNREADABLE_DATE, f"{told}: expected such as 201617 and 30/04/2016")
    monday = date.fromisocalendar(of, 1, 1) + timedelta(weeks=week - 1)
    month = date(int(end[3]), int(end[2]), 1)
    last_of_month = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    start = max(monday, month, date(of, 1, 1))
    stop = min(monday + timedelta(days=6), last_of_month, date(of, 12, 31))
    if stop < start:
        raise RecordError(
            SetAsideReason.UNREADABLE_DATE, f"week {week} of {of} has no day in the month that ends {record[MONTH]}"
        )
    return Period(start, stop)
