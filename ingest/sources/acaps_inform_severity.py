"""ACAPS: INFORM Severity Index, how severe a crisis is, month by month.

What is published: for each crisis a severity of 1 to 5 with its components, a category and a reliability in words.
Grain: one row a crisis and month; a country may have several crises and one row that stands for all of it.
Key: crisis id and month.
Revisions and cadence: monthly snapshots; ``Last updated`` says when a crisis was last judged, which may be long before.
Known traps: ``country_level`` marks the one row that stands for its country ("Yes"), is "No" for the others, and null
for regional and some minor crises; in January 2021 two rows stood for Mozambique, and both are kept, each under its
crisis; a regional crisis names several countries and says nothing of any one; the index is null where a crisis is
followed without being scored; crises come and go, which is a gap and not a zero.
"""

from collections.abc import Iterator
from typing import Any

from ingest.acaps import CREDENTIALS, fetch_month, last_month, results, snapshot
from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import read_json, require
from ingest.values import day, quantity, text
from tracker.errors import RecordError
from tracker.records import AccessFigure, Amount, ParsedRow, Payload, Period, PlaceName, Source
from tracker.vocabulary import (
    AccessIndicator,
    AccessUnit,
    Redistribution,
    Reliability,
    Role,
    SetAsideReason,
    SourceKind,
)

INDEX = "INFORM Severity Index"
SOURCE = Source(
    code="acaps_inform_severity",
    name="INFORM Severity Index (ACAPS)",
    kind=SourceKind.INGO,
    reliability=Reliability.B,
    licence="ACAPS terms, with attribution",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="ACAPS, INFORM Severity Index",
    homepage="https://www.acaps.org/en/thematics/all-topics/inform-severity-index",
    cadence_days=30,
    measures="How severe each humanitarian crisis is, from 1 to 5.",
    grain="One score a crisis and month.",
    traps="One row a country stands for all of it; the other crises of the country are parts of the same picture.",
    fields=frozenset(
        {
            "Complexity", "Concentration of conditions", "Conditions of affected people", "Geographical Impact",
            "Human Impact", INDEX, "INFORM Severity category", "INFORM Severity category (numeric)",
            "Impact of the crisis", "Last updated", "Operating environment", "People in need", "Reliability",
            "Society and safety", "country", "country_level", "crisis_id", "crisis_name", "individual_aggregated",
            "iso3", "regional_or_country", "regions", "type_of_crisis", "website_name",
        }
    ),
    credentials=CREDENTIALS,
    pause_seconds=1.0,
    may_be_empty=True,  # a month without a snapshot is an empty list
)  # fmt: skip

LOOKS_LIKE = {"ACCESS": "ACAPS' Humanitarian Access, not its INFORM Severity"}


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:
    """Last month's snapshot, whole: the interface has no filter by country."""
    yield from fetch_month(client, "inform-severity-index", last_month(scope.today))


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each crisis."""
    rows = results(read_json(payload), payload)
    period = snapshot(payload)
    for number, crisis in enumerate(rows):
        row = ParsedRow(f"results[{number}]", crisis)
        value = require(crisis, INDEX, payload, row.locator, LOOKS_LIKE)
        told = {
            name: require(crisis, name, payload, row.locator)
            for name in ("crisis_id", "crisis_name", "iso3", "country_level", "Last updated", "Reliability")
        }
        with row.attempt(INDEX) as locator:
            score = quantity(value, INDEX)
            if score is not None:
                row.figures.append(_figure(told, score, period, locator))
        yield row


def _figure(told: dict[str, Any], score: float, period: Period, locator: str) -> AccessFigure:
    countries = told["iso3"] if isinstance(told["iso3"], list) else [told["iso3"]]
    if len(countries) != 1:
        raise RecordError(
            SetAsideReason.UNKNOWN_PLACE, f"{told['crisis_id']} is about {len(countries)} countries together"
        )
    judged = day(told["Last updated"], "Last updated") if text(told["Last updated"]) else None
    return AccessFigure(
        source=SOURCE.code,
        indicator=AccessIndicator.SEVERITY_INDEX,
        location=PlaceName(iso3=str(countries[0])),
        variant=str(told["crisis_id"]),
        amount=Amount.exact(score),
        unit=AccessUnit.SCORE,
        scale="0-5",
        period=period,
        role=Role.RECOMMENDED if told["country_level"] == "Yes" else Role.CONTEXT,
        note="; ".join(
            (
                str(told["crisis_name"]),
                f"last judged {judged}" if judged else "date of the judgement not given",
                f"reliability {told['Reliability'] or 'not given'}",
            )
        ),
        locator=locator,
    )
