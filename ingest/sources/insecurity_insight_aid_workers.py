"""Insecurity Insight: aid workers killed, injured, kidnapped or arrested, incident by incident, since 2020.

What is published: one record an incident, with date, country, first administrative level and counts of aid workers; as
JSON, and as a workbook (HDX) with the same incidents in fewer years.
Grain: one incident; four figures each.
Key: ``SiND Event ID``.
Revisions and cadence: monthly; records are added and corrected as more becomes known, date and area included.
Known traps: all counts are text; "OPT" and "CAR" are country names while ``Country ISO`` holds PSE and CAF; where the
number of aid workers is unspecified the provider counts one; descriptions mostly name the month alone, so that without
the workbook's ``Time Precision`` nobody can tell which dates are exact (19 of 20 are, where the workbook says it).
The workbook repeats three of the four headers and has HXL tags in two rows; some of its area names are encoded twice.
Coordinates and names of people are not taken over.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import read_json, require
from ingest.values import count, day, mend
from ingest.workbook import find_table, is_workbook, read_workbook
from tracker.errors import RecordError, SourceChanged
from tracker.records import AccessFigure, Amount, ParsedRow, Payload, Period, PlaceName, Source
from tracker.vocabulary import (
    AccessIndicator,
    AccessUnit,
    ConstraintType,
    Precision,
    Redistribution,
    Reliability,
    Sensitivity,
    SetAsideReason,
    SourceKind,
)

SOURCE = Source(
    code="insecurity_insight_aid_workers",
    name="Insecurity Insight: aid workers killed, injured, kidnapped or arrested",
    kind=SourceKind.MONITOR,
    reliability=Reliability.B,
    # HDX lists the data as CC BY; the workbook's own notes say CC BY-SA, which asks for more, so it is the one obeyed.
    licence="CC BY-SA",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="Insecurity Insight, Aid Worker KIKA data",
    homepage="https://insecurityinsight.org/projects/aid-in-danger",
    cadence_days=30,
    measures="Aid workers killed, injured, kidnapped and arrested in each reported incident.",
    grain="Four figures an incident: date, country and first administrative level.",
    traps="An unspecified number is counted as one; many dates are known to the month only; reporting is not complete.",
)

ADDRESS = "https://sind-api.herokuapp.com/hdx/v1/aidWorkerKIKA"
ID = "SiND Event ID"
COLUMNS = {
    "Aid Workers Killed": AccessIndicator.AID_WORKERS_KILLED,
    "Aid Workers Injured": AccessIndicator.AID_WORKERS_INJURED,
    "Aid Workers Kidnapped": AccessIndicator.AID_WORKERS_KIDNAPPED,
    "Aid Workers Arrested": AccessIndicator.AID_WORKERS_ARRESTED,
}
LOOKS_LIKE = {
    "Total Aid Workers Killed": "the overview of countries and years, not the incidents",
    "Number Of Events": "an overview of countries and years, not the incidents",
    "FoodSecurity": "the food security incidents, not those of aid workers",
    ID: "another of Insecurity Insight's lists, not that of aid workers",
}
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


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The whole list; the provider has no paging."""
    yield client.get(ADDRESS)


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each incident."""
    for locator, incident in _incidents(payload):
        row = ParsedRow(locator, incident)
        for column in COLUMNS:
            value = require(incident, column, payload, locator, LOOKS_LIKE)
            with row.attempt(column) as place:
                people = count(value, column)
                again = incident.get(f"{column} (2)")
                if again is not None and count(again, column) != people:
                    raise RecordError(
                        SetAsideReason.CONFLICTING_DUPLICATE,
                        f"two columns are named {column}, and say {value!r} and {again!r}",
                    )
                if people is not None:
                    row.figures.append(_figure(incident, column, people, payload, place))
        yield row


def _incidents(payload: Payload) -> Iterator[tuple[str, dict[str, Any]]]:
    if is_workbook(payload):
        table = find_table(read_workbook(payload), ID, payload)
        yield from ((f"{table.sheet}!{number}", record) for number, record in table.rows)
        return
    incidents = read_json(payload)
    if not isinstance(incidents, list):
        raise SourceChanged(f"{payload.url}: expected a list of incidents; the provider changed its format")
    yield from ((f"[{number}]", incident) for number, incident in enumerate(incidents))


def _figure(incident: dict[str, Any], column: str, people: int, payload: Payload, locator: str) -> AccessFigure:
    event = count(require(incident, ID, payload, locator), ID)
    if event is None:
        raise RecordError(SetAsideReason.MISSING_FIELD, f"the incident has no {ID}, so it could be counted twice")
    country = str(require(incident, "Country ISO", payload, locator) or "").strip()
    if not country:
        raise RecordError(SetAsideReason.UNKNOWN_PLACE, "Country ISO is empty: expected an ISO3 country code")
    area = mend(str(require(incident, "Admin 1", payload, locator) or "").strip())
    happened = day(require(incident, "Date", payload, locator), "Date")
    return AccessFigure(
        source=SOURCE.code,
        external_id=str(event),
        indicator=COLUMNS[column],
        constraint_type=ConstraintType.VIOLENCE_AGAINST_PERSONNEL,
        location=PlaceName(iso3=country, name=None if area.lower() in NO_NAME else area),
        amount=Amount.exact(people),
        unit=AccessUnit.PEOPLE,
        period=Period.on(happened, _precision(incident, happened, payload, locator)),
        credibility=3,
        sensitivity=Sensitivity.MODERATE,
        locator=locator,
    )


def _precision(incident: dict[str, Any], happened: date, payload: Payload, locator: str) -> Precision:
    """As the workbook states it; else from the words: "25 February 2024:" is a day, "February 2024:" a month.

    Unknown where the words name another date than the record does, or none.
    """
    if "Time Precision" in incident:
        words = re.findall(r"\w+", str(incident["Time Precision"]).lower())
        return PRECISIONS.get(words[0] if words else "", Precision.UNKNOWN)
    found = DATED.match(str(require(incident, "Event Description", payload, locator) or ""))
    if found is None or (int(found[3]), MONTHS.index(found[2]) + 1) != (happened.year, happened.month):
        return Precision.UNKNOWN
    if found[1] is None:
        return Precision.MONTH
    return Precision.DAY if int(found[1]) == happened.day else Precision.UNKNOWN
