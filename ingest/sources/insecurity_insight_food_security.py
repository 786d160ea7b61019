"""Insecurity Insight: incidents of conflict that hit food and food aid, one by one.

What is published: one record an incident that affected food security (markets, crops, water, food aid and those who
bring it), with date, country, first administrative level, weapon and perpetrator; as JSON.
Grain: one incident.
Key: ``SiND Event ID``.
Revisions and cadence: monthly; records are added and corrected as more becomes known.
Known traps: the same incidents may stand in the list of aid workers under the same id, so that the two lists must not
be added; ``FoodSecurity`` says "NotApplicable" of some, and the provider's own overview counts them all the same;
"OPT" and "CAR" are country names while ``Country ISO`` holds PSE and CAF; descriptions mostly name the month alone.
Coordinates, names and descriptions are not taken over.
"""

from collections.abc import Iterator

from ingest.contract import Scope
from ingest.http import Client
from ingest.insecurity_insight import ADDRESS, EVENTS, ID, incident, records
from ingest.reading import require
from ingest.values import shown
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
    Topic,
)

LIST = "FoodSecurity"
"""The field that no other of the provider's lists has."""

WORDS = frozenset({"foodsecurity", "notapplicable"})
"""What stands in it; both are counted in the provider's own overview."""

SOURCE = Source(
    code="insecurity_insight_food_security",
    name="Insecurity Insight: conflict and food security incidents",
    kind=SourceKind.MONITOR,
    reliability=Reliability.B,
    licence="CC BY-SA",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="Insecurity Insight, Conflict and Hunger data",
    homepage="https://insecurityinsight.org/projects/conflict-and-hunger",
    cadence_days=30,
    measures="Incidents of conflict that affected food, water and food aid.",
    grain="One incident: date, country and first administrative level.",
    traps="Some incidents are in the list of aid workers, too; many dates are known to the month only.",
    fields=frozenset(
        {
            ID, LIST, "Date", "Event Description", "Country", "Country ISO", "Admin 1", "Latitude", "Longitude",
            "Geo Precision", "Time Precision", "Location of Incident", "Reported Perpetrator",
            "Reported Perpetrator Name", "Weapon Carried/Used", "Infrastructure Affected",
        }
    ),
)  # fmt: skip

LOOKS_LIKE = {
    EVENTS: "an overview of countries and years, not the incidents",
    ID: "another of Insecurity Insight's lists, not that of food security",
}


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The whole list; the provider has no paging."""
    yield client.get(f"{ADDRESS}foodSecurity")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each incident."""
    for locator, record in records(payload):
        word = require(record, LIST, payload, locator, LOOKS_LIKE)
        row = ParsedRow(locator, record)
        with row.attempt(LIST) as place:
            if str(word).strip().lower() not in WORDS:
                raise RecordError(SetAsideReason.UNKNOWN_WORD, f"{LIST} is {shown(word)}: expected FoodSecurity")
            told = incident(record, payload, locator)
            row.figures.append(
                AccessFigure(
                    source=SOURCE.code,
                    external_id=told.event,
                    indicator=AccessIndicator.SECURITY_INCIDENTS,
                    # Markets and fields are hit more often than those who bring aid.
                    constraint_type=ConstraintType.INSECURITY_HOSTILITIES,
                    topic=Topic.FOOD,
                    location=told.location,
                    amount=Amount.exact(1),
                    unit=AccessUnit.INCIDENTS,
                    period=told.period,
                    credibility=3,
                    sensitivity=Sensitivity.MODERATE,
                    locator=place,
                )
            )
        yield row
