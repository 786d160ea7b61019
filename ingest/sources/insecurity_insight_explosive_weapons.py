"""Insecurity Insight: uses of explosive weapons that hit health care, schools, aid or shelters, by country and year.

What is published: for each country and year the number of events, how many of them affected each sector, and how many
there were of each way of launching the weapon; as JSON.
Grain: one country and year; nine counts.
Key: country and year, both as the provider lists them.
Revisions and cadence: monthly; the year that runs grows, earlier ones are corrected.
Known traps: all counts are text; one event may affect several sectors, and of some the launch is not known, so that no
group of columns adds up to the events; Chechnya and Puntland stand beside their country under its code, so that a
country can have two rows a year; "OPT" and "CAR" are country names while ``Country ISO`` holds PSE and CAF.
"""

from collections.abc import Iterator

from ingest.contract import Scope
from ingest.http import Client
from ingest.insecurity_insight import ADDRESS, EVENTS, ID, Total, parse_overview
from tracker.records import AccessFigure, Amount, ParsedRow, Payload, Source
from tracker.vocabulary import (
    AccessIndicator,
    AccessUnit,
    ConstraintType,
    Redistribution,
    Reliability,
    Role,
    SourceKind,
)

WEAPONS = "explosive weapons"
COLUMNS = {
    EVENTS: WEAPONS,
    "Health Affected": f"{WEAPONS}: health care affected",
    "Education Affected": f"{WEAPONS}: education affected",
    "Aid Operations Affected": f"{WEAPONS}: aid operations affected",
    "Protection Affected": f"{WEAPONS}: protection affected",
    "Food Security": f"{WEAPONS}: food security affected",
    "Air-Delivered Incident": f"{WEAPONS}: launched from the air",
    "Ground-Launched Incident": f"{WEAPONS}: launched from the ground",
    "Directly-Emplaced Incident": f"{WEAPONS}: emplaced",
}
"""The words that tell the series apart; all but the first are parts of it, and overlap."""

LOOKS_LIKE = {
    "Total Aid Workers Killed": "the overview of aid workers, not that of explosive weapons",
    ID: "a list of incidents, not the overview of explosive weapons",
    EVENTS: "another of Insecurity Insight's overviews, not that of explosive weapons",
}

SOURCE = Source(
    code="insecurity_insight_explosive_weapons",
    name="Insecurity Insight: explosive weapons",
    kind=SourceKind.MONITOR,
    reliability=Reliability.B,
    licence="CC BY-SA",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="Insecurity Insight, Explosive Weapons Monitor data",
    homepage="https://insecurityinsight.org/projects/explosive-weapons",
    cadence_days=30,
    measures="Uses of explosive weapons that affected health care, education, aid or protection, by country and year.",
    grain="Nine counts a country and year: all events, by sector, and by way of launching.",
    traps="Sectors overlap and launches are not always known: no group of columns adds up to the events.",
    fields=frozenset({"Country", "Year", "Country ISO", *COLUMNS}),
)


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The whole overview; the provider has no paging."""
    yield client.get(f"{ADDRESS}explosiveWeaponsOverview")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each country and year."""
    return parse_overview(payload, COLUMNS, LOOKS_LIKE, _figure)


def _figure(total: Total) -> AccessFigure:
    return AccessFigure(
        source=SOURCE.code,
        indicator=AccessIndicator.CONFLICT_EVENTS,
        constraint_type=ConstraintType.INSECURITY_HOSTILITIES,
        location=total.location,
        variant=COLUMNS[total.column],
        amount=Amount.exact(total.number),
        unit=AccessUnit.EVENTS,
        period=total.period,
        role=Role.RECOMMENDED if total.column == EVENTS else Role.CONTEXT,
        credibility=3,
        locator=total.locator,
    )
