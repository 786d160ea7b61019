"""Insecurity Insight: aid workers killed, injured, kidnapped or arrested, incident by incident, since 2020.

What is published: one record an incident, with date, country, first administrative level and counts of aid workers.
Grain: one incident; four figures each.
Key: ``SiND Event ID``.
Revisions and cadence: monthly; records are added and corrected as more becomes known.
Known traps: all counts are text; "OPT" and "CAR" are country names while ``Country ISO`` holds PSE and CAF; where the
number of aid workers is unspecified the provider counts one; the date of a month-only report is a day in that month,
which only the words of the description give away. Coordinates and names of people are not taken over.
"""

import re
from collections.abc import Iterator
from typing import Any

from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import count, day, read_json, require
from tracker.errors import SourceChanged
from tracker.records import AccessFigure, Amount, ParsedRow, Payload, Period, PlaceName, Source
from tracker.vocabulary import (
    AccessIndicator,
    AccessUnit,
    ConstraintType,
    Precision,
    Redistribution,
    Reliability,
    Sensitivity,
    SourceKind,
)

SOURCE = Source(
    code="insecurity_insight_aid_workers",
    name="Insecurity Insight: aid workers killed, injured, kidnapped or arrested",
    kind=SourceKind.MONITOR,
    reliability=Reliability.B,
    licence="CC BY",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="Insecurity Insight, Aid Worker KIKA data",
    homepage="https://insecurityinsight.org/projects/aid-in-danger",
    cadence_days=30,
    measures="Aid workers killed, injured, kidnapped and arrested in each reported incident.",
    grain="Four figures an incident: date, country and first administrative level.",
    traps="An unspecified number is counted as one; month-only reports carry a day; reporting is not complete.",
)

ADDRESS = "https://sind-api.herokuapp.com/hdx/v1/aidWorkerKIKA"
COLUMNS = {
    "Aid Workers Killed": AccessIndicator.AID_WORKERS_KILLED,
    "Aid Workers Injured": AccessIndicator.AID_WORKERS_INJURED,
    "Aid Workers Kidnapped": AccessIndicator.AID_WORKERS_KIDNAPPED,
    "Aid Workers Arrested": AccessIndicator.AID_WORKERS_ARRESTED,
}
NO_NAME = frozenset({"", "no information", "none", "n/a"})
DATED = re.compile(r"\s*(?:(\d{1,2}) )?(?:January|February|March|April|May|June|July|August|September|October|"
                   r"November|December) \d{4}")  # fmt: skip


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The whole list; the provider has no paging."""
    yield client.get(ADDRESS)


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each incident."""
    incidents = read_json(payload)
    if not isinstance(incidents, list):
        raise SourceChanged(f"{payload.url}: expected a list of incidents; the provider changed its format")
    for number, incident in enumerate(incidents):
        row = ParsedRow(f"[{number}]", incident)
        for column, indicator in COLUMNS.items():
            value = require(incident, column, payload, row.locator)
            with row.attempt(column) as locator:
                people = count(value, column)
                if people is not None:
                    row.figures.append(_figure(incident, indicator, people, payload, locator))
        yield row


def _figure(
    incident: dict[str, Any], indicator: AccessIndicator, people: int, payload: Payload, locator: str
) -> AccessFigure:
    name = str(incident.get("Admin 1") or "").strip()
    return AccessFigure(
        source=SOURCE.code,
        external_id=str(require(incident, "SiND Event ID", payload, locator)),
        indicator=indicator,
        constraint_type=ConstraintType.VIOLENCE_AGAINST_PERSONNEL,
        location=PlaceName(
            iso3=require(incident, "Country ISO", payload, locator),
            name=None if name.lower() in NO_NAME else name,
        ),
        amount=Amount.exact(people),
        unit=AccessUnit.PEOPLE,
        period=Period.on(
            day(require(incident, "Date", payload, locator), "Date"),
            _precision(str(incident.get("Event Description") or "")),
        ),
        credibility=3,
        sensitivity=Sensitivity.MODERATE,
        locator=locator,
    )


def _precision(description: str) -> Precision:
    """Descriptions open with "25 February 2024:" or "February 2024:"; the second means only the month is known."""
    found = DATED.match(description)
    if found is None:
        return Precision.UNKNOWN
    return Precision.DAY if found.group(1) else Precision.MONTH
