"""HDX HAPI: people in need, targeted and reached, of the humanitarian plans (HPC).

What is published: for each plan the people affected, in need, targeted and reached, by place, sector and category of
people; through HAPI's API, and as CSV by year on HDX.
Grain: one place, sector, category and status.
Key: place, ``sector_code``, ``category``, ``population_status`` and the start of the reference period.
Revisions and cadence: HAPI is refreshed daily; a plan is made once a year and revised once or twice.
Known traps: one person may be in need in several sectors: they are never added, and ``Intersectoral`` is not their sum;
admin levels repeat the same people; categories overlap (children, women, people with disabilities, returnees), and some
count households in the column of people; the total's category is "" or "total"; the status "all" is everybody who lives
there, and is not taken over; rows with an ``error`` are not served by the API; the period is the plan's, to its last
day, while the count was made before it began, so the figures stand at its start as of that year.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest import hapi
from ingest.contract import Scope
from ingest.http import Client
from ingest.values import count, text
from tracker.errors import RecordError
from tracker.records import AccessFigure, Amount, ParsedRow, Payload, Period, Source
from tracker.vocabulary import (
    AccessIndicator,
    AccessUnit,
    Precision,
    Redistribution,
    Reliability,
    Role,
    SetAsideReason,
    SourceKind,
    Topic,
)

FIELDS = (
    "location_code", "admin_level", "provider_admin1_name", "provider_admin2_name", "admin1_code", "admin1_name",
    "admin2_code", "admin2_name", "sector_code", "sector_name", "category", "population_status", "population",
    "reference_period_start", "reference_period_end",
)  # fmt: skip
LOOKS_LIKE = {
    "event_type": "HAPI's conflict events, not its humanitarian needs",
    "reporting_round": "HAPI's internally displaced people, not its humanitarian needs",
    "asylum_location_code": "HAPI's refugees or returnees, not its humanitarian needs",
}
STATUSES = {
    "AFF": (AccessIndicator.PEOPLE_AFFECTED, ""),
    "INN": (AccessIndicator.PEOPLE_IN_NEED, ""),
    "TGT": (AccessIndicator.PEOPLE_IN_NEED, "targeted"),
    "REA": (AccessIndicator.PEOPLE_REACHED, ""),
}
"""What a status counts, and the word that tells it from another one of the same indicator."""

EVERYBODY = "all"
ALL_SECTORS, ALL_CATEGORIES = "Intersectoral", frozenset({"", "total"})
TOPICS = {
    "EDU": Topic.EDUCATION,
    "FSC": Topic.FOOD,
    "HEA": Topic.HEALTH,
    "NUT": Topic.NUTRITION,
    "PRO": Topic.PROTECTION,
    "SHL": Topic.SHELTER,
    "WSH": Topic.WATER,
}
"""By the first part of a sector's code: PRO-GBV is a part of protection."""

SOURCE = Source(
    code="hdx_hapi_humanitarian_needs",
    name="HDX HAPI: humanitarian needs (HPC)",
    kind=SourceKind.UN,
    reliability=Reliability.B,
    licence="CC BY-IGO",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="OCHA, Humanitarian Programme Cycle; through HDX HAPI",
    homepage="https://data.humdata.org/dataset/hdx-hapi-humanitarian-needs",
    cadence_days=30,
    measures="People affected, in need, targeted and reached by the humanitarian plans.",
    grain="One figure a place, sector, category of people and status.",
    traps="Sectors, categories and admin levels repeat the same people: none of them may be added.",
    fields=hapi.COMMON_FIELDS
    | {*FIELDS, "has_hrp", "in_gho", "location_name", "location_ref", "admin1_ref", "admin2_ref"},
    credentials=(hapi.CREDENTIAL,),
    pause_seconds=hapi.PAUSE_SECONDS,
)


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:
    """Countries and provinces of what is followed; of districts there are hundreds of thousands of rows."""
    queries = ({"location_code": iso3, "admin_level": level} for iso3 in scope.countries for level in ("0", "1"))
    return hapi.fetch(client, "humanitarian-needs", queries)


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each row of HAPI."""
    return hapi.parse(payload, FIELDS, LOOKS_LIKE, _figure)


def _figure(record: Mapping[str, Any], locator: str) -> AccessFigure | None:
    hapi.refuse_error(record)
    people, status = count(record["population"], "population"), str(record["population_status"]).strip()
    if people is None or status == EVERYBODY:
        return None
    if status not in STATUSES:
        known = ", ".join([*STATUSES, EVERYBODY])
        raise RecordError(SetAsideReason.UNKNOWN_WORD, f"population_status is {status!r}: expected one of {known}")
    indicator, told = STATUSES[status]
    sector, category = text(record["sector_code"]), str(record["category"] or "").strip()
    if sector is None:
        raise RecordError(SetAsideReason.MISSING_FIELD, "sector_code is empty: another sector's people may be meant")
    if "household" in category.lower():
        raise RecordError(
            SetAsideReason.UNKNOWN_WORD, f"category {category!r} counts households, which are no people in need"
        )
    whole = category.lower() in ALL_CATEGORIES
    words = ("" if sector == ALL_SECTORS else text(record["sector_name"]) or sector, "" if whole else category, told)
    variant = "; ".join(filter(None, words))
    period = hapi.period(record)
    notes = (f"plan of {period.start} to {period.end}", hapi.warning(record))
    return AccessFigure(
        source=SOURCE.code,
        indicator=indicator,
        topic=TOPICS.get(sector.partition("-")[0]),
        location=hapi.area(record),
        variant=variant,
        amount=Amount.exact(people),
        unit=AccessUnit.PEOPLE,
        period=Period.on(period.start, Precision.YEAR),
        role=Role.CONTEXT if variant else Role.RECOMMENDED,
        credibility=2,
        note="; ".join(note for note in notes if note),
        locator=locator,
    )
