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

from collections.abc import Iterator
from typing import Any

from ingest.contract import Scope
from ingest.http import Client
from ingest.insecurity_insight import ADDRESS, EVENTS, ID, incident, records
from ingest.reading import require
from ingest.values import count
from tracker.errors import RecordError
from tracker.records import AccessFigure, Amount, ParsedRow, Payload, Source
from tracker.vocabulary import (
    AccessIndicator,
    AccessUnit,
    ConstraintType,
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

COLUMNS = {
    "Aid Workers Killed": AccessIndicator.AID_WORKERS_KILLED,
    "Aid Workers Injured": AccessIndicator.AID_WORKERS_INJURED,
    "Aid Workers Kidnapped": AccessIndicator.AID_WORKERS_KIDNAPPED,
    "Aid Workers Arrested": AccessIndicator.AID_WORKERS_ARRESTED,
}
LOOKS_LIKE = {
    "Total Aid Workers Killed": "the overview of countries and years, not the incidents",
    EVENTS: "an overview of countries and years, not the incidents",
    "FoodSecurity": "the food security incidents, not those of aid workers",
    ID: "another of Insecurity Insight's lists, not that of aid workers",
}


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The whole list; the provider has no paging."""
    yield client.get(f"{ADDRESS}aidWorkerKIKA")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each incident."""
    for locator, record in records(payload):
        row = ParsedRow(locator, record)
        for column in COLUMNS:
            value = require(record, column, payload, locator, LOOKS_LIKE)
            with row.attempt(column) as place:
                people = count(value, column)
                again = record.get(f"{column} (2)")
                if again is not None and count(again, column) != people:
                    raise RecordError(
                        SetAsideReason.CONFLICTING_DUPLICATE,
                        f"two columns are named {column}, and say {value!r} and {again!r}",
                    )
                if people is not None:
                    row.figures.append(_figure(record, column, people, payload, place))
        yield row


def _figure(record: dict[str, Any], column: str, people: int, payload: Payload, locator: str) -> AccessFigure:
    told = incident(record, payload, locator)
    return AccessFigure(
        source=SOURCE.code,
        external_id=told.event,
        indicator=COLUMNS[column],
        constraint_type=ConstraintType.VIOLENCE_AGAINST_PERSONNEL,
        location=told.location,
        amount=Amount.exact(people),
        unit=AccessUnit.PEOPLE,
        period=told.period,
        credibility=3,
        sensitivity=Sensitivity.MODERATE,
        locator=locator,
    )
