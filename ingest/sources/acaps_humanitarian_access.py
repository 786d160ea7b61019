"""ACAPS: Humanitarian Access, nine constraints, three pillars and one index a crisis.

What is published: for each crisis nine indicators (0-3), three pillars and the ACCESS index (0-5), and the share of
what nobody could judge (Infogap, 0-1); a snapshot a month, revised about twice a year.
Grain: one row a crisis and month.
Key: crisis id and month. The country is the first three letters of the id, but for regional crises (REG001).
Revisions and cadence: about twice a year; snapshots are served by month.
Known traps: an index of 1.0 with an Infogap of 0.97 means "unknown", not "good access"; a country may have several
crises; crises leave the list, which is a gap and not a zero; regional crises have no country here; the order of the
single indicators is that of ACAPS' public pages and is not confirmed in the data (their pillars are).
"""

from collections.abc import Iterator

from ingest.acaps import CREDENTIALS, fetch_month, last_month, results, snapshot
from ingest.contract import Scope
from ingest.http import Client
from ingest.reading import read_json, require
from ingest.values import quantity
from tracker.errors import RecordError
from tracker.records import AccessFigure, Amount, ParsedRow, Payload, Period, PlaceName, Source
from tracker.vocabulary import (
    AccessIndicator,
    AccessUnit,
    ConstraintType,
    Redistribution,
    Reliability,
    Role,
    SetAsideReason,
    SourceKind,
)

CONSTRAINTS = {f"I{number}": kind for number, kind in enumerate(ConstraintType, 1)}
"""In the order of ACAPS' three pillars, which the vocabulary follows."""
PILLARS = {
    "P1": "access of people in need to aid",
    "P2": "access of humanitarians to affected areas",
    "P3": "security and physical constraints",
}
LOOKS_LIKE = {"INFORM Severity Index": "ACAPS' INFORM Severity, not its Humanitarian Access"}
UNKNOWN_FROM = 0.5
"""From this share of unjudged indicators on, a low score says little of access."""

SOURCE = Source(
    code="acaps_humanitarian_access",
    name="ACAPS Humanitarian Access",
    kind=SourceKind.INGO,
    reliability=Reliability.B,
    licence="ACAPS terms, with attribution",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="ACAPS, Humanitarian Access",
    homepage="https://www.acaps.org/en/thematics/all-topics/humanitarian-access",
    cadence_days=30,
    measures="How far nine constraints keep aid and people apart, crisis by crisis.",
    grain="One score a crisis, month and constraint; three pillars and the index of them.",
    traps="A low index with a large information gap means unknown, not good access; regional crises have no country.",
    fields=frozenset({"crisis_id", "crisis_name", "iso3", "country", "ACCESS", "Infogap", *CONSTRAINTS, *PILLARS}),
    credentials=CREDENTIALS,
    pause_seconds=1.0,
    may_be_empty=True,  # a month without a snapshot is an empty list
)


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:
    """Last month's snapshot, whole: the interface has no filter by country."""
    yield from fetch_month(client, "humanitarian-access", last_month(scope.today))


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each crisis."""
    rows = results(read_json(payload), payload)
    period = snapshot(payload)
    for number, crisis in enumerate(rows):
        row = ParsedRow(f"results[{number}]", crisis)
        gap = require(crisis, "Infogap", payload, row.locator, LOOKS_LIKE)
        crisis_id = require(crisis, "crisis_id", payload, row.locator)
        for field in (*CONSTRAINTS, *PILLARS, "ACCESS", "Infogap"):
            value = require(crisis, field, payload, row.locator)
            with row.attempt(field) as locator:
                score = quantity(value, field)
                if score is not None:
                    row.figures.append(_figure(str(crisis_id), field, score, quantity(gap, "Infogap"), period, locator))
        yield row


def _figure(crisis: str, field: str, score: float, gap: float | None, period: Period, locator: str) -> AccessFigure:
    indicator, scale, told = _meaning(field)
    return AccessFigure(
        source=SOURCE.code,
        indicator=indicator,
        constraint_type=CONSTRAINTS.get(field),
        location=_country(crisis),
        variant=f"{crisis}: {told}" if told else crisis,
        amount=Amount.exact(score),
        unit=AccessUnit.SCORE,
        scale=scale,
        information_gap=gap is not None and gap >= UNKNOWN_FROM,
        period=period,
        role=Role.CONTEXT if field in PILLARS else Role.RECOMMENDED,
        locator=locator,
    )


def _meaning(field: str) -> tuple[AccessIndicator, str, str]:
    """What a column is: indicator, scale, and the words that tell it from its like."""
    if field in CONSTRAINTS:
        return AccessIndicator.ACCESS_CONSTRAINT, "0-3", ""
    if field in PILLARS:
        return AccessIndicator.ACCESS_PILLAR, "0-5", PILLARS[field]
    if field == "ACCESS":
        return AccessIndicator.ACCESS_INDEX, "0-5", ""
    return AccessIndicator.INFORMATION_GAP, "0-1", ""


def _country(crisis: str) -> PlaceName:
    if crisis.startswith("REG"):
        raise RecordError(SetAsideReason.UNKNOWN_PLACE, f"{crisis} is a regional crisis: the row names no country")
    return PlaceName(iso3=crisis[:3])
