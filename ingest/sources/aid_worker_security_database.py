"""Humanitarian Outcomes: Aid Worker Security Database, major attacks on aid workers since 1997, incident by incident.

What is published: one record an incident with date, place, and counts of aid workers killed, wounded, kidnapped and
detained, by nationality and sex; as CSV of the whole database, and country by country on HDX.
Grain: one incident; four figures each.
Key: ``Incident ID``.
Revisions and cadence: daily; the current year is provisional (``Verified`` says Pending) and is verified yearly.
Known traps: countries are ISO2 codes, and Namibia's is NA; the day, and for a few incidents the month, is missing; the
download of the whole database has a second line that is no incident; descriptions hold line breaks and names of
places. Coordinates, actors and descriptions are not taken over.
"""

from collections.abc import Iterator
from datetime import date

from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import read_csv, require
from ingest.values import count, text, year
from tracker.errors import RecordError
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

ID = "Incident ID"
COLUMNS = {
    "Total killed": AccessIndicator.AID_WORKERS_KILLED,
    "Total wounded": AccessIndicator.AID_WORKERS_INJURED,
    "Total kidnapped": AccessIndicator.AID_WORKERS_KIDNAPPED,
    "Total detained": AccessIndicator.AID_WORKERS_ARRESTED,
}
CREDIBILITY = {"yes": 2, "archived": 2, "pending": 4}
"""By what ``Verified`` says."""

SOURCE = Source(
    code="aid_worker_security_database",
    name="Aid Worker Security Database",
    kind=SourceKind.INGO,
    reliability=Reliability.A,
    licence="CC BY",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="Humanitarian Outcomes, Aid Worker Security Database",
    homepage="https://www.aidworkersecurity.org/",
    cadence_days=1,
    measures="Aid workers killed, wounded, kidnapped and detained in each major attack.",
    grain="Four figures an incident: date, country and region.",
    traps="The current year is provisional; some incidents have a month or a year only.",
    fields=frozenset(
        {
            ID, "Year", "Month", "Day", "Country Code", "Country", "Region", "District", "City", "UN", "INGO", "ICRC",
            "NRCS and IFRC", "NNGO", "Other", "Nationals killed", "Nationals wounded", "Nationals kidnapped",
            "Nationals detained", "Total nationals", "Internationals killed", "Internationals wounded",
            "Internationals kidnapped", "Internationals detained", "Total internationals", "Total affected",
            "Gender Male", "Gender Female", "Gender Unknown", "Means of attack", "Attack context", "Location",
            "Latitude", "Longitude", "Motive", "Actor type", "Actor name", "Details", "Verified", "Source", *COLUMNS,
        }
    ),
)  # fmt: skip

ADDRESS = "https://www.aidworkersecurity.org/incidents/search"


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The whole database; it is small."""
    yield client.get(ADDRESS, {"format": "csv"})


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each incident."""
    for line, record in read_csv(payload):
        row = ParsedRow(f"csv:{line}", record)
        told = {
            name: require(record, name, payload, row.locator)
            for name in (ID, "Year", "Month", "Day", "Country Code", "Region", "Verified")
        }
        for column, indicator in COLUMNS.items():
            value = require(record, column, payload, row.locator)
            with row.attempt(column) as locator:
                people = count(value, column)
                if people is not None:
                    row.figures.append(_figure(told, indicator, people, locator))
        yield row


def _figure(told: dict[str, str], indicator: AccessIndicator, people: int, locator: str) -> AccessFigure:
    incident, country = told[ID].strip(), told["Country Code"].strip()
    if not incident:
        raise RecordError(SetAsideReason.MISSING_FIELD, f"the incident has no {ID}, so it could be counted twice")
    if not country:
        raise RecordError(SetAsideReason.UNKNOWN_PLACE, "Country Code is empty: expected an ISO2 country code")
    return AccessFigure(
        source=SOURCE.code,
        external_id=incident,
        indicator=indicator,
        constraint_type=ConstraintType.VIOLENCE_AGAINST_PERSONNEL,
        location=PlaceName(iso3=country, name=text(told["Region"])),
        amount=Amount.exact(people),
        unit=AccessUnit.PEOPLE,
        period=_period(told),
        credibility=CREDIBILITY.get(told["Verified"].strip().lower(), 4),
        sensitivity=Sensitivity.MODERATE,
        locator=locator,
    )


def _period(told: dict[str, str]) -> Period:
    """The day, or the first of what is known of it."""
    when, month, day = year(told["Year"], "Year"), count(told["Month"], "Month"), count(told["Day"], "Day")
    try:
        if month is None:
            return Period.on(date(when, 1, 1), Precision.YEAR)
        return Period.on(date(when, month, day or 1), Precision.DAY if day else Precision.MONTH)
    except ValueError as error:
        raise RecordError(SetAsideReason.UNREADABLE_DATE, f"{when}-{month}-{day} is no day") from error
