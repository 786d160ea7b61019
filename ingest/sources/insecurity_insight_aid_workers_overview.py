"""Insecurity Insight: aid workers killed, injured, kidnapped or arrested, added up by country and year since 2020.

What is published: for each country and year the number of events and of aid workers by what happened to them; as JSON.
Grain: one country and year; five counts.
Key: country and year.
Revisions and cadence: monthly; the year that runs grows, earlier ones are corrected.
Known traps: the counts repeat the incidents of the same provider and must not be added to them; all counts are text;
the victims are fewer than the sum of killed, injured, kidnapped and arrested where two things happened to one person;
those killed or maltreated in captivity are parts of other counts, and none of the three is taken over.
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

COLUMNS = {
    EVENTS: AccessIndicator.SECURITY_INCIDENTS,
    "Total Aid Workers Killed": AccessIndicator.AID_WORKERS_KILLED,
    "Total Aid Workers Injured": AccessIndicator.AID_WORKERS_INJURED,
    "Total Aid Workers Kidnapped": AccessIndicator.AID_WORKERS_KIDNAPPED,
    "Total Aid Workers Arrested": AccessIndicator.AID_WORKERS_ARRESTED,
}
LOOKS_LIKE = {
    ID: "a list of incidents, not the overview of aid workers",
    EVENTS: "another of Insecurity Insight's overviews, not that of aid workers",
}

SOURCE = Source(
    code="insecurity_insight_aid_workers_overview",
    name="Insecurity Insight: aid workers, by country and year",
    kind=SourceKind.MONITOR,
    reliability=Reliability.B,
    licence="CC BY-SA",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="Insecurity Insight, Aid Worker KIKA data",
    homepage="https://insecurityinsight.org/projects/aid-in-danger",
    cadence_days=30,
    measures="Aid workers killed, injured, kidnapped and arrested, and the incidents, by country and year.",
    grain="Five counts a country and year.",
    traps="They repeat the incidents of the same provider and must not be added to them.",
    fields=frozenset(
        {
            "Country", "Year", "Country ISO", *COLUMNS, "Total Aid Workers KIKA Victims",
            "Total Aid Workers Killed In Captivity", "Total Aid Workers Maltreated In Captivity",
        }
    ),
)  # fmt: skip


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:  # noqa: ARG001
    """The whole overview; the provider has no paging."""
    yield client.get(f"{ADDRESS}aidWorkerKIKAOverview")


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each country and year."""
    return parse_overview(payload, COLUMNS, LOOKS_LIKE, _figure)


def _figure(total: Total) -> AccessFigure:
    return AccessFigure(
        source=SOURCE.code,
        indicator=COLUMNS[total.column],
        constraint_type=ConstraintType.VIOLENCE_AGAINST_PERSONNEL,
        location=total.location,
        amount=Amount.exact(total.number),
        unit=AccessUnit.INCIDENTS if total.column == EVENTS else AccessUnit.PEOPLE,
        period=total.period,
        role=Role.CONTEXT,
        credibility=3,
        locator=total.locator,
    )
